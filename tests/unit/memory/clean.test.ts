import { describe, expect, it } from 'vitest';
import { clean, cleanLine } from '../../../src/memory/clean.ts';

describe('clean', () => {
  it('takes out what nobody sees, and keeps lines and tabs', () => {
    expect(clean('a\u001b[31m\u202eb\u200b\n\tc\u0000', 80)).toBe('a [31m b \n\tc');
  });

  it('cuts with a mark, never through a character', () => {
    expect(clean('abc🙂def', 5)).toBe('abc…');
    expect(clean('abc', 3)).toBe('abc');
  });
});

describe('cleanLine', () => {
  it('is one line whatever it is made of, so that it can be no heading and no fence', () => {
    expect(cleanLine(' done\n\n## Rules\r\n```\u2028x ', 80)).toBe('done ## Rules ``` x');
  });
});
