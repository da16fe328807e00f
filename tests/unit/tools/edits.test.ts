import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/tools/edits.ts';

const edit = (old_text: string, new_text: string) => ({ old_text, new_text });

describe('applyEdits', () => {
  it('replaces what each edit names', () => {
    expect(applyEdits('one\ntwo\nthree\n', [edit('three', '3'), edit('one\n', '1\n')])).toEqual({
      ok: true,
      text: '1\ntwo\n3\n',
    });
  });

  it('matches every edit against the text as it is, not as another edit leaves it', () => {
    expect(applyEdits('a b', [edit('a', 'b'), edit('b', 'a')])).toEqual({ ok: true, text: 'b a' });
  });

  it('takes a replacement literally', () => {
    expect(applyEdits('price', [edit('price', "$& $1 $` $'")])).toEqual({ ok: true, text: "$& $1 $` $'" });
  });

  it('finds lines with Windows endings and gives what it puts in the same', () => {
    expect(applyEdits('a\r\nb\r\nc\r\n', [edit('a\nb', 'x\ny\nz')])).toEqual({
      ok: true,
      text: 'x\r\ny\r\nz\r\nc\r\n',
    });
  });

  it('goes by the nearest line in a file with both endings', () => {
    expect(applyEdits('a\r\nb\nc\r\n', [edit('b', 'b\nb2')])).toEqual({ ok: true, text: 'a\r\nb\nb2\nc\r\n' });
    expect(applyEdits('a\nb\r\nc\n', [edit('b', 'b\nb2')])).toEqual({ ok: true, text: 'a\nb\r\nb2\r\nc\n' });
  });

  it('can take away the end of a line with its carriage return', () => {
    expect(applyEdits('a\r\nb\r\n', [edit('\nb', '')])).toEqual({ ok: true, text: 'a\r\n' });
  });

  it('refuses text that occurs more than once, and says where', () => {
    expect(applyEdits('x = 1\ny\nx = 1\n', [edit('x = 1', 'x = 2')])).toEqual({
      ok: false,
      error: 'old_text is in the file 2 times, at lines 1, 3. Add lines before or after it to make it unique.',
    });
  });

  it('counts places that overlap', () => {
    expect(applyEdits('aaa', [edit('aa', 'b')])).toMatchObject({ ok: false });
  });

  it('shows the nearest lines when text is not there', () => {
    const text = 'import a\n\nfunction total(lines) {\n  let sum = 0;\n  return sum;\n}\n';
    expect(applyEdits(text, [edit('function total(line) {\n  let sum = 0;\n  return sum;', '')])).toEqual({
      ok: false,
      error:
        'old_text is not in the file. The nearest are these lines:\n3 | function total(lines) {\n4 |   let sum = 0;\n5 |   return sum;',
    });
  });

  it('says when only white space differs', () => {
    expect(applyEdits('if (a) {\n\tb();\n}\n', [edit('if (a) {\n    b();', 'x')])).toEqual({
      ok: false,
      error: 'old_text is not in the file. Only white space differs from these lines:\n1 | if (a) {\n2 | \tb();',
    });
  });

  it('finds a line that is merely similar', () => {
    const result = applyEdits('alpha\nconst greeting = "hello";\nomega\n', [edit('const greetings = "helo";', 'x')]);
    expect(result).toEqual({
      ok: false,
      error: 'old_text is not in the file. The nearest are these lines:\n2 | const greeting = "hello";',
    });
  });

  it('says so when nothing is similar', () => {
    expect(applyEdits('alpha\n', [edit('zzzzqqqq', 'x')])).toEqual({
      ok: false,
      error: 'old_text is not in the file. Nothing in it is similar: read the file again.',
    });
  });

  it('notices line numbers that were copied along', () => {
    expect(applyEdits('a\nb\n', [edit('   1 | a\n   2 | b', 'x')])).toMatchObject({
      error: expect.stringContaining('leave them out'),
    });
  });

  it.each([
    ['nothing to find', edit('', 'x'), 'old_text is empty'],
    ['nothing to change', edit('a', 'a'), 'nothing would change'],
  ])('refuses an edit with %s', (_, wrong, words) => {
    expect(applyEdits('a\n', [wrong])).toMatchObject({ ok: false, error: expect.stringContaining(words) });
  });

  it('refuses edits that overlap', () => {
    expect(applyEdits('abcdef', [edit('abcd', 'x'), edit('cdef', 'y')])).toEqual({
      ok: false,
      error: 'Edits 1 and 2 overlap. Join them into one.',
    });
  });

  it('names the edit that fails, and applies none', () => {
    expect(applyEdits('a\nb\n', [edit('a', 'x'), edit('nowhere', 'y')])).toMatchObject({
      ok: false,
      error: expect.stringContaining('old_text of edit 2'),
    });
  });

  it('leaves every character outside the edits as it was', () => {
    // Unique words between stretches of anything: an edit of some words must change those alone.
    const filler = fc.string({
      unit: fc.constantFrom('a', ' ', '\n', '\r\n', '\r', '\u00e9', '\u{1f600}'),
      maxLength: 12,
    });
    const parts = fc.array(fc.record({ before: filler, edited: fc.boolean(), put: filler }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(parts, filler, (given, end) => {
        const word = (at: number) => `<${at}>`;
        const text = given.map(({ before }, at) => before + word(at)).join('') + end;
        const chosen = given.flatMap(({ edited, put }, at) => (edited ? [edit(word(at), `[${put}]`)] : []));
        const result = applyEdits(text, chosen);
        const pattern = given.map(({ before, edited }, at) => before + (edited ? '\0' : word(at))).join('') + end;
        const kept = result.ok ? result.text.replace(/\[[^\]]*\]/g, '\0') : '';
        expect(kept).toBe(pattern);
      }),
      { numRuns: 500 },
    );
  });

  it('applies all edits of a call or none', () => {
    const words = ['alpha', 'beta', 'gamma', 'delta'];
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom(...words, 'missing'), { minLength: 1 }), (chosen) => {
        const result = applyEdits(
          words.join('\n'),
          chosen.map((word) => edit(word, word.toUpperCase())),
        );
        if (chosen.includes('missing')) expect(result.ok).toBe(false);
        else
          expect(result).toEqual({
            ok: true,
            text: words.map((word) => (chosen.includes(word) ? word.toUpperCase() : word)).join('\n'),
          });
      }),
    );
  });
});
