import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../../src/memory/fold.ts';
import { anyText } from './markdown.ts';

describe('fold', () => {
  it.each([
    ["Cannot find module './gone' from 'src/a.test.js'", 'Cannot find module <q> from <q>'],
    ['open /home/ana/shop/src/cart.ts:12:3', 'open <path>'],
    ['open C:\\Users\\Jo\\shop\\cart.ts', 'open <path>'],
    ['see https://example.com/a?b=c for more', 'see <url> for more'],
    ['timed out after 5000 ms', 'timed out after <time>'],
    ['at 2026-01-02T03:04:05.678Z', 'at <time>'],
    ['pointer 0x7fff5fbff8c0', 'pointer <address>'],
    ['commit 59807616e1fa2540 is gone', 'commit <address> is gone'],
    ['connect to 10.0.0.3:5432', 'connect to <address>'],
    ['address already in use :::3000', 'address already in use <address>'],
    ['Makefile:5: *** missing separator.  Stop.', 'Makefile:<n>: *** missing separator. Stop.'],
    ['index 12 of 1,024 (3.5%)', 'index <n> of <n> (<n>)'],
    ['TypeError [ERR_INVALID_ARG_TYPE]: bad', 'TypeError [ERR_INVALID_ARG_TYPE]: bad'],
    ['[Errno 2] No such file', '[Errno 2] No such file'],
    ['java.lang.NullPointerException: oops', 'NullPointerException: oops'],
    ['expected { a: 1, b: { c: 2 } } to equal [1, [2]]', 'expected <v> to equal <v>'],
    ['Cart(id=1) is not Cart(id=2)', '<v> is not <v>'],
    ['error TS2322: no', 'error TS2322: no'],
    ['cartTotal is my_var, not pkg.Func()', '<name> is <name>, not <name>'],
    ['cartTotal, my_var and pkg.Func differ', '<name>… differ'],
    ["can't and doesn't stay words", "can't and doesn't stay words"],
    ["one of 'a', 'b', or 'c'", 'one of <q>…'],
  ])('%s', (line, folded) => {
    expect(fold(line).text).toBe(folded);
  });

  it('answers the names it folded away, each once', () => {
    expect(fold("Property 'total' does not exist on 'Cart' in src/cart.ts, nor does 'total'").names).toEqual([
      'total',
      'Cart',
      'cart.ts',
    ]);
  });

  it('answers one short line for any text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { text: folded } = fold(text);
        expect(folded.length).toBeLessThanOrEqual(200);
        expect(folded).not.toMatch(/[\n\r]/);
      }),
      { numRuns: 50 },
    );
  });

  it('folds any quoted text and any number to the same', () => {
    const inside = fc.stringMatching(/^[^'\\\n]{0,60}$/);
    fc.assert(
      fc.property(inside, fc.nat(), (quoted, number) => {
        expect(fold(`no key '${quoted}' in row ${number}`).text).toBe('no key <q> in row <n>');
      }),
    );
  });
});
