import { expect, it } from 'vitest';
import { parseStatus } from '../../../src/platform/git-standing.ts';

const OID = '0123456789012345678901234567890123456789';
const ordinary = (state: string, path: string) => `1 ${state} N... 100644 100644 100644 ${OID} ${OID} ${path}`;

it('reads what git status says in its second format', () => {
  const rows = [
    `# branch.oid ${OID}`,
    '# branch.head feature/a b',
    '# branch.upstream origin/main',
    '# branch.ab +1 -2',
    ordinary('M.', 'staged.ts'),
    ordinary('.M', 'with a space.ts'),
    ordinary('MM', 'both.ts'),
    ordinary('D.', 'removed.ts'),
    `2 R. N... 100644 100644 100644 ${OID} ${OID} R100 new name.ts`,
    'old name.ts',
    `u UU N... 100644 100644 100644 100644 ${OID} ${OID} ${OID} conflict.ts`,
    '? notes/to me.txt',
    '',
  ];
  expect(parseStatus(rows.join('\0'))).toEqual({
    branch: 'feature/a b',
    head: OID,
    dirty: ['staged.ts', 'with a space.ts', 'both.ts', 'removed.ts', 'new name.ts', 'old name.ts', 'conflict.ts'],
    removed: ['removed.ts', 'old name.ts'],
    untracked: ['notes/to me.txt'],
    staged: 5,
    changed: 3,
  });
});

it('knows a branch without a commit, and a commit without a branch', () => {
  expect(parseStatus('# branch.oid (initial)\0# branch.head main\0')).toMatchObject({
    head: undefined,
    branch: 'main',
  });
  expect(parseStatus(`# branch.oid ${OID}\0# branch.head (detached)\0`)).toMatchObject({
    head: OID,
    branch: undefined,
  });
});
