import { gitOutput } from './git-output.ts';

/** How far back the history is read. */
export const MOST_COMMITS = 3000;
/** A commit that touches more files moves or reformats them; it says nothing about any one. */
const MOST_FILES = 40;
const MESSAGE_LIMIT = 1500;

/** A commit as the index keeps it; merges are left out. */
export interface Commit {
  /** Seconds since 1970. */
  time: number;
  message: string;
  files: readonly string[];
}

/**
 * The newest commits of a range; undefined when git cannot say. Telling by content that a file was moved and changed
 * takes old contents, which a partial clone has not: there only files that moved as they were are followed.
 */
export async function readLog(root: string, range: string, signal?: AbortSignal): Promise<Log | undefined> {
  const what = ['--no-merges', '-l400', '--name-status', '-z', '--format=%x01%ct%x02%B%x03'];
  const how = ['--no-ext-diff', '--no-textconv', '--no-color', '-n', String(MOST_COMMITS)];
  const read = (renames: string) =>
    gitOutput(root, ['log', renames, ...what, ...how, '--end-of-options', range, '--'], signal);
  const printed = (await read('--find-renames')) ?? (await read('--find-renames=100%'));
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
