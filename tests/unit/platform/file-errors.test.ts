import { expect, it } from 'vitest';
import { explained } from '../../../src/platform/file-errors.ts';
import { MovedError } from '../../../src/platform/replace-file.ts';
import { WorkspaceError } from '../../../src/platform/workspace.ts';

const failure = (code: string) => Object.assign(new Error(`${code}: in the words of the system`), { code });

it.each([
  ['ENOENT', 'missing', 'There is no a.ts.'],
  ['EISDIR', 'not_a_file', 'a.ts is a folder, not a file.'],
  ['EACCES', 'unreadable', 'a.ts cannot be written: permission denied.'],
  ['ENOSPC', 'unreadable', 'a.ts cannot be written: the disk is full.'],
  ['EROFS', 'unreadable', 'a.ts cannot be written: the file system is read-only.'],
  ['ENAMETOOLONG', 'unreadable', 'a.ts cannot be written: the name is too long.'],
  ['EIO', 'unreadable', 'a.ts cannot be written: EIO: in the words of the system'],
])('says %s in words', (code, reason, message) => {
  expect(explained(failure(code), 'a.ts', 'written')).toMatchObject({ reason, message });
});

it('names a path with odd characters so that it can be told from the words round it', () => {
  expect(explained(failure('ENOENT'), 'a b\n', 'read').message).toBe('There is no "a b\\n".');
});

it('treats a path that moved as one that leads out', () => {
  expect(explained(new MovedError('x'), 'a.ts', 'read').reason).toBe('outside');
});

it('leaves alone what is in words already', () => {
  const error = new WorkspaceError('protected', 'No.');
  expect(explained(error, 'a.ts', 'read')).toBe(error);
});
