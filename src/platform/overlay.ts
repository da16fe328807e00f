import { posix } from 'node:path';
import { type Entry, type FileInfo, type Place, type Workspace, WorkspaceError } from './workspace.ts';

interface Change {
  place: Place;
  before: Buffer | undefined;
  after: Buffer;
  mode: number;
}

/** A file that is not there yet would get this mode under the usual umask. */
const NEW_MODE = 0o644;
/** What is overwritten is kept as it was, for the diff; larger files than this are no sources. */
const MAX_BEFORE_BYTES = 64_000_000;

/**
 * A workspace for a dry run: writes stay in memory, and everything read, looked at or listed through it sees them.
 * The paths are checked by the workspace below, so what would be refused for real is refused here.
 */
export function overlayOn(below: Workspace): Workspace {
  const changes = new Map<string, Change>();

  /** True when a pretended file lies somewhere below this folder. */
  const isNewFolder = (absolute: string) => [...changes.keys()].some((path) => path.startsWith(`${absolute}/`));

  const infoOf = async (place: Place): Promise<FileInfo | undefined> => {
    const change = changes.get(place.absolute);
    if (change) return { kind: 'file', size: change.after.length, mode: change.mode, mtimeMs: 0 };
    const info = await below.stat(place.absolute);
    return info ?? (isNewFolder(place.absolute) ? { kind: 'directory', size: 0, mode: 0o755, mtimeMs: 0 } : undefined);
  };

  const refuseFileAsFolder = async (place: Place, asked: string) => {
    for (let folder = posix.dirname(place.path); folder !== '.'; folder = posix.dirname(folder)) {
      const info = await infoOf(await below.locate(folder, 'read'));
      if (info === undefined) continue;
      if (info.kind === 'directory') return;
      throw new WorkspaceError('missing', `${asked} cannot be written: ${folder} is a file, not a folder.`);
    }
  };

  return {
    root: below.root,
    pretends: true,
    locate: (path, intent) => below.locate(path, intent),
    stat: async (path) => infoOf(await below.locate(path, 'read')),
    async read(path, maxBytes) {
      const place = await below.locate(path, 'read');
      const change = changes.get(place.absolute);
      if (!change && isNewFolder(place.absolute))
        throw new WorkspaceError('not_a_file', `${path} is a folder, not a file.`);
      return change ? Buffer.from(change.after) : below.read(path, maxBytes);
    },
    async write(path, content) {
      const place = await below.locate(path, 'write');
      const known = changes.get(place.absolute);
      const info = await infoOf(place);
      if (info && info.kind !== 'file') throw new WorkspaceError('not_a_file', `${path} is not a file.`);
      if (info && (info.mode & 0o222) === 0) {
        throw new WorkspaceError(
          'protected',
          `${path} is read-only. If it is meant to change, make it writable first.`,
        );
      }
      if (!info) await refuseFileAsFolder(place, path);
      const before = known || !info ? known?.before : await below.read(path, MAX_BEFORE_BYTES);
      changes.set(place.absolute, { place, before, after: Buffer.from(content), mode: info?.mode ?? NEW_MODE });
    },
    async list(path) {
      const place = await below.locate(path, 'read');
      const pretended = pretendedEntries(place.absolute, changes.keys());
      // A folder that only the dry run has made: there is nothing below to list.
      const real = pretended.length > 0 && !(await below.stat(path)) ? [] : await below.list(path);
      const names = new Set(real.map(({ name }) => name));
      return [...real, ...pretended.filter(({ name }) => !names.has(name))];
    },
    pending: () => new Map([...changes.values()].map(({ place, before, after }) => [place.path, { before, after }])),
  };
}

/** The files and folders directly in this folder that exist because of these pretended files. */
function pretendedEntries(folder: string, files: Iterable<string>): Entry[] {
  const kinds = new Map<string, Entry['kind']>();
  for (const file of files) {
    if (!file.startsWith(`${folder}/`)) continue;
    const [name = '', ...rest] = file.slice(folder.length + 1).split('/');
    kinds.set(name, rest.length > 0 ? 'directory' : 'file');
  }
  return [...kinds].map(([name, kind]) => ({ name, kind }));
}
