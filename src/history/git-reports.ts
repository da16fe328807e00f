import type { IndexEntry } from '../platform/git-index.ts';
import type { Entry } from './change.ts';

/** One tracked path that differs between HEAD, index and work tree. */
export interface StatusLine {
  path: string;
  /** What the index holds; undefined when it holds nothing, or only the intent to add. */
  index: Entry | undefined;
  head: Entry | undefined;
  /** How the file on disk compares to the index. */
  onDisk: 'same' | 'changed' | 'missing';
  /** The mode that git sees on disk. */
  diskMode: string;
  submodule: boolean;
}

/** What `git status --porcelain=v2 -z --branch --no-renames` said. */
export interface StatusReport {
  head: { branch: string | undefined; commit: string | undefined };
  changed: StatusLine[];
  /** Files that are neither tracked nor ignored; a nested repository ends in `/`. */
  untracked: string[];
  /** Ignored files, and ignored folders (ending in `/`) that git did not look into. */
  ignored: string[];
  unmerged: string[];
}

export function parseStatus(output: Buffer): StatusReport {
  const report: StatusReport = {
    head: { branch: undefined, commit: undefined },
    changed: [],
    untracked: [],
    ignored: [],
    unmerged: [],
  };
  for (const line of records(output)) {
    const rest = line.slice(2);
    switch (line[0]) {
      case '#':
        readHeader(rest, report.head);
        break;
      case '1':
        report.changed.push(statusLine(rest));
        break;
      case '?':
        report.untracked.push(rest);
        break;
      case '!':
        report.ignored.push(rest);
        break;
      case 'u':
        report.unmerged.push(fields(line, 10).rest);
        break;
    }
  }
  return report;
}

/** Reads `git ls-files -s -v -z`. */
export function parseIndexListing(output: Buffer): IndexEntry[] {
  return records(output).map((line) => {
    const tab = line.indexOf('\t');
    const [tag = '', mode = '', oid = ''] = line.slice(0, tab).split(' ');
    return {
      path: line.slice(tab + 1),
      mode,
      oid,
      assumeUnchanged: tag !== tag.toUpperCase(),
      skipWorktree: tag.toUpperCase() === 'S',
    };
  });
}

/** A path as git's line-based inputs read it, whatever characters it has. */
export function quotePath(path: string): string {
  return `"${path.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n')}"`;
}

function statusLine(line: string): StatusLine {
  const { values, rest: path } = fields(line, 7);
  const [xy = '', sub = '', headMode = '', indexMode = '', diskMode = '', headOid = '', indexOid = ''] = values;
  const disk = xy[1];
  return {
    path,
    head: entry(headMode, headOid),
    index: entry(indexMode, indexOid),
    onDisk: disk === '.' ? 'same' : disk === 'D' ? 'missing' : 'changed',
    diskMode,
    submodule: sub.startsWith('S'),
  };
}

function readHeader(line: string, head: StatusReport['head']): void {
  const { values, rest } = fields(line, 1);
  if (values[0] === 'branch.oid' && rest !== '(initial)') head.commit = rest;
  if (values[0] === 'branch.head' && rest !== '(detached)') head.branch = rest;
}

/** The first `count` words and what follows them, spaces included. */
function fields(line: string, count: number): { values: string[]; rest: string } {
  const values: string[] = [];
  let from = 0;
  for (let i = 0; i < count; i++) {
    const space = line.indexOf(' ', from);
    values.push(line.slice(from, space));
    from = space + 1;
  }
  return { values, rest: line.slice(from) };
}

function entry(mode: string, oid: string): Entry | undefined {
  return /^0*$/.test(mode) ? undefined : { mode, oid };
}

function records(output: Buffer): string[] {
  const all = output.toString('utf8').split('\0');
  if (all.at(-1) === '') all.pop();
  return all;
}
