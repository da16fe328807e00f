import { codeOf, messageOf } from '../errors.ts';
import { MovedError } from './replace-file.ts';
import { type FileInfo, WorkspaceError } from './workspace.ts';

/** What something is, in a sentence. */
export const KIND_WORDS: Record<FileInfo['kind'], string> = {
  file: 'a file',
  directory: 'a folder',
  symlink: 'a link',
  other: 'a pipe, socket or device',
};

export function kindOf(info: {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}): FileInfo['kind'] {
  if (info.isFile()) return 'file';
  if (info.isDirectory()) return 'directory';
  return info.isSymbolicLink() ? 'symlink' : 'other';
}

/** A system error in words; what was put into words already passes through. */
export function explained(error: unknown, asked: string, verb: string): WorkspaceError {
  if (error instanceof WorkspaceError) return error;
  const sentence = (reason: WorkspaceError['reason'], text: string) =>
    new WorkspaceError(reason, text, { cause: error });
  const cannot = `${quote(asked)} cannot be ${verb}`;
  if (error instanceof MovedError)
    return sentence('outside', `${cannot}: it was moved or replaced by a link in this very moment.`);
  switch (codeOf(error)) {
    case 'ENOENT':
      return sentence('missing', `There is no ${quote(asked)}.`);
    case 'ENOTDIR':
      return sentence(
        verb === 'listed' ? 'not_a_file' : 'missing',
        `${cannot}: it, or a part of its path, is not a folder.`,
      );
    case 'EISDIR':
      return sentence('not_a_file', `${quote(asked)} is a folder, not a file.`);
    case 'EACCES':
    case 'EPERM':
      return sentence('unreadable', `${cannot}: permission denied.`);
    case 'ELOOP':
      return sentence('unreadable', `${cannot}: it goes round in a loop of links.`);
    case 'ENAMETOOLONG':
      return sentence('unreadable', `${cannot}: the name is too long.`);
    case 'ENXIO':
    case 'EOPNOTSUPP':
      return sentence('not_a_file', `${quote(asked)} is ${KIND_WORDS.other}, not a file.`);
    case 'ENOSPC':
    case 'EDQUOT':
      return sentence('unreadable', `${cannot}: the disk is full.`);
    case 'EROFS':
      return sentence('unreadable', `${cannot}: the file system is read-only.`);
    default:
      return sentence('unreadable', `${cannot}: ${messageOf(error)}`);
  }
}

/** A path inside a sentence; only odd names need quotes to be told from the words round them. */
export function quote(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : JSON.stringify(path);
}
