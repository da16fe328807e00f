import { expect, it } from 'vitest';
import { parseNumbers } from '../../../src/history/step-list.ts';

const A = 'a'.repeat(40);
const B = 'b'.repeat(40);

it('reads the counts of several pairs of trees, empty ones and odd names included', () => {
  const output = `${A} ${B}\n1\t2\ta\tb\0-\t-\tpicture.png\0${B} ${B}\n${B} ${A}\n3\t0\tnew\nline\0`;
  expect(parseNumbers(output, 4)).toEqual([
    [
      { path: 'a\tb', added: 1, removed: 2 },
      { path: 'picture.png', added: 0, removed: 0 },
    ],
    [],
    [{ path: 'new\nline', added: 3, removed: 0 }],
    [],
  ]);
});
