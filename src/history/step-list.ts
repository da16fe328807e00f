import type { Repository } from '../platform/git.ts';
import { hasObjectStore, type ObjectStore, openObjectStore } from './object-store.ts';
import { sessionsOf, undoneSessions } from './sessions.ts';
import { readSnapshots } from './snapshot.ts';
import { type LoggedStep, readSteps } from './step-log.ts';

/** A step that changed files, as `nex rollback --list` shows it. */
export interface StepRow {
  step: number;
  /** ISO 8601. */
  time: string;
  session: string;
  task: string;
  tool: string;
  detail: string;
  files: Array<{ path: string; added: number; removed: number }>;
  commit: string | undefined;
  /** True when the step's session was undone and not brought back. */
  undone: boolean;
}

/** The last steps that changed something, newest first. Reads only. */
export async function listSteps(repository: Repository, limit = 50): Promise<StepRow[]> {
  if (!hasObjectStore(repository)) return [];
  const store = await openObjectStore(repository);
  const steps = await readSteps(store);
  const undone = undoneSessions(sessionsOf(steps));
  const rows: StepRow[] = [];
  // A step lasts from its own state to the next one saved. In slices, because most lists are short.
  for (let end = steps.length; end > 0 && rows.length < limit; end -= limit) {
    const slice = steps.slice(Math.max(0, end - limit), end + 1);
    const changes = await changesBetween(store, slice);
    for (let at = Math.min(limit, end) - 1; at >= 0; at--) {
      const step = slice[at];
      if (step?.kind !== 'before') continue;
      const next = slice[at + 1];
      const files = changes[at] ?? [];
      if (files.length === 0 && next?.commit === undefined) continue;
      const { step: number, time, session, task, tool, detail } = step;
      rows.push({
        step: number,
        time,
        session,
        task,
        tool,
        detail,
        files,
        commit: next?.commit,
        undone: undone.has(session),
      });
    }
  }
  return rows.slice(0, limit);
}

/** What changed from each step's state to the next one's, with one run of git. */
async function changesBetween(store: ObjectStore, steps: readonly LoggedStep[]): Promise<Array<StepRow['files']>> {
  const states = await readSnapshots(
    store,
    steps.map(({ snapshot }) => snapshot),
  );
  const pairs = states.slice(1).map(({ worktree }, at) => `${states[at]?.worktree} ${worktree}`);
  if (pairs.length === 0) return [];
  const output = await store.git(['diff-tree', '--stdin', '-r', '--numstat', '-z', '--no-renames'], {
    input: `${pairs.join('\n')}\n`,
  });
  return parseNumbers(output.toString('utf8'), pairs.length);
}

/** Reads the counts of several pairs; every pair begins with the line that was asked for. */
export function parseNumbers(output: string, pairs: number): Array<StepRow['files']> {
  const all: Array<StepRow['files']> = [];
  for (const record of output.split('\0')) {
    const [, header, rest] = /^([0-9a-f]{40,64} [0-9a-f]{40,64}\n)*(.*)$/s.exec(record) ?? [];
    const headers = record.slice(0, record.length - (rest?.length ?? 0)).split('\n').length - 1;
    for (let i = 0; header !== undefined && i < headers; i++) all.push([]);
    const [added, removed, ...path] = (rest ?? '').split('\t');
    if (path.length > 0)
      all.at(-1)?.push({ path: path.join('\t'), added: Number(added) || 0, removed: Number(removed) || 0 });
  }
  while (all.length < pairs) all.push([]);
  return all;
}
