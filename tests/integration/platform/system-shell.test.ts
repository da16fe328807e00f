import { existsSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CommandOptions, CommandResult } from '../../../src/platform/shell.ts';
import { systemShell } from '../../../src/platform/system-shell.ts';
import { type TempProject, tempProject } from '../../support/temp-project.ts';

const shell = systemShell({ env: { ...process.env, ANTHROPIC_API_KEY: 'canary-key' }, marker: `test-${process.pid}` });

const run = (project: TempProject, command: string, options: Partial<CommandOptions> = {}): Promise<CommandResult> =>
  shell.run(command, { cwd: project.root, timeoutMs: 30_000, signal: new AbortController().signal, ...options });

/** Whether a process is there; its id lies in a file of the project. */
const lives = (project: TempProject, file: string): boolean => {
  const pid = Number(readFileSync(project.path(file), 'utf8').trim());
  try {
    return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

describe('a command', () => {
  it('gives its output, both streams in order, and its exit status', async () => {
    using project = tempProject();
    const result = await run(project, 'echo one; echo two >&2; echo three; exit 3');
    expect(result).toEqual({
      exit: 3,
      signal: null,
      timedOut: false,
      flooded: false,
      output: 'one\ntwo\nthree\n',
      bytes: 14,
      lines: 3,
      leftovers: 0,
      durationMs: expect.any(Number),
    });
  });

  it('is run as it stands, by bash', async () => {
    using project = tempProject({ 'a b.txt': 'x' });
    expect(shell.name).toBe('bash');
    expect((await run(project, 'f=(a b); [[ $f == a ]] && cat "a b.txt" <(echo y); # end')).output).toBe('xy\n');
    expect((await run(project, '-x')).output).toContain('-x: command not found');
    expect((await run(project, 'echo "$0 $#"')).output).toMatch(/bash 0\n$/);
  });

  it('runs in the folder it is given', async () => {
    using project = tempProject({ 'sub/x': '' });
    expect((await run(project, 'pwd', { cwd: project.path('sub') })).output).toBe(`${project.path('sub')}\n`);
  });

  it('says by which signal it was ended', async () => {
    using project = tempProject();
    expect(await run(project, 'kill -SEGV $$')).toMatchObject({ exit: null, signal: 'SIGSEGV' });
  });

  it('has no secrets in its environment, but a marker and what it is given', async () => {
    using project = tempProject();
    const { output } = await run(project, 'env', { env: { GIVEN: 'yes' } });
    expect([
      output.includes('canary-key'),
      output.includes('GIVEN=yes'),
      /NEX_COMMAND=test-\d+\.\d+;/.test(output),
    ]).toEqual([false, true, true]);
  });

  it('has no input and no terminal to ask on', async () => {
    using project = tempProject();
    expect(
      await run(
        project,
        'read x; echo "read $?"; (: < /dev/tty) 2>/dev/null || echo none; sudo -n true 2>/dev/null; git commit --allow-empty 2>&1 | head -1',
      ),
    ).toMatchObject({
      exit: 0,
      output: expect.stringContaining('read 1\nnone\n'),
    });
  });

  it('does not wait for an editor or a pager', async () => {
    using project = tempProject();
    const setup = 'git init -q . && git config user.email a@b.invalid && git config user.name A';
    const result = await run(
      project,
      `${setup} && git commit -q --allow-empty -m first && git commit --amend -q --allow-empty && git log && git branch`,
    );
    expect(result).toMatchObject({ exit: 0, timedOut: false, output: expect.stringContaining('first') });
  });

  it('that is too long is refused in words', async () => {
    using project = tempProject();
    await expect(run(project, `echo ${'x'.repeat(200_000)}`)).rejects.toMatchObject({
      kind: 'failed',
      hint: expect.stringContaining('script'),
    });
  });
});

describe('output', () => {
  it('is heard as it comes, filtered first', async () => {
    using project = tempProject();
    const heard: string[] = [];
    let held = '';
    const filter = {
      push: (text: string) => {
        held += text;
        const at = held.lastIndexOf('\n') + 1;
        const ready = held.slice(0, at).replaceAll('secret', '***');
        held = held.slice(at);
        return ready;
      },
      end: () => `${held}!`,
    };
    const result = await run(project, 'echo a secret; printf rest', { filter, onOutput: (text) => heard.push(text) });
    expect([result.output, heard.join('')]).toEqual(['a ***\nrest!', 'a ***\nrest!']);
  });

  it('may be cut in the middle of a character', async () => {
    using project = tempProject();
    const result = await run(project, "printf '\\342'; sleep 0.1; printf '\\234\\223'; printf '\\377\\0x'");
    expect(result.output).toBe('\u2713\ufffd\0x');
  });

  it('goes to a file of its own when it is long', async () => {
    using project = tempProject();
    const spool = project.path('sessions/out.txt');
    const result = await run(project, 'seq 1 1000', { keep: 100, spool });
    expect(result).toMatchObject({ lines: 1_000, spool, omitted: { at: 50, characters: 3_793, lines: 968 } });
    expect([result.output.length, result.output.startsWith('1\n2\n'), result.output.endsWith('\n1000\n')]).toEqual([
      100,
      true,
      true,
    ]);
    expect([readFileSync(spool, 'utf8').split('\n').length, statSync(spool).mode & 0o777]).toEqual([1_001, 0o600]);
  });

  it('leaves no file when it is short', async () => {
    using project = tempProject();
    const spool = project.path('out.txt');
    const result = await run(project, 'echo short', { spool });
    expect([result.spool, existsSync(spool)]).toEqual([undefined, false]);
  });

  it('does not follow a link that was planted where the file goes', async () => {
    using project = tempProject({ victim: 'mine' });
    await run(project, 'ln -s victim out.txt');
    const result = await run(project, 'seq 1 1000', { keep: 100, spool: project.path('out.txt') });
    expect([result.spool, readFileSync(project.path('victim'), 'utf8')]).toEqual([undefined, 'mine']);
  });

  it('of a gigabyte needs little memory, and both its ends are kept', async () => {
    using project = tempProject();
    const spool = project.path('out.txt');
    const before = process.memoryUsage().rss;
    let peak = 0;
    const result = await run(
      project,
      'echo begin; yes a line that is printed many times over | head -c 1000000000; echo end',
      {
        spool,
        onOutput: () => {
          peak = Math.max(peak, process.memoryUsage().rss);
        },
      },
    );
    expect([result.exit, result.bytes, result.output.startsWith('begin\n'), result.output.endsWith('end\n')]).toEqual([
      0,
      1_000_000_010,
      true,
      true,
    ]);
    expect(peak - before).toBeLessThan(128_000_000);
    expect(statSync(spool).size).toBeLessThan(64_100_000);
    expect(readFileSync(spool, 'latin1').slice(-60)).toMatch(/\[nex: \d+ bytes more were printed and not kept\]\n$/);
  });

  it('may be one line of fifty megabytes', async () => {
    using project = tempProject();
    const result = await run(project, "head -c 50000000 /dev/zero | tr '\\0' x", { keep: 1_000 });
    expect(result).toMatchObject({
      exit: 0,
      lines: 1,
      bytes: 50_000_000,
      omitted: { at: 500, characters: 49_999_000, lines: 0 },
    });
  });
});

describe('the end', () => {
  it('comes when the time is up, for everything that was started', async () => {
    using project = tempProject();
    const result = await run(project, 'sleep 60 & echo $! > child; echo started; wait', { timeoutMs: 300 });
    expect(result).toMatchObject({ exit: null, timedOut: true, output: 'started\n' });
    expect(lives(project, 'child')).toBe(false);
  });

  it('comes by force for what does not listen', async () => {
    using project = tempProject();
    const result = await run(project, 'trap "" TERM; echo $$ > self; while :; do sleep 1; done', { timeoutMs: 200 });
    expect([result.timedOut, result.signal, lives(project, 'self')]).toEqual([true, 'SIGKILL', false]);
  });

  it('comes at once when the caller gives up', async () => {
    using project = tempProject();
    const stop = new AbortController();
    const running = run(project, 'echo $$ > self; echo ready; sleep 60', {
      signal: stop.signal,
      onOutput: () => stop.abort(new Error('stopped')),
    });
    await expect(running).rejects.toThrow('stopped');
    expect(lives(project, 'self')).toBe(false);
  });

  it('never begins when the caller has given up before', async () => {
    using project = tempProject();
    await expect(run(project, 'touch made', { signal: AbortSignal.abort(new Error('too late')) })).rejects.toThrow(
      'too late',
    );
    expect(existsSync(project.path('made'))).toBe(false);
  });

  it.each([
    ['a child in the background', 'sleep 60 & echo $! > child'],
    ['one that keeps the output open', '(sleep 60; echo late) & echo $! > child'],
    ['one in a session of its own', 'setsid sh -c "echo \\$\\$ > child; sleep 60" & while ! test -s child; do :; done'],
    [
      'one in a session of its own that does not listen',
      'setsid sh -c "trap \'\' TERM; echo \\$\\$ > child; sleep 60" > /dev/null 2>&1 & while ! test -s child; do :; done',
    ],
    ['a double fork', '( ( sh -c "echo \\$\\$ > child; exec sleep 60" ) & ) ; while ! test -s child; do :; done'],
  ])('takes %s along', async (_, command) => {
    using project = tempProject();
    const result = await run(project, `${command}; echo done`);
    expect([result.exit, result.timedOut, result.output, result.leftovers > 0, lives(project, 'child')]).toEqual([
      0,
      false,
      'done\n',
      true,
      false,
    ]);
  });

  it('does not wait for a process that cannot be found', async () => {
    using project = tempProject();
    // Without the marker, in a session of its own, and holding the output open.
    const result = await run(
      project,
      'env -i setsid sh -c "echo \\$\\$ > child; exec sleep 20" & while ! test -s child; do :; done; echo done',
    );
    expect(result).toMatchObject({ exit: 0, output: 'done\n' });
    expect(lives(project, 'child')).toBe(true);
    process.kill(Number(readFileSync(project.path('child'), 'utf8')), 'SIGKILL');
  });

  it('leaves nothing of a command with very many children', async () => {
    using project = tempProject();
    const result = await run(project, 'for i in $(seq 1 300); do sleep 60 & done; echo $! > child; echo done');
    expect([result.output, result.leftovers, lives(project, 'child')]).toEqual(['done\n', 300, false]);
  });

  it('does not touch what another command runs at the same time', async () => {
    using project = tempProject();
    const [slow] = await Promise.all([
      run(project, 'while ! test -e go; do sleep 0.02; done; echo fine'),
      run(project, 'sleep 60 & :').then(() => run(project, 'touch go')),
    ]);
    expect(slow).toMatchObject({ exit: 0, output: 'fine\n' });
  });

  it('can be forced for all commands in the last moment', async () => {
    using project = tempProject();
    const ready = Promise.withResolvers<void>();
    const running = run(project, 'trap "" TERM; echo $$ > self; echo ready; while :; do sleep 1; done', {
      onOutput: () => ready.resolve(),
    });
    await ready.promise;
    shell.kill();
    expect((await running).signal).toBe('SIGKILL');
    expect(lives(project, 'self')).toBe(false);
  });
});
