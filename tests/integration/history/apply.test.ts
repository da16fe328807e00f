import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { PlannedWrite } from '../../../src/history/planned-writes.ts';
import { type GitProject, gitProject } from '../../support/git-project.ts';
import { rollback, taskAt } from '../../support/task-script.ts';
import { worldHash } from '../../support/world-hash.ts';

const text = (changes: Record<number, string> = {}) =>
  Array.from({ length: 12 }, (_, at) => `${changes[at + 1] ?? `line ${at + 1}`}\n`).join('');
const planned = (path: string, before: string | undefined, after: string | undefined): PlannedWrite => ({
  path,
  before: before === undefined ? undefined : Buffer.from(before),
  after: after === undefined ? undefined : Buffer.from(after),
});

async function apply(project: GitProject, writes: PlannedWrite[]) {
  const task = await taskAt(project.root, { session: 'apply-1', task: 'Apply the plan', action: { kind: 'apply' } });
  await task.checkpoint(
    { tool: 'apply', detail: 'a plan' },
    writes.map(({ path }) => path),
  );
  const conflicts = await task.write(writes);
  const { files } = await task.changes();
  await task.finish();
  return { conflicts, files: files.map(({ path, status }) => `${status} ${path}`) };
}

describe('the plan of a dry run', () => {
  it('is written as planned, keeping permission bits, and can be undone', async () => {
    using project = gitProject({ 'a.txt': text(), 'run.sh': '#!/bin/sh\n' });
    chmodSync(project.path('run.sh'), 0o755);
    project.git('commit', '-qam', 'executable');
    const before = worldHash(project.root);
    expect(
      await apply(project, [
        planned('a.txt', text(), text({ 3: 'NEX' })),
        planned('run.sh', '#!/bin/sh\n', '#!/bin/sh\necho\n'),
        planned('new/b.txt', undefined, 'b\r\n'),
      ]),
    ).toEqual({ conflicts: [], files: ['modified a.txt', 'added new/b.txt', 'modified run.sh'] });
    expect(worldHash(project.root).files['run.sh']).toMatch(/^755/);
    expect(readFileSync(project.path('new/b.txt'), 'utf8')).toBe('b\r\n');
    await rollback(project.root);
    expect(worldHash(project.root).files).toEqual(before.files);
  });

  it('is merged where the project moved on', async () => {
    using project = gitProject({ 'a.txt': text() });
    project.write('a.txt', text({ 11: 'MINE' }));
    expect((await apply(project, [planned('a.txt', text(), text({ 1: 'NEX' }))])).conflicts).toEqual([]);
    expect(readFileSync(project.path('a.txt'), 'utf8')).toBe(text({ 1: 'NEX', 11: 'MINE' }));
  });

  it('is not written at all when one file cannot be merged', async () => {
    using project = gitProject({ 'a.txt': text(), 'b.txt': 'b\n' });
    project.write('a.txt', text({ 1: 'MINE' }));
    project.write('new.txt', 'mine\n');
    const before = worldHash(project.root);
    expect(
      await apply(project, [
        planned('b.txt', 'b\n', 'nex\n'),
        planned('a.txt', text(), text({ 1: 'NEX' })),
        planned('new.txt', undefined, 'nex\n'),
      ]),
    ).toEqual({
      conflicts: [
        { path: 'a.txt', reason: 'the same lines were changed since' },
        { path: 'new.txt', reason: 'another file of this name is there' },
      ],
      files: [],
    });
    expect(worldHash(project.root)).toEqual(before);
  });

  it('reaches no file outside the project', async () => {
    using outside = gitProject({});
    using project = gitProject({ 'a.txt': 'a\n' });
    const target = `../${outside.root.split('/').at(-1)}/stolen`;
    expect((await apply(project, [planned(target, undefined, 'x')])).conflicts).toEqual([
      { path: target, reason: 'it is not a path inside the project' },
    ]);
    expect(existsSync(outside.path('stolen'))).toBe(false);
    const { conflicts } = await apply(project, [planned('.git/hooks/pre-commit', undefined, 'x')]);
    expect(conflicts).toEqual([{ path: '.git/hooks/pre-commit', reason: 'it is not a path inside the project' }]);
  });
});
