import { closeSync, fstatSync, openSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ByteReader, ByteWriter, DamagedIndex, pack, unpack } from './bytes.ts';
import { type Commit, MOST_COMMITS, readLog } from './git-log.ts';
import { gitOutput } from './git-output.ts';
import { replaceFile } from './index-json.ts';
import { createTermBlockWriter, openTermDirectory, type TermDirectory } from './term-blocks.ts';
import { eachWord, termsOf } from './terms.ts';

const MAGIC = 'NEXHIST4';
/** The commit it reaches up to, in plain; then packed: rows, blocks of terms, directory of the blocks. */
const SECTIONS = 4;
const HEADER_SIZE = 8 + 4 * SECTIONS;

/**
 * Past commits, newest first, as far as git tells them: searched by the words of their messages, because who
 * changed a file before for a like reason is the best hint that it is to be changed again.
 */
export interface History {
  readonly commits: number;
  /** Number of terms in a commit's message. */
  length(commit: number): number;
  /** Positions in `paths` of the files a commit touched. */
  files(commit: number): readonly number[];
  readonly paths: readonly string[];
  /** Commits whose message has the term, with how often. */
  postings(term: string): Array<{ commit: number; count: number }> | undefined;
  close(): void;
}

export const historyFile = (folder: string) => join(folder, 'index.history');

/** Opens the stored history; undefined when there is none or it cannot be used. */
export const openHistory: (folder: string) => History | undefined = openStored;

function openStored(folder: string): ReturnType<typeof readHistory> | undefined {
  let handle: number;
  try {
    handle = openSync(historyFile(folder), 'r');
  } catch {
    return undefined;
  }
  try {
    return readHistory(handle);
  } catch {
    closeSync(handle);
    forget(folder);
    return undefined;
  }
}

/** A refresh looks at the head alone, which may be whole: without the file it reads the history again from git. */
function forget(folder: string): void {
  try {
    rmSync(historyFile(folder), { force: true });
  } catch {
    // A folder that cannot be written.
  }
}

/** Whether the stored history has everything up to this commit. */
export const reachesUpTo = (folder: string, head: string) => storedHead(folder) === head;

/** The commit that the stored history reaches up to: all that a refresh needs of it as long as nothing was committed. */
function storedHead(folder: string): string | undefined {
  try {
    const handle = openSync(historyFile(folder), 'r');
    try {
      const { read, sizes } = openSections(handle);
      return read(HEADER_SIZE, sizes[0] ?? 0).toString('latin1');
    } finally {
      closeSync(handle);
    }
  } catch {
    return undefined;
  }
}

/**
 * Brings the stored history up to the repository's HEAD: new commits are added to what is there; after a rebase or
 * on another branch it is read anew. Without git or commits there is no history. `knownHead` saves asking git for it.
 */
export async function refreshHistory(
  root: string,
  folder: string,
  signal?: AbortSignal,
  knownHead?: string,
): Promise<void> {
  const head =
    knownHead ?? (await gitOutput(root, ['rev-parse', '--verify', '--quiet', 'HEAD'], signal))?.toString().trim();
  const reached = storedHead(folder);
  if (head === undefined || head === '') return rmSync(historyFile(folder), { force: true });
  if (reached === head) return;
  const stored = reached === undefined ? undefined : readStored(folder);
  try {
    const grew =
      stored !== undefined &&
      reached !== undefined &&
      (await gitOutput(root, ['merge-base', '--is-ancestor', reached, head], signal)) !== undefined;
    const fresh = await readLog(root, grew ? `${reached}..${head}` : head, signal);
    if (!fresh) return;
    const moved = (grew ? stored.commits() : []).map((commit) => ({
      ...commit,
      files: commit.files.map((path) => fresh.renamed.get(path) ?? path),
    }));
    const commits = [...fresh.commits.map(counted), ...moved];
    writeHistory(folder, head, commits.toSorted((a, b) => b.time - a.time).slice(0, MOST_COMMITS));
  } finally {
    stored?.close();
  }
}

/** A commit as it is stored: the words of its message, without their order. */
interface StoredCommit {
  time: number;
  files: readonly string[];
  terms: ReadonlyMap<string, number>;
}

function counted({ time, message, files }: Commit): StoredCommit {
  const terms = new Map<string, number>();
  eachWord(message, (word) => {
    for (const term of termsOf(word)) terms.set(term, (terms.get(term) ?? 0) + 1);
  });
  return { time, files, terms };
}

function writeHistory(folder: string, head: string, commits: readonly StoredCommit[]): void {
  const paths = new Map<string, number>();
  const rows = new ByteWriter(1 << 14);
  const lists = new Map<string, { bytes: ByteWriter; documents: number; last: number }>();
  rows.number(commits.length);
  for (const [index, { time, terms, files }] of commits.entries()) {
    let length = 0;
    for (const [term, count] of terms) {
      const list = lists.get(term) ?? { bytes: new ByteWriter(8), documents: 0, last: -1 };
      lists.set(term, list);
      list.bytes.number(index - list.last - 1);
      list.bytes.number(count);
      list.last = index;
      list.documents++;
      length += count;
    }
    rows.number(time);
    rows.number(length);
    rows.number(files.length);
    for (const path of files) {
      const known = paths.get(path) ?? paths.size;
      paths.set(path, known);
      rows.number(known);
    }
  }
  rows.text([...paths.keys()].join('\0'));
  const dictionary = createTermBlockWriter();
  for (const term of [...lists.keys()].sort()) {
    const list = lists.get(term);
    if (list) dictionary.add(term, list.documents, list.bytes.view());
  }
  const { blocks, directory } = dictionary.finish();
  const sections = [Buffer.from(head, 'latin1'), pack(rows.view()), blocks, directory];
  const header = Buffer.alloc(HEADER_SIZE);
  header.write(MAGIC, 0, 'latin1');
  for (const [index, { length }] of sections.entries()) header.writeUInt32LE(length, 8 + index * 4);
  replaceFile(historyFile(folder), Buffer.concat([header, ...sections]));
}

/** The lengths of the sections, and a reader of bytes. Throws DamagedIndex. */
function openSections(handle: number): { sizes: number[]; read: (offset: number, length: number) => Buffer } {
  const fileSize = fstatSync(handle).size;
  const read = (offset: number, length: number): Buffer => {
    if (offset + length > fileSize) throw new DamagedIndex('the history is cut off');
    const bytes = Buffer.allocUnsafe(length);
    if (readSync(handle, bytes, 0, length, offset) !== length) throw new DamagedIndex('the history is cut off');
    return bytes;
  };
  const header = read(0, HEADER_SIZE);
  if (header.toString('latin1', 0, 8) !== MAGIC) throw new DamagedIndex('the history has another format');
  return { sizes: Array.from({ length: SECTIONS }, (_, index) => header.readUInt32LE(8 + index * 4)), read };
}

/** The packed sections are checked by what packs them; wrong lengths do not fit their checksums. */
function readHistory(handle: number): History & { times: readonly number[]; directory: TermDirectory } {
  const { sizes, read } = openSections(handle);
  const [headSize = 0, rowsSize = 0, blocksSize = 0, directorySize = 0] = sizes;
  const rows = new ByteReader(unpack(read(HEADER_SIZE + headSize, rowsSize)));
  const times: number[] = [];
  const lengths: number[] = [];
  const files: number[][] = [];
  for (let left = rows.count(); left > 0; left--) {
    times.push(rows.number());
    lengths.push(rows.number());
    files.push(Array.from({ length: rows.count() }, () => rows.number()));
  }
  const pathText = rows.text();
  const blocksAt = HEADER_SIZE + headSize + rowsSize;
  const directory = openTermDirectory(read(blocksAt + blocksSize, directorySize), blocksSize, (offset, length) =>
    read(blocksAt + offset, length),
  );
  return {
    commits: lengths.length,
    paths: pathText === '' ? [] : pathText.split('\0'),
    times,
    directory,
    length: (commit) => lengths[commit] ?? 0,
    files: (commit) => files[commit] ?? [],
    postings(term) {
      const list = directory.find(term);
      return list && readPostings(list.bytes, list.documents, lengths.length);
    },
    close: () => closeSync(handle),
  };
}

function readPostings(bytes: Uint8Array, listed: number, commits: number): Array<{ commit: number; count: number }> {
  const reader = new ByteReader(bytes);
  let commit = -1;
  return Array.from({ length: Math.min(listed, commits) }, () => {
    commit += reader.number() + 1;
    if (commit >= commits) throw new DamagedIndex('a commit is not there');
    return { commit, count: reader.number() };
  });
}

/** The stored commits with their words; undefined when there are none or they cannot be used. */
function readStored(folder: string): { commits: () => StoredCommit[]; close: () => void } | undefined {
  const history = openStored(folder);
  if (!history) return undefined;
  return {
    close: history.close,
    commits() {
      const terms = Array.from({ length: history.commits }, () => new Map<string, number>());
      for (const { term, documents, bytes } of history.directory.all())
        for (const { commit, count } of readPostings(bytes, documents, history.commits))
          terms[commit]?.set(term, count);
      return terms.map((own, commit) => ({
        time: history.times[commit] ?? 0,
        files: history.files(commit).map((file) => history.paths[file] ?? ''),
        terms: own,
      }));
    },
  };
}
