import type { ErrorPatterns, Hit, Pattern } from '../../../src/memory/pattern.ts';
import { sameFailure } from '../../../src/memory/recall.ts';

/** A store of lessons that lives as long as the test. */
export function inMemoryPatterns(): ErrorPatterns & { rows: Pattern[]; hits: Array<Hit & { id: number }> } {
  const rows: Pattern[] = [];
  const hits: Array<Hit & { id: number }> = [];
  const time = '2026-01-02 03:04:05';
  const find = (id: number) => rows.find((row) => row.id === id);
  const insert = (row: Omit<Pattern, 'id' | 'timestamp' | 'count' | 'lastSeen' | 'helped' | 'ignored'>) => {
    const id = rows.length + 1;
    rows.push({ ...row, id, timestamp: time, count: 1, lastSeen: time, helped: 0, ignored: 0 });
    return id;
  };
  return {
    rows,
    hits,
    recallForTask: () => [],
    recallForFailure: (failure) =>
      sameFailure(
        failure,
        rows.filter(({ signature, whatFixed }) => signature === failure.signature && whatFixed !== ''),
      ),
    open(failure, taskSummary) {
      const known = rows.find(
        ({ signature, subject }) => signature === failure.signature && subject === failure.subject,
      );
      if (known !== undefined) {
        known.count++;
        return known.id;
      }
      const { errorType, headline, signature, subject, frame, language } = failure;
      return insert({
        taskSummary,
        errorType,
        whatFailed: headline,
        whatFixed: '',
        signature,
        subject,
        command: failure.check.name,
        ...(frame && { filePath: frame.path }),
        ...(language !== undefined && { language }),
      });
    },
    close: (id, fix) => void Object.assign(find(id) ?? {}, fix),
    reword: (id, words) => void Object.assign(find(id) ?? {}, words),
    hit: (id, moment) => hits.push({ id, time, moment }),
    settle(hitId, passed) {
      const hit = hits[hitId - 1];
      const row = find(hit?.id ?? 0);
      if (hit) hit.passed = passed;
      if (row) row[passed ? 'helped' : 'ignored']++;
    },
    list: () => rows,
    show: (id) => {
      const row = find(id);
      return row && { ...row, hits: [] };
    },
    add: insert,
    forget: () => false,
    exportLines: () => [],
    importLines: () => ({ added: 0, known: 0, broken: 0 }),
    count: () => rows.length,
    check: () => [],
    dispose: () => {},
  };
}
