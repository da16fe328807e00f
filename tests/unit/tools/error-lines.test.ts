import { describe, expect, it } from 'vitest';
import { collectErrorLines } from '../../../src/tools/error-lines.ts';

const found = (text: string): string[] => {
  const lines = collectErrorLines();
  lines.add(text);
  return lines.between(1, Number.POSITIVE_INFINITY).map(({ number, text }) => `${number}: ${text}`);
};

describe('collectErrorLines', () => {
  it.each([
    'src/a.ts(3,1): error TS2304: Cannot find name',
    'FAIL src/cart.test.js',
    '--- FAIL: TestTotal (0.00s)',
    'Traceback (most recent call last):',
    'ValueError: bad value',
    "thread 'main' panicked at src/main.rs:4",
    'npm ERR! code ELIFECYCLE',
    'E   assert 1 == 2',
    'AssertionError [ERR_ASSERTION]: 1 !== 2',
    '  ✗ adds the lines',
    'bash: foo: command not found',
    'java.lang.NullPointerException',
    'not ok 3 - subtracts',
  ])('notices %j', (line) => {
    expect(found(`fine\n${line}\nfine\n`)).toEqual([`2: ${line}`]);
  });

  it.each(['compiled with 0 errors', 'no failures', 'Errors: 0', 'Tests: 3 passed', 'reading terror.txt'])(
    'lets %j pass',
    (line) => {
      expect(found(`${line}\n`)).toEqual([]);
    },
  );

  it('joins lines that come in pieces', () => {
    const lines = collectErrorLines();
    for (const piece of ['ok\nsome er', 'ror here\nok', '\n']) lines.add(piece);
    expect(lines.between(1, 10)).toEqual([{ number: 2, text: 'some error here' }]);
  });

  it('keeps the first and the last of very many', () => {
    const numbers = found(Array.from({ length: 10_000 }, (_, at) => `error ${at + 1}\n`).join('')).map((line) =>
      Number(line.split(':')[0]),
    );
    expect([numbers.length, numbers[0], numbers[19], numbers[20], numbers.at(-1)]).toEqual([40, 1, 20, 9_981, 10_000]);
  });

  it('gives only what lies in the middle', () => {
    const lines = collectErrorLines();
    lines.add('error a\nerror b\nerror c\n');
    expect(lines.between(2, 2)).toEqual([{ number: 2, text: 'error b' }]);
  });

  it('cuts long lines', () => {
    expect(found(`error ${'x'.repeat(5_000)}\n`)[0]?.length).toBeLessThan(400);
  });
});
