import { expect, it } from 'vitest';
import { parseLog } from '../../../src/indexer/history.ts';

it('reads commits without trailers, numbers and links, and leaves out the files of sweeping ones', () => {
  const many = Array.from({ length: 41 }, (_, index) => `f${index}.c`).join('\0');
  const printed = [
    '\x01200\x02Mend the lexer #12\n\nSee: https://example.com/1\n\nSigned-off-by: A <a@b>\n\x03\0\nsrc/lexer.c\0odd\nname.c\0\0',
    `\x01100\x02Reformat\n\x03\0\n${many}\0\0`,
    '\x0150\x02Empty\n\x03\0',
  ].join('');
  expect(parseLog(printed)).toEqual([
    { time: 200, message: 'Mend the lexer', files: ['src/lexer.c', 'odd\nname.c'] },
    { time: 100, message: 'Reformat', files: [] },
    { time: 50, message: 'Empty', files: [] },
  ]);
});
