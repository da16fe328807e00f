import { chmodSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findProgram } from '../../../src/platform/find-program.ts';
import { findRipgrep } from '../../../src/platform/ripgrep.ts';
import { runProgram } from '../../../src/platform/run-program.ts';
import { tempProject } from '../../support/temp-project.ts';

const signal = new AbortController().signal;
const here = { cwd: '/', env: process.env, signal, timeoutMs: 20_000 };

describe('findProgram', () => {
  it('finds a program on PATH, and only what can be run', () => {
    using project = tempProject({ 'one/tool': '#!/bin/sh\n', 'two/tool': '#!/bin/sh\n', 'three/tool/x': '' });
    chmodSync(project.path('two/tool'), 0o755);
    const env = { PATH: ['three', 'one', 'two'].map((name) => project.path(name)).join(':') };
    expect(findProgram('tool', { env })).toBe(project.path('two/tool'));
    expect(findProgram('other', { env })).toBeUndefined();
  });

  it('takes nothing from the repository itself, nor from a relative folder', () => {
    using project = tempProject({ 'repo/node_modules/.bin/git': '#!/bin/sh\n' });
    chmodSync(project.path('repo/node_modules/.bin/git'), 0o755);
    const env = { PATH: `${project.path('repo/node_modules/.bin')}:node_modules/.bin:.:` };
    expect(findProgram('git', { env, outside: project.path('repo') })).toBeUndefined();
    expect(findProgram('git', { env })).toBe(project.path('repo/node_modules/.bin/git'));
  });
});

describe('findRipgrep', () => {
  it('prefers the configured one, and passes over one that is not there', async () => {
    using project = tempProject({ rg: '#!/bin/sh\n' });
    chmodSync(project.path('rg'), 0o755);
    expect(await findRipgrep({ env: {}, configured: project.path('rg') })).toBe(project.path('rg'));
    expect(await findRipgrep({ env: {}, configured: project.path('none') })).toMatch(/ripgrep.*rg$/);
  });
});

describe('runProgram', () => {
  it('passes arguments as they are and gives both streams', async () => {
    const result = await runProgram(
      '/bin/sh',
      ['-c', 'printf "%s|" "$@"; echo oops >&2; exit 4', 'sh', 'a b', '$(x)', '-rf'],
      here,
    );
    expect(result).toEqual({ exit: 4, stdout: 'a b|$(x)|-rf|', stderr: 'oops\n', timedOut: false, cut: false });
  });

  it('ends a program that takes too long or prints too much', async () => {
    expect(await runProgram('/bin/sh', ['-c', 'exec sleep 60'], { ...here, timeoutMs: 100 })).toMatchObject({
      exit: null,
      timedOut: true,
    });
    expect(await runProgram('/bin/sh', ['-c', 'exec yes'], { ...here, maxBytes: 100_000 })).toMatchObject({
      exit: null,
      cut: true,
    });
  });

  it('rejects with the reason when the caller gives up, and when there is no such program', async () => {
    const stop = new AbortController();
    const running = runProgram('/bin/sh', ['-c', 'exec sleep 60'], { ...here, signal: stop.signal });
    stop.abort(new Error('stopped'));
    await expect(running).rejects.toThrow('stopped');
    await expect(runProgram('/none/such', [], here)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
