import { describe, expect, it } from 'vitest';
import { fixOf } from '../../../src/memory/fix.ts';

const patch = (removed: string, added: string) =>
  `--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@ function total\n context\n-${removed}\n+${added}\n`;

describe('fixOf', () => {
  it('tells a small change by the line before and after, and where', () => {
    expect(fixOf([{ path: 'src/cart.ts', patch: patch('return x;', 'return x ?? 0;') }], [], ['src/cart.ts'])).toEqual({
      whatFixed: 'src/cart.ts in `function total`: `return x;` became `return x ?? 0;`',
      filePath: 'src/cart.ts',
      codeContext: ' context\n-return x;\n+return x ?? 0;',
      resolvedBy: 'edits',
    });
  });

  it('names the file of the failure first, tests last', () => {
    const edit = (path: string) => ({ path, patch: patch('a1', 'b1') });
    const { filePath, whatFixed } = fixOf(
      [edit('tests/a.test.ts'), edit('README.md'), edit('src/b.ts'), edit('src/a.ts')],
      [],
      ['src/a.ts'],
    );
    expect(filePath).toBe('src/a.ts');
    expect(whatFixed).toMatch(/^src\/a\.ts .*; src\/b\.ts .*; README\.md .*; and 1 more files$/);
  });

  it('tells commands when they were the fix', () => {
    expect(fixOf([], ['npm install zod'], [])).toEqual({ whatFixed: 'ran `npm install zod`', resolvedBy: 'edits' });
    expect(fixOf([], ['npx prettier --write .'], []).whatFixed).toBe('ran `npx prettier --write .`');
    expect(fixOf([], ['npm install zod', 'npx tsc'], []).whatFixed).toBe('ran `npm install zod`');
    expect(fixOf([{ path: 'a.ts', patch: '+b1\n' }], ['npx eslint .'], []).whatFixed).toBe('a.ts (+1 −0): `b1`');
  });

  it('keeps the code to 500 characters', () => {
    const long = `@@ -0,0 +1,99 @@\n${'+line of code\n'.repeat(99)}`;
    const fix = fixOf([{ path: 'a.ts', patch: long }], [], []);
    expect(fix.codeContext).toHaveLength(500);
    expect(fix.whatFixed).toBe('a.ts (+99 −0): `line of code`');
  });

  it('says so when only lines were taken out, or nothing is known', () => {
    expect(fixOf([{ path: 'a.ts', patch: '-legacy();\n' }], [], []).whatFixed).toBe('a.ts: removed `legacy();`');
    expect(fixOf([{ path: 'a.ts', patch: '' }], [], []).whatFixed).toBe('a.ts changed');
    expect(fixOf([{ path: 'a.ts', patch: 'Created a.ts, 3 lines.' }], [], [])).toEqual({
      whatFixed: 'a.ts created',
      filePath: 'a.ts',
      resolvedBy: 'edits',
    });
  });
});
