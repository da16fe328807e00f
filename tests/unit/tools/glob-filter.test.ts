import { describe, expect, it } from 'vitest';
import { globFilter } from '../../../src/tools/glob-filter.ts';

const files = ['a.ts', 'a.tsx', 'a.test.ts', 'src/b.ts', 'src/deep/c.ts', 'src/deep/d.js', 'docs/e.md', '#odd.ts'];
const matching = (glob: string, folder = '.') => files.filter(globFilter(glob, folder));

describe('globFilter', () => {
  it.each([
    ['*.ts', ['a.ts', 'a.test.ts', 'src/b.ts', 'src/deep/c.ts', '#odd.ts']],
    ['*.{ts,js}', ['a.ts', 'a.test.ts', 'src/b.ts', 'src/deep/c.ts', 'src/deep/d.js', '#odd.ts']],
    ['*.md,*.js', ['src/deep/d.js', 'docs/e.md']],
    ['src/**/*.ts', ['src/b.ts', 'src/deep/c.ts']],
    ['src/*.ts', ['src/b.ts']],
    ['src/', ['src/b.ts', 'src/deep/c.ts', 'src/deep/d.js']],
    ['**/deep/**', ['src/deep/c.ts', 'src/deep/d.js']],
    ['!*.ts', ['a.tsx', 'src/deep/d.js', 'docs/e.md']],
    ['a.ts?', ['a.tsx']],
    ['#*', ['#odd.ts']],
    ['*.TS', []],
    ['{a,src/b}.{ts,tsx}', ['a.ts', 'a.tsx', 'src/b.ts']],
  ])('%s', (glob, expected) => {
    expect(matching(glob)).toEqual(expected);
  });

  it('counts from the searched folder too', () => {
    expect(matching('deep/*.ts', 'src')).toEqual(['src/deep/c.ts']);
  });

  it('takes absolute paths by what lies below the searched folder', () => {
    expect(['/added/x/a.ts', '/added/a.js'].filter(globFilter('*.ts', '/added'))).toEqual(['/added/x/a.ts']);
  });
});
