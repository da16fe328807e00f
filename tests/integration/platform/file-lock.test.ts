import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { withFileLock } from '../../../src/platform/file-lock.ts';
import { tempProject } from '../../support/temp-project.ts';

describe('withFileLock', () => {
  it('lets one at a time in, and leaves nothing behind', async () => {
    using project = tempProject({ 'counter.txt': '0' });
    const path = project.path('counter.txt');
    let inside = 0;
    const raise = () =>
      withFileLock(path, async () => {
        expect(++inside).toBe(1);
        const value = Number(readFileSync(path, 'utf8'));
        await new Promise((resolve) => setImmediate(resolve));
        writeFileSync(path, String(value + 1));
        inside--;
        return value;
      });
    const answers = await Promise.all(Array.from({ length: 30 }, raise));
    expect(readFileSync(path, 'utf8')).toBe('30');
    expect(answers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, value) => value));
    expect(readdirSync(project.root)).toEqual(['counter.txt']);
  });

  it('is free again after a failure', async () => {
    using project = tempProject();
    const path = project.path('x');
    await expect(withFileLock(path, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await withFileLock(path, () => 'yes')).toBe('yes');
  });

  it('takes over the lock of a process that died', async () => {
    using project = tempProject();
    const dead = execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }).trim();
    project.write('x.lock', `${dead} ${hostname()} abc\n`);
    expect(await withFileLock(project.path('x'), () => 'mine')).toBe('mine');
    expect(readdirSync(project.root)).toEqual([]);
  });

  it('waits for a living holder', async () => {
    using project = tempProject();
    const order: string[] = [];
    let leave = () => {};
    const first = withFileLock(project.path('x'), async () => {
      order.push('first in');
      await new Promise<void>((resolve) => {
        leave = resolve;
      });
      order.push('first out');
    });
    while (order.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const second = withFileLock(project.path('x'), () => order.push('second'));
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    leave();
    await Promise.all([first, second]);
    expect(order).toEqual(['first in', 'first out', 'second']);
  });
});
