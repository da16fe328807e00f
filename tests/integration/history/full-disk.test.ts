import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { NexError } from '../../../src/errors.ts';
import { recoverCutOff } from '../../../src/history/recovery.ts';
import { gitProject } from '../../support/git-project.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { canMount, smallDisk } from '../../support/small-disk.ts';
import { repositoryAt, rollback, taskAt } from '../../support/task-script.ts';
import { worldHash } from '../../support/world-hash.ts';

/** `FULL_DISK=40` leaves room for 0, 1, 2 … 39 pages of 4 kB, so that another write fails each time. */
const POINTS = Number(process.env['FULL_DISK'] ?? 4);
/** What a whole task takes here, in pages. */
const WHOLE = 40;
const frees = Array.from({ length: POINTS }, (_, at) => Math.round((at * WHOLE) / POINTS));

it.runIf(canMount()).each(frees)(
  'a disk with room for %i pages stops a task without losing anything, and it can be left when there is room again',
  async (pages) => {
    using disk = smallDisk(8);
    using model = gitProject({ 'a.txt': 'a\n'.repeat(500), 'b.txt': 'b\n', 'dir/c.txt': 'c\n' });
    model.write('b.txt', 'staged\n');
    model.git('add', 'b.txt');
    model.write('b.txt', 'staged\nand not\n');
    model.write('mine.txt', 'mine\n');
    cpSync(model.root, disk.path, { recursive: true });
    const root = disk.path;
    const before = worldHash(root);
    const at = (name: string) => join(root, name);
    const failures: unknown[] = [];
    const attempt = async (act: () => unknown) => {
      try {
        await act();
      } catch (error) {
        failures.push(error);
      }
    };

    disk.fill(pages * 4096);
    const task = await taskAt(root);
    await attempt(async () => {
      await task.does(() => {
        writeFileSync(at('a.txt'), `${readFileSync(at('a.txt'), 'utf8')}nex\n`);
        rmSync(at('dir'), { recursive: true });
      });
      await task.does(() => writeFileSync(at('big.txt'), 'nex\n'.repeat(10_000)));
      await task.commit({ subject: 'feat: x', onOverlap: async () => false });
    });
    await attempt(() => task.finish());
    for (const error of failures) {
      // What the task itself could not write is the task's failure, not the history's.
      if (error instanceof NexError) expect(error.message).toMatch(/disk is full|no space left|was refused/i);
      else expect(error).toMatchObject({ code: 'ENOSPC' });
    }

    disk.clear();
    const repository = await repositoryAt(root);
    await recoverCutOff(repository, manualClock());
    const now = worldHash(root);
    expect({ main: now.refs['refs/heads/main'], config: now.config }).toEqual({
      main: before.refs['refs/heads/main'],
      config: before.config,
    });
    if (now.head !== before.head || Object.keys(now.refs).length > 1) await rollback(root, { kind: 'discard' });
    expect(worldHash(root)).toEqual(before);
  },
);
