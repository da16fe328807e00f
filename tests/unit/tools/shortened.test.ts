import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shortened } from '../../../src/tools/shortened.ts';

const passing = (from: number, count: number) => Array.from({ length: count }, (_, at) => `ok ${from + at} - passes`);

describe('shortened', () => {
  it('keeps both ends, and the failing lines of what lies between them with their numbers', () => {
    const text = ['> npm test', ...passing(1, 500), 'not ok 501 - total', ...passing(502, 500), '# fail 1'].join('\n');
    const short = shortened(text, 2000);
    expect(short).toMatch(/^> npm test\nok 1 - passes\n/);
    expect(short).toContain('lines left out]\nLines in between that look like errors:\n502: not ok 501 - total\n…\n');
    expect(short).toMatch(/ok 1001 - passes\n# fail 1$/);
  });

  it('leaves a short text alone, and never makes much more of a long one than there is room', () => {
    const line = fc.oneof(fc.string({ maxLength: 300 }), fc.constant('Error: it failed'));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 400 }), fc.integer({ min: 200, max: 8000 }), (lines, room) => {
        const text = lines.join('\n');
        const short = shortened(text, room);
        if (text.length <= room) expect(short).toBe(text);
        else expect(short.length).toBeLessThanOrEqual(room + 150);
      }),
    );
  });
});
