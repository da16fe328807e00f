import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeenFiles } from '../../../src/tools/seen-files.ts';

const now = Buffer.from('now');
const before = Buffer.from('before');

describe('SeenFiles', () => {
  it('knows nothing of a file that was never shown', () => {
    expect(new SeenFiles().of('a.ts', now)).toBe('never');
  });

  it('notices that a file has changed since, and what is shown of it then counts anew', () => {
    const seen = new SeenFiles();
    seen.note('a.ts', before, 1, 5, 10);
    expect(seen.of('a.ts', now)).toBe('stale');
    seen.note('a.ts', now, 6, 10, 10);
    expect(seen.of('a.ts', now)).toBe('part');
  });

  it('tells what stands in the conversation from what the model only knows because it wrote it', () => {
    const seen = new SeenFiles();
    seen.noteWritten('a.ts', now, 10);
    expect([seen.of('a.ts', now), seen.shows('a.ts', now, 1, 10)]).toEqual(['whole', false]);
    seen.note('a.ts', now, 4, 10, 10);
    expect([seen.shows('a.ts', now, 4, 9), seen.shows('a.ts', now, 3, 9), seen.shows('a.ts', before, 4, 9)]).toEqual([
      true,
      false,
      false,
    ]);
    seen.clear();
    expect([seen.of('a.ts', now), seen.shows('a.ts', now, 4, 9)]).toEqual(['never', false]);
  });

  it('knows a file whole once every line was shown, in whatever order', () => {
    const range = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 5 }));
    fc.assert(
      fc.property(fc.array(range, { minLength: 1 }), fc.integer({ min: 1, max: 12 }), (ranges, lines) => {
        const seen = new SeenFiles();
        const shown = new Set<number>();
        for (const [start, more] of ranges) {
          const from = Math.min(start, lines);
          seen.note('a.ts', now, from, from + more, lines);
          for (let line = from; line <= from + more; line++) shown.add(line);
        }
        const all = Array.from({ length: lines }, (_, at) => at + 1).every((line) => shown.has(line));
        expect(seen.of('a.ts', now)).toBe(all ? 'whole' : 'part');
      }),
    );
  });
});
