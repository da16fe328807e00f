import { expect, it } from 'vitest';
import { parseLog } from '../../../src/indexer/git-log.ts';

it('reads commits without trailers, numbers and links, and leaves out the files of sweeping ones', () => {
  const many = Array.from({ length: 41 }, (_, index) => `M\0f${index}.c\0`).join('');
  const printed = [
    '\x01200\x02Mend the lexer #12\n\nSee: https://example.com/1\n\nSigned-off-by: A <a@b>\n\x03\0\nM\0src/lexer.c\0A\0odd\nname.c\0\0',
    `\x01100\x02Reformat\n\x03\0\n${many}\0`,
    '\x0150\x02Empty\n\x03\0',
  ].join('');
  expect(parseLog(printed).commits).toEqual([
    { time: 200, message: 'Mend the lexer', files: ['src/lexer.c', 'odd\nname.c'] },
    { time: 100, message: 'Reformat', files: [] },
    { time: 50, message: 'Empty', files: [] },
  ]);
});

it('follows files through renames to the name they have now', () => {
  const printed = [
    '\x013\x02c\x03\0\nR100\0b.c\0c.c\0\0',
    '\x012\x02b\x03\0\nR90\0a.c\0b.c\0M\0x.c\0\0',
    '\x011\x02a\x03\0\nM\0a.c\0\0',
  ].join('');
  const { commits, renamed } = parseLog(printed);
  expect(commits.map(({ files }) => files)).toEqual([['c.c'], ['c.c', 'x.c'], ['c.c']]);
  expect([...renamed]).toEqual([
    ['b.c', 'c.c'],
    ['a.c', 'c.c'],
  ]);
});
