import { constants } from 'node:fs';
import { access, lstat, readdir, readlink, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { codeOf, messageOf } from '../errors.ts';
import { closedFolderOf, pathProblem, relativeInside } from './path-rules.ts';
import { MovedError, openForReading, replaceFile } from './replace-file.ts';

/** What `stat` of a project path says. */
export interface FileInfo {
  kind: 'file' | 'directory' | 'symlink' | 'other';
  size: number;
  /** Permission bits; 0o755 style. */
  mode: number;
  mtimeMs: number;
}

/** One name in a folder. */
export interface Entry {
  name: string;
  kind: FileInfo['kind'];
  /** What a link says it leads to; it may lead nowhere, or out of the project. */
  target?: string;
}

/** A path that was looked at and found to be allowed. */
export interface Place {
  /** Relative to the project root with forward slashes; `.` is the root. Absolute when in an added folder. */
  path: string;
  /** The real file system path, links resolved. */
  absolute: string;
  /** In the project (readable and writable), or in an added folder (`--add-dir`: readable). */
  area: 'project' | 'added';
}

/**
 * The one door to project files. Every path is checked here: by real path and by segment, links followed,
 * `.git/` and `.nex/` closed for writing. Methods throw WorkspaceError with a sentence for the model.
 */
export interface Workspace {
  /** Real path of the project root. */
  readonly root: string;
  /** True when writes stay in memory (dry run). */
  readonly pretends: boolean;
  locate(path: string, intent: 'read' | 'write'): Promise<Place>;
  stat(path: string): Promise<FileInfo | undefined>;
  /** The bytes of a file. Refuses what is larger than `maxBytes` (default 10 MB) before reading it. */
  read(path: string, maxBytes?: number): Promise<Buffer>;
  /** Writes atomically (temporary sibling, fsync, rename), creating folders, keeping the mode of what was there. */
  write(path: string, content: Buffer): Promise<void>;
  /** Names in a folder, unsorted, without `.` and `..`; what the dry run wrote included. */
  list(path: string): Promise<Entry[]>;
  /** Files that a dry run would have written: path to bytes before and after. Empty for the real thing. */
  pending(): ReadonlyMap<string, { before: Buffer | undefined; after: Buffer }>;
}

/** A path or a file that cannot be used; the message is written for the model to read. */
export class WorkspaceError extends Error {
  readonly reason: 'outside' | 'protected' | 'missing' | 'not_a_file' | 'too_large' | 'unreadable';
  constructor(reason: WorkspaceError['reason'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'WorkspaceError';
    this.reason = reason;
  }
}

/** What `read` takes at most unless told otherwise. */
const MAX_READ_BYTES = 10_000_000;
/** Links that lead to links: more than the kernel itself would follow. */
const MAX_LINKS = 40;

export interface WorkspaceOptions {
  root: string;
  /** Folders outside the root that may be read, never written. */
  added?: readonly string[];
  /** Whether names that differ in case alone are one file; what the platform usually does when absent. */
  caseInsensitive?: boolean;
}

/** Opens the project on disk. Rejects with WorkspaceError when the root or an added folder is not there. */
export async function openWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const folds = options.caseInsensitive ?? (process.platform === 'darwin' || process.platform === 'win32');
  const root = await realFolder(options.root);
  const added = await Promise.all((options.added ?? []).map(realFolder));

  const locate = async (path: string, intent: 'read' | 'write'): Promise<Place> => {
    const problem = pathProblem(path, process.platform);
    if (problem !== undefined) throw new WorkspaceError('outside', `The path ${quote(path)} ${problem}.`);
    const named = resolve(root, path);
    const absolute = await realTarget(named, path);
    const inside = relativeInside(root, absolute, folds);
    // Both the name and what it leads to: a link must neither hide a closed folder nor open one.
    for (const relative of [relativeInside(root, named, folds), inside]) {
      if (relative !== undefined) refuseClosed(relative, path, intent);
    }
    if (inside !== undefined) return { path: inside, absolute, area: 'project' };
    const folder = added.find((candidate) => relativeInside(candidate, absolute, folds) !== undefined);
    if (folder === undefined) {
      throw new WorkspaceError('outside', `${quote(path)} is outside the project. Paths are relative to the project root.`);
    }
    refuseClosed(relativeInside(folder, absolute, folds) ?? '', path, intent);
    if (intent === 'write') throw new WorkspaceError('outside', `${quote(path)} is in a folder that was added for reading only.`);
    return { path: absolute, absolute, area: 'added' };
  };

  return {
    root,
    pretends: false,
    locate,
    async stat(path) {
      const { absolute } = await locate(path, 'read');
      try {
        const info = await lstat(absolute);
        return { kind: kindOf(info), size: info.size, mode: info.mode & 0o7777, mtimeMs: info.mtimeMs };
      } catch (error) {
        if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
        throw explained(error, path, 'looked at');
      }
    },
    async read(path, maxBytes = MAX_READ_BYTES) {
      const { absolute } = await locate(path, 'read');
      try {
        return await readBounded(absolute, path, maxBytes);
      } catch (error) {
        throw explained(error, path, 'read');
      }
    },
    async write(path, content) {
      const { absolute } = await locate(path, 'write');
      try {
        await refuseUnwritable(absolute, path);
        await replaceFile(absolute, content);
      } catch (error) {
        throw explained(error, path, 'written');
      }
    },
    async list(path) {
      const { absolute } = await locate(path, 'read');
      try {
        return await listFolder(absolute);
      } catch (error) {
        throw explained(error, path, 'listed');
      }
    },
    pending: () => new Map(),
  };
}

async function realFolder(path: string): Promise<string> {
  try {
    const real = await realpath(resolve(path));
    if (!(await lstat(real)).isDirectory()) throw new WorkspaceError('not_a_file', `${path} is not a folder.`);
    return real;
  } catch (error) {
    throw explained(error, path, 'opened');
  }
}

/** The real path of the deepest part that exists, and the rest as named. A link to nowhere is followed to there. */
async function realTarget(named: string, asked: string, links = 0): Promise<string> {
  const missing: string[] = [];
  for (let at = named; ; at = dirname(at)) {
    try {
      return join(await realpath(at), ...missing.toReversed());
    } catch (error) {
      const code = codeOf(error);
      if (code !== 'ENOENT' && code !== 'ENOTDIR') throw explained(error, asked, 'followed');
    }
    const target = await readlink(at).catch(() => undefined);
    if (target !== undefined) {
      if (links >= MAX_LINKS) throw new WorkspaceError('unreadable', `${quote(asked)} goes round in a loop of links.`);
      const folder = await realTarget(dirname(at), asked, links + 1);
      return realTarget(resolve(folder, target, ...missing.toReversed()), asked, links + 1);
    }
    missing.push(basename(at));
  }
}

function refuseClosed(relative: string, asked: string, intent: 'read' | 'write'): void {
  const closed = closedFolderOf(relative);
  if (closed === '.git') {
    const hint = intent === 'read' ? 'Use git commands (git log, git show, git config --get) to see what it holds.' : 'Use git commands instead.';
    throw new WorkspaceError('protected', `${quote(asked)} is part of git's own folder, which is closed. ${hint}`);
  }
  if (closed === '.nex' && intent === 'write') {
    throw new WorkspaceError('protected', `${quote(asked)} is in .nex/, which nex keeps itself; it can be read, not written.`);
  }
}

async function readBounded(absolute: string, asked: string, maxBytes: number): Promise<Buffer> {
  const file = await openForReading(absolute);
  try {
    const info = await file.stat();
    const kind = kindOf(info);
    if (kind !== 'file') throw new WorkspaceError('not_a_file', `${quote(asked)} is ${KIND_WORDS[kind]}, not a file.`);
    if (info.size > maxBytes) throw tooLarge(asked, info.size, maxBytes);
    // What a growing file had when it was opened: the rest is for the next reading.
    const content = Buffer.alloc(info.size);
    let length = 0;
    while (length < content.length) {
      const { bytesRead } = await file.read(content, length, content.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return content.subarray(0, length);
  } finally {
    await file.close();
  }
}

function tooLarge(asked: string, size: number, maxBytes: number): WorkspaceError {
  const count = (bytes: number) => bytes.toLocaleString('en-US');
  return new WorkspaceError('too_large', `${quote(asked)} has ${count(size)} bytes; at most ${count(maxBytes)} can be read at once.`);
}

/** A rename replaces what it could not write into, so a file that is closed for writing must be noticed here. */
async function refuseUnwritable(absolute: string, asked: string): Promise<void> {
  const info = await lstat(absolute).catch(() => undefined);
  if (info === undefined) return;
  const kind = kindOf(info);
  if (kind !== 'file') throw new WorkspaceError('not_a_file', `${quote(asked)} is ${KIND_WORDS[kind]}, not a file.`);
  const readOnly = new WorkspaceError('protected', `${quote(asked)} is read-only. If it is meant to change, make it writable first.`);
  if ((info.mode & 0o222) === 0) throw readOnly;
  await access(absolute, constants.W_OK).catch(() => {
    throw readOnly;
  });
}

async function listFolder(absolute: string): Promise<Entry[]> {
  const entries = await readdir(absolute, { withFileTypes: true });
  return Promise.all(
    entries.map(async (entry): Promise<Entry> => {
      const { name } = entry;
      const kind = kindOf(entry);
      const target = kind === 'symlink' ? await readlink(join(absolute, name)).catch(() => undefined) : undefined;
      return target === undefined ? { name, kind } : { name, kind, target };
    }),
  );
}

const KIND_WORDS: Record<FileInfo['kind'], string> = {
  file: 'a file',
  directory: 'a folder',
  symlink: 'a link',
  other: 'a pipe, socket or device',
};

function kindOf(info: { isFile(): boolean; isDirectory(): boolean; isSymbolicLink(): boolean }): FileInfo['kind'] {
  if (info.isFile()) return 'file';
  if (info.isDirectory()) return 'directory';
  return info.isSymbolicLink() ? 'symlink' : 'other';
}

/** A system error in words; what was put into words already passes through. */
function explained(error: unknown, asked: string, verb: string): WorkspaceError {
  if (error instanceof WorkspaceError) return error;
  const sentence = (reason: WorkspaceError['reason'], text: string) => new WorkspaceError(reason, text, { cause: error });
  const cannot = `${quote(asked)} cannot be ${verb}`;
  if (error instanceof MovedError) return sentence('outside', `${cannot}: it was moved or replaced by a link in this very moment.`);
  switch (codeOf(error)) {
    case 'ENOENT':
      return sentence('missing', `There is no ${quote(asked)}.`);
    case 'ENOTDIR':
      return sentence(verb === 'listed' ? 'not_a_file' : 'missing', `${cannot}: it, or a part of its path, is not a folder.`);
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
function quote(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : JSON.stringify(path);
}
