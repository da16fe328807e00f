import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { isRunning } from '../../../src/platform/process-birth.ts';
import { tempProject } from '../../support/temp-project.ts';

const shell = resolve(import.meta.dirname, '../../../src/platform/system-shell.ts');

/** Waits for something that another process does. */
async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await new Promise((done) => setTimeout(done, 10));
}

it.runIf(process.platform === 'linux')(
  'a command ends with a nex that was killed, and so does what left its process group',
  async () => {
    using folder = tempProject();
    const command = 'sleep 1000 & echo $! >one; setsid sh -c "echo \\$\\$ >two; sleep 1000" & sleep 1000';
    const program = `
      const { systemShell } = await import(${JSON.stringify(shell)});
      const signal = new AbortController().signal;
      const shell = systemShell({ env: process.env, marker: 'lifeline-' + process.pid });
      await shell.run('true', { cwd: '.', timeoutMs: 60000, signal });
      await shell.run(${JSON.stringify(command)}, { cwd: '.', timeoutMs: 600000, signal });
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      cwd: folder.root,
      stdio: 'ignore',
    });
    const pidIn = (name: string) =>
      existsSync(folder.path(name)) ? Number(readFileSync(folder.path(name), 'utf8')) : 0;
    await until(() => pidIn('one') > 0 && pidIn('two') > 0);
    const pids = [pidIn('one'), pidIn('two')];
    expect(pids.map((pid) => isRunning(pid))).toEqual([true, true]);
    try {
      child.kill('SIGKILL');
      await until(() => pids.every((pid) => !isRunning(pid)));
    } finally {
      for (const pid of pids.filter((one) => isRunning(one))) process.kill(pid, 'SIGKILL');
    }
  },
);
