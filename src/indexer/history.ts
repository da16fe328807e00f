import { closeSync, openSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { ByteReader, ByteWriter, DamagedIndex } from './bytes.ts';
import { gitOutput } from './git-output.ts';
import { replaceFile } from './index-json.ts';
import { openTermDirectory, writeTermBlocks } from './term-blocks.ts';
import { eachWord, termsOf } from './terms.ts';

/** How far back the history is read. */
const MOST_COMMITS = 3000;
/** A commit that touches more files moves or reformats them; it says nothing about any one. */
const MOST_FILES = 40;
const MESSAGE_LIMIT = 1500;
const MAGIC = 'NEXHIST1';
const SECTIONS = 5;
const HEADER_SIZE = 8 + 8 * SECTIONS + 4;

/** A commit as the index keeps it; merges are left out. */
export interface Commit {
  /** Seconds since 1970. */
  time: number;
  message: string;
  files: readonly string[];
}

/**
 * Past commits, newest first, as far as git tells them: searched by the words of their messages, because who
 * changed a file before for a like reason is the best hint that it is to be changed again.
 */
export interface History {
  readonly head: string;
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
export function openHistory(folder: string): History | undefined {
  let handle: number;
  try {
    handle = openSync(historyFile(folder), 'r');
  } catch {
    return undefined;
  }
  try {
    return readHistory(handle);
  } catch {
    // It is read again from git at the next refresh.
    closeSync(handle);
    return undefined;
  }
}

/**
 * Brings the stored history up to the repository's HEAD: new commits are added to what is there; after a rebase or
 * on another branch it is read anew. Without git or commits there is no history.
 */
export async function refreshHistory(root: string, folder: string, signal?: AbortSignal): Promise<void> {
  const head = (await gitOutput(root, ['rev-parse', '--verify', '--quiet', 'HEAD'], signal))?.toString().trim();
  if (head === undefined || head === '') return rmSync(historyFile(folder), { force: true });
  const stored = readStored(folder);
  if (stored?.head === head) return;
  const grew =
    stored && (await gitOutput(root, ['merge-base', '--is-ancestor', stored.head, head], signal)) !== undefined;
  const fresh = await readLog(root, grew ? `${stored.head}..${head}` : head, signal);
  if (!fresh) return;
  const older = grew ? stored.commits : [];
  const moved = older.map((commit) => ({
    ...commit,
    files: commit.files.map((path) => fresh.renamed.get(path) ?? path),
  }));
  const commits = [...fresh.commits, ...moved];
  writeHistory(folder, head, commits.toSorted((a, b) => b.time - a.time).slice(0, MOST_COMMITS));
}

async function readLog(root: string, range: string, signal?: AbortSignal): Promise<Log | undefined> {
  const what = ['--no-merges', '--find-renames', '-l400', '--name-status', '-z', '--format=%x01%ct%x02%B%x03'];
  const how = ['--no-ext-diff', '--no-textconv', '--no-color', '-n', String(MOST_COMMITS)];
  const printed = await gitOutput(root, ['log', ...what, ...how, '--end-of-options', range, '--'], signal);
  return printed && parseLog(printed.toString('utf8'));
}

/** Commits, newest first, and what became of paths that were renamed in them. */
export interface Log {
  commits: Commit[];
  renamed: Map<string, string>;
}

/**
 * Reads `git log -z --name-status --format=%x01%ct%x02%B%x03`. Files go by the name they have after the newest of
 * these commits, so that the past of a file that was moved is not lost.
 */
export function parseLog(printed: string): Log {
  const commits: Commit[] = [];
  const renamed = new Map<string, string>();
  for (const record of printed.split('\x01').slice(1)) {
    const end = record.indexOf('\x03');
    const middle = record.indexOf('\x02');
    if (middle < 0 || end < middle) continue;
    const files: string[] = [];
    const parts = record.slice(end + 1).split('\0');
    for (let at = 0; at + 1 < parts.length; at++) {
      const status = (parts[at] ?? '').trim();
      if (!/^[A-Z]\d*$/.test(status)) continue;
      let path = parts[++at] ?? '';
      if (/^[RC]/.test(status)) {
        const old = path;
        path = parts[++at] ?? '';
        if (status.startsWith('R')) renamed.set(old, renamed.get(path) ?? path);
      }
      files.push(renamed.get(path) ?? path);
    }
    commits.push({
      time: Number(record.slice(0, middle)) || 0,
      message: cleanMessage(record.slice(middle + 1, end)),
      files: files.length > MOST_FILES ? [] : files,
    });
  }
  return { commits, renamed };
}

/** Leaves out what tools and habits add to a message: trailers, numbers of issues, links. */
function cleanMessage(message: string): string {
  return message
    .replace(/^[A-Z][\w-]*-by:.*$|^(?:Change-Id|Nex-\w+|Refs?|Fixes|Closes|See|Link|Bug):.*$/gim, '')
    .replace(/https?:\/\/\S+|\(?#\d+\)?/g, '')
    .trim()
    .slice(0, MESSAGE_LIMIT);
}

function writeHistory(folder: string, head: string, commits: readonly Commit[]): void {
  const paths = new Map<string, number>();
  const rows = new ByteWriter(1 << 14);
  const lists = new Map<string, { bytes: ByteWriter; documents: number; last: number }>();
  rows.text(head);
  rows.number(commits.length);
  for (const [index, { message, files }] of commits.entries()) {
    const counts = new Map<string, number>();
    let length = 0;
    eachWord(message, (word) => {
      for (const term of termsOf(word)) {
        counts.set(term, (counts.get(term) ?? 0) + 1);
        length++;
      }
    });
    for (const [term, count] of counts) {
      const list = lists.get(term) ?? { bytes: new ByteWriter(8), documents: 0, last: -1 };
      lists.set(term, list);
      list.bytes.number(index - list.last - 1);
      list.bytes.number(count);
      list.last = index;
      list.documents++;
    }
    rows.number(length);
    rows.number(files.length);
    for (const path of files) {
      const known = paths.get(path) ?? paths.size;
      paths.set(path, known);
      rows.number(known);
    }
  }
  const { blocks, directory } = writeTermBlocks(lists);
  // The messages themselves are kept, packed, so that new commits can be added without reading the log again.
  const messages = deflateRawSync(JSON.stringify({ head, commits }), { level: 9 });
  const sections = [Buffer.from([...paths.keys()].join('\0')), rows.view(), blocks, directory, messages];
  const header = Buffer.alloc(HEADER_SIZE);
  header.write(MAGIC, 0, 'latin1');
  for (const [index, section] of sections.entries()) {
    header.writeUInt32LE(section.length, 8 + index * 8);
    header.writeUInt32LE(section === blocks ? 0 : crc32(section), 12 + index * 8);
  }
  header.writeUInt32LE(crc32(header.subarray(0, HEADER_SIZE - 4)), HEADER_SIZE - 4);
  replaceFile(historyFile(folder), Buffer.concat([header, ...sections]));
}

type Section = (index: number) => { offset: number; bytes: () => Buffer };

function sectionsOf(handle: number): { section: Section; read: (offset: number, length: number) => Buffer } {
  const read = (offset: number, length: number): Buffer => {
    const bytes = Buffer.alloc(Math.min(length, 1 << 28));
    if (readSync(handle, bytes, 0, bytes.length, offset) !== length) throw new DamagedIndex('the history is cut off');
    return bytes;
  };
  const header = read(0, HEADER_SIZE);
  const checksum = crc32(header.subarray(0, HEADER_SIZE - 4));
  if (header.toString('latin1', 0, 8) !== MAGIC || checksum !== header.readUInt32LE(HEADER_SIZE - 4)) {
    throw new DamagedIndex('the history has a wrong header');
  }
  const section: Section = (wanted) => {
    let offset = HEADER_SIZE;
    for (let index = 0; index < wanted; index++) offset += header.readUInt32LE(8 + index * 8);
    return {
      offset,
      bytes() {
        const bytes = read(offset, header.readUInt32LE(8 + wanted * 8));
        if (crc32(bytes) !== header.readUInt32LE(12 + wanted * 8))
          throw new DamagedIndex('the history has a wrong checksum');
        return bytes;
      },
    };
  };
  return { section, read };
}

function readHistory(handle: number): History {
  const { section, read } = sectionsOf(handle);
  const pathBytes = section(0).bytes();
  const paths = pathBytes.length === 0 ? [] : pathBytes.toString('utf8').split('\0');
  const rows = new ByteReader(section(1).bytes());
  const head = rows.text();
  const lengths: number[] = [];
  const files: number[][] = [];
  for (let left = rows.number(); left > 0; left--) {
    lengths.push(rows.number());
    files.push(Array.from({ length: Math.min(rows.number(), MOST_FILES) }, () => rows.number()));
  }
  const blocks = section(2).offset;
  const directory = openTermDirectory(section(3).bytes(), (offset, length) => read(blocks + offset, length));
  return {
    head,
    commits: lengths.length,
    paths,
    length: (commit) => lengths[commit] ?? 0,
    files: (commit) => files[commit] ?? [],
    postings(term) {
      const list = directory.find(term);
      if (!list) return undefined;
      const bytes = new ByteReader(list.bytes);
      let commit = -1;
      return Array.from({ length: Math.min(list.documents, lengths.length) }, () => {
        commit += bytes.number() + 1;
        return { commit, count: bytes.number() };
      });
    },
    close: () => closeSync(handle),
  };
}

/** The stored commits with their messages. */
function readStored(folder: string): { head: string; commits: Commit[] } | undefined {
  let handle: number | undefined;
  try {
    handle = openSync(historyFile(folder), 'r');
    const packed = sectionsOf(handle).section(4).bytes();
    return JSON.parse(inflateRawSync(packed, { maxOutputLength: 1 << 27 }).toString());
  } catch {
    return undefined;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}
