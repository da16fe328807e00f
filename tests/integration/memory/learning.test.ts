import { describe, expect, it } from 'vitest';
import { openErrorPatterns } from '../../../src/memory/error-patterns.ts';
import { createLearner } from '../../../src/memory/learner.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { tempProject } from '../../support/temp-project.ts';
import { failingPrograms, type Variation, variation } from '../../unit/memory/failing-outputs.ts';

/** The same project some days later: other lines, times and numbers, another order. */
function later(): Variation {
  const { id, Id, file, root } = variation(0);
  const { line, ms, number, hex, order } = variation(1);
  return { id, Id, file, root, line, ms, number, hex, order };
}

describe('learning over sessions', () => {
  it('recalls every trap that was met and fixed before, at the step where it bites again', () => {
    using project = tempProject();
    const before = variation(0);
    const clock = manualClock();
    const path = project.path('errors.db');
    const missed: string[] = [];
    for (const program of failingPrograms) {
      const first = openErrorPatterns({ path, clock });
      const session = createLearner({ patterns: first, task: `Work on ${program.name}`, root: before.root });
      session.afterCommand({ command: program.command(before), exit: program.exit, output: program.output(before) });
      session.afterEdit({ path: 'src/fixed.ts', patch: `+the fix of ${program.name}\n` });
      const { learned } = session.afterCommand({ command: program.command(before), exit: 0, output: '' });
      first.dispose();

      clock.advance(86_400_000);
      const second = openErrorPatterns({ path, clock });
      const next = createLearner({ patterns: second, task: 'Something else', root: before.root });
      const quiet = next.afterCommand({ command: 'npm run build', exit: 0, output: 'done' });
      const v = later();
      const { note } = next.afterCommand({
        command: program.command(v),
        exit: program.exit,
        output: program.output(v),
      });
      second.dispose();
      if (learned.length === 0 || quiet.note !== undefined || !note?.includes(`the fix of ${program.name}`))
        missed.push(program.name);
    }
    expect(failingPrograms.length).toBeGreaterThanOrEqual(20);
    expect(missed).toEqual([]);
  });

  it('recalls a rejected diff, with the reason, in the next similar task', () => {
    using project = tempProject();
    const patterns = openErrorPatterns({ path: project.path('errors.db'), clock: manualClock() });
    const patch =
      'diff --git a/src/vat.ts b/src/vat.ts\n--- a/src/vat.ts\n+++ b/src/vat.ts\n@@ -1 +1 @@\n-const rate = 19;\n+const rate = parseFloat(text);\n';
    createLearner({ patterns, task: 'Make the VAT rate configurable' }).afterRejection({
      reason: 'Money is never a float here.',
      patch,
    });
    const recalled = patterns.recallForTask({
      task: 'Read the VAT rate of each country from the settings',
      files: ['src/vat.ts'],
    });
    patterns.dispose();
    expect(recalled.map(({ whatFixed, resolvedBy }) => [whatFixed, resolvedBy])).toEqual([
      ['Money is never a float here.', 'rejection'],
    ]);
  });
});
