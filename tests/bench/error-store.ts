import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openErrorPatterns } from '../../src/memory/error-patterns.ts';
import { systemClock } from '../../src/platform/clock.ts';

/** A vocabulary in which, as in speech, few words are common and most are rare; the same in every run. */
let seed = 42;
const random = () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
};
const word = () => `topic${Math.floor(random() ** 3 * 8_000).toString(36)}`;
const words = (count: number) => Array.from({ length: count }, word).join(' ');

function timed<T>(work: () => T): { ms: number; value: T } {
  const start = performance.now();
  const value = work();
  return { ms: performance.now() - start, value };
}

function median(times: number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(1);
  return `median ${at(0.5)} ms, p95 ${at(0.95)} ms, max ${at(1)} ms`;
}

/** How fast the error store answers when it is full. */
export function measureStore(rows: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'nex-bench-'));
  const path = join(folder, 'errors.db');
  try {
    const lines = Array.from({ length: rows }, (_, index) =>
      JSON.stringify({
        task_summary: words(8),
        error_type: 'runtime',
        what_failed: `${words(10)} ${index}`,
        what_fixed: words(10),
        file_path: `src/${word()}/${word()}.ts`,
        language: 'typescript',
        code_context: words(30),
        signature: `node runtime: ${words(4)}`,
        subject: word(),
      }),
    );
    const filling = openErrorPatterns({ path, clock: systemClock, onNotice: console.error });
    const filled = timed(() => filling.importLines(lines));
    filling.dispose();
    console.log(
      `${filled.value.added} rows imported in ${(filled.ms / 1000).toFixed(1)} s, ${(statSync(path).size / 1e6).toFixed(0)} MB`,
    );

    const patterns = openErrorPatterns({ path, clock: systemClock, onNotice: console.error });
    console.log(`open and count: ${timed(() => patterns.count()).ms.toFixed(1)} ms`);
    const before = process.cpuUsage();
    const recalls = Array.from({ length: 50 }, () => {
      const query = { task: words(12), language: 'typescript', files: [`src/${word()}/${word()}.ts`] };
      return timed(() => patterns.recallForTask(query)).ms;
    });
    const used = process.cpuUsage(before);
    const each = (used.user + used.system) / 1000 / recalls.length;
    console.log(`recall for a task: ${median(recalls)}; ${each.toFixed(1)} ms of CPU each`);
    const bySignature = Array.from({ length: 50 }, () => {
      const failure = {
        signature: `node runtime: ${words(4)}`,
        subject: word(),
        errorType: 'type' as const,
        files: [],
      };
      return timed(() => patterns.recallForFailure(failure)).ms;
    });
    console.log(`recall for a failure: ${median(bySignature)}`);
    const added = Array.from({ length: 50 }, () => {
      const lesson = {
        taskSummary: words(8),
        errorType: 'logic' as const,
        whatFailed: words(8),
        whatFixed: words(8),
        resolvedBy: 'user' as const,
      };
      return timed(() => patterns.add(lesson)).ms;
    });
    console.log(`adding one: ${median(added)} (the first one prunes a full store)`);
    console.log(`integrity check: ${timed(() => patterns.check()).ms.toFixed(0)} ms`);
    patterns.dispose();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
