import { describe, expect, it } from 'vitest';
import { openErrorPatterns } from '../../../src/memory/error-patterns.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { tempProject } from '../../support/temp-project.ts';
import { lessons, related, unrelated } from './lessons.ts';

describe('recallForTask', () => {
  it('brings up the lesson for a related task, and nothing for an unrelated one', () => {
    using project = tempProject();
    const patterns = openErrorPatterns({ path: project.path('errors.db'), clock: manualClock() });
    for (const lesson of lessons) patterns.add(lesson);
    const recalled = (task: string, files: readonly string[] = []) =>
      patterns.recallForTask({ task, files }).map(({ taskSummary }) => taskSummary);
    const found = related.filter(([task, lesson]) => recalled(task).includes(lessons[lesson]?.taskSummary ?? ''));
    const silent = unrelated.filter((task) => recalled(task).length === 0);
    // In a small repository the ranked files are nearly all there are: the hardest case.
    const everyFile = lessons.flatMap(({ filePath }) => filePath ?? []);
    const silentWithFiles = unrelated.filter((task) => recalled(task, everyFile).length === 0);
    patterns.dispose();
    expect({ asked: related.length, found: found.length }).toEqual({ asked: 20, found: 20 });
    expect(unrelated).toHaveLength(200);
    expect(silent.length / unrelated.length).toBeGreaterThanOrEqual(0.95);
    expect(silentWithFiles.length / unrelated.length).toBeGreaterThanOrEqual(0.95);
  });

  it('finds one lesson among thousands', () => {
    using project = tempProject();
    const patterns = openErrorPatterns({ path: project.path('errors.db'), clock: manualClock() });
    const lines = Array.from({ length: 10_000 }, (_, row) =>
      JSON.stringify({
        what_failed: `gadget${row % 977} sprocket${row % 89} ${row}`,
        what_fixed: `turned widget${row % 7}`,
        task_summary: `gizmo${row % 331} lever`,
      }),
    );
    expect(patterns.importLines(lines).added).toBe(10_000);
    for (const lesson of lessons.slice(0, 3)) patterns.add(lesson);
    const [first] = patterns.recallForTask({ task: 'The checkout computes VAT wrong, pull the lever' });
    patterns.dispose();
    expect(first?.taskSummary).toBe(lessons[1]?.taskSummary);
  });
});
