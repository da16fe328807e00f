import { describe, expect, it } from 'vitest';
import { chooseShell } from '../../../src/platform/system-shell.ts';

describe('chooseShell', () => {
  const only =
    (...paths: string[]) =>
    (path: string) =>
      paths.includes(path);

  it('takes bash, wherever it is', () => {
    expect(chooseShell({}, 'linux', only('/usr/local/bin/bash'))).toMatchObject({
      name: 'bash',
      path: '/usr/local/bin/bash',
    });
  });

  it('takes sh where there is no bash', () => {
    expect(chooseShell({ PATH: '' }, 'linux', only())).toMatchObject({ name: 'sh', path: '/bin/sh' });
  });

  it('takes Git Bash on Windows, or else PowerShell', () => {
    const env = { ProgramFiles: 'C:\\Program Files', SystemRoot: 'C:\\Windows' };
    const gitBash = 'C:\\Program Files\\Git\\bin\\bash.exe';
    expect(chooseShell(env, 'win32', only(gitBash))).toMatchObject({ name: 'Git Bash', path: gitBash });
    expect(chooseShell(env, 'win32', only())).toEqual({
      name: 'PowerShell',
      path: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
      args: ['-NoProfile', '-NonInteractive', '-Command'],
    });
  });
});
