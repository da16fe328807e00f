import { constants } from 'node:fs';
import { access, lstat, readdir, readlink, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { codeOf } from '../errors.ts';
import { explained, KIND_WORDS, kindOf, quote } from './file-errors.ts';
import { closedFolderOf, pathProblem, relativeInside } from './path-rules.ts';
import { openForReading, replaceFile } from './replace-file.ts';
import { type Entry, type Place, type Workspace, WorkspaceError } from './workspace.ts';

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
      throw new WorkspaceError(
        'outside',
        `${quote(path)} is outside the project. Paths are relative to the project root.`,
      );
    }
    refuseClosed(relativeInside(folder, absolute, folds) ?? '', path, intent);
    if (intent === 'write')
      throw new WorkspaceError('outside', `${quote(path)} is in a folder that was added for reading only.`);
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
    const hint =
      intent === 'read'
        ? 'Use git commands (git log, git show, git config --get) to see what it holds.'
        : 'Use git commands instead.';
    throw new WorkspaceError('protected', `${quote(asked)} is part of git's own folder, which is closed. ${hint}`);
  }
  if (closed === '.nex' && intent === 'write') {
    throw new WorkspaceError(
      'protected',
      `${quote(asked)} is in .nex/, which nex keeps itself; it can be read, not written.`,
    );
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
  return new WorkspaceError(
    'too_large',
    `${quote(asked)} has ${count(size)} bytes; at most ${count(maxBytes)} can be read at once.`,
  );
}

/** A rename replaces what it could not write into, so a file that is closed for writing must be noticed here. */
async function refuseUnwritable(absolute: string, asked: string): Promise<void> {
  const info = await lstat(absolute).catch(() => undefined);
  if (info === undefined) return;
  const kind = kindOf(info);
  if (kind !== 'file') throw new WorkspaceError('not_a_file', `${quote(asked)} is ${KIND_WORDS[kind]}, not a file.`);
  const readOnly = new WorkspaceError(
    'protected',
    `${quote(asked)} is read-only. If it is meant to change, make it writable first.`,
  );
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
