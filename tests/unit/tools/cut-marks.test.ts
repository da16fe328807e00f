import { describe, expect, it } from 'vitest';
import { cutLine, cutMark, MAX_LINE, restoreCutLines } from '../../../src/tools/cut-marks.ts';

const long = 'x'.repeat(MAX_LINE + 500);

describe('cutLine', () => {
  it('leaves an ordinary line alone', () => {
    expect(cutLine('x'.repeat(MAX_LINE))).toBe('x'.repeat(MAX_LINE));
  });

  it('says how much it left out', () => {
    expect(cutLine(long)).toBe(`${'x'.repeat(MAX_LINE)}[nex: 500 characters cut]`);
  });

  it('does not cut a character in two', () => {
    const line = `${'x'.repeat(MAX_LINE - 1)}\u{1f600}end`;
    expect(cutLine(line)).toBe(`${'x'.repeat(MAX_LINE - 1)}[nex: 5 characters cut]`);
  });
});

describe('restoreCutLines', () => {
  it('puts back the line that a mark stands for', () => {
    const shown = `first\n${cutLine(long)}\nlast\n`;
    expect(restoreCutLines(shown, `old\n${long}\n`)).toEqual({ ok: true, text: `first\n${long}\nlast\n` });
  });

  it('keeps the line endings of what it is given', () => {
    expect(restoreCutLines(`${cutLine(long)}\r\n`, `${long}\r\n`)).toEqual({ ok: true, text: `${long}\r\n` });
  });

  it('refuses a mark that stands for nothing in the file', () => {
    expect(restoreCutLines(`a\n${cutMark(20, 'lines left out')}\nb`, 'a\nb')).toEqual({
      ok: false,
      error: expect.stringContaining('"[nex: 20 lines left out]"'),
    });
  });

  it('refuses a mark that could stand for two lines', () => {
    const other = `${'x'.repeat(MAX_LINE)}${'y'.repeat(500)}`;
    expect(restoreCutLines(cutLine(long), `${long}\n${other}`)).toMatchObject({ ok: false });
  });

  it('lets a file keep a mark that it has itself', () => {
    const text = `log: ${cutMark(3, 'lines left out')}\n`;
    expect(restoreCutLines(`${text}more\n`, text)).toEqual({ ok: true, text: `${text}more\n` });
  });

  it('does not mind text that merely looks alike', () => {
    const text = 'see [nex: the docs] and [nex:secret 1]';
    expect(restoreCutLines(text, '')).toEqual({ ok: true, text });
  });
});
