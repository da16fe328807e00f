import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tempProject } from '../../support/temp-project.ts';
import { toolBench } from './tool-context.ts';

describe('run_command', () => {
  it('names the exit status first, then gives all output', async () => {
    using project = tempProject();
    const bench = await toolBench(project);
    expect(await bench.call('run_command', { command: 'echo out; echo err >&2' })).toEqual({
      ok: true,
      output: 'Exit status 0.\nout\nerr',
      exit: 0,
    });
    expect(await bench.call('run_command', { command: 'echo why; exit 3' })).toEqual({
      ok: false,
      error: 'Exit status 3.\nwhy',
      exit: 3,
    });
    expect(await bench.call('run_command', { command: 'true' })).toEqual({
      ok: true,
      output: 'Exit status 0.\nNo output.',
      exit: 0,
    });
    expect(await bench.call('run_command', { command: 'kill -KILL $$' })).toEqual({
      ok: false,
      error: 'Exit status 137 (ended by SIGKILL).\nNo output.',
      exit: 137,
    });
  });

  it('runs at the root of the project', async () => {
    using project = tempProject({ 'src/a.ts': '' });
    const bench = await toolBench(project);
    expect(await bench.output('run_command', { command: 'pwd; ls' })).toBe(`Exit status 0.\n${project.root}\nsrc`);
  });

  it('says when the time was up, with what was printed before', async () => {
    using project = tempProject();
    const bench = await toolBench(project);
    const error = await bench.error('run_command', { command: 'echo begun; sleep 60', timeout_seconds: 1 });
    expect(error).toBe(
      'Timed out after 1 s, no exit status: the command and all it had started were ended.\nRun less of it, or give a longer timeout_seconds (at most 600). Servers and watchers never end by themselves.\nbegun',
    );
  });

  it('tells that something was left in the background', async () => {
    using project = tempProject();
    const bench = await toolBench(project);
    expect(await bench.output('run_command', { command: 'sleep 60 & echo started' })).toBe(
      'Exit status 0.\nA process it left in the background was ended.\nstarted',
    );
  });

  it('drops colours and shrinks progress, for the model and the screen', async () => {
    using project = tempProject();
    const bench = await toolBench(project);
    expect(await bench.output('run_command', { command: "printf '\\033[31mred\\033[0m\\n10%%\\r100%%\\n'" })).toBe(
      'Exit status 0.\nred\n100%',
    );
    expect(bench.screen.join('')).toBe('red\n100%\n');
  });

  it('takes secrets out, also those that a colour would hide', async () => {
    using project = tempProject();
    const outputFilter = () => ({ push: (text: string) => text.replaceAll('hunter2', '***'), end: () => '' });
    const bench = await toolBench(project, { context: { outputFilter } });
    expect(await bench.output('run_command', { command: "printf 'pass hun\\033[1mter2\\n'" })).toBe(
      'Exit status 0.\npass ***',
    );
    expect(bench.screen.join('')).toBe('pass ***\n');
  });

  it('gives both ends of long output, the errors in between, and where to read the rest', async () => {
    using project = tempProject();
    const bench = await toolBench(project);
    const error = await bench.error('run_command', {
      command:
        'for i in $(seq 1 3000); do echo "line $i"; done | sed "s/^line 1500$/src\\/a.ts(3,1): error TS2304/"; exit 1',
    });
    const lines = error.split('\n');
    expect([lines[0], lines[1], lines.at(-1)]).toEqual(['Exit status 1.', 'line 1', 'line 3000']);
    expect(error.length).toBeLessThan(11_000);
    const [, from, to, left, path] =
      /line (\d+)\n\[nex: ([\d,]+) lines left out; the whole output: (\S+), 3000 lines, read it with read_file and line numbers\]/
        .exec(error)
        ?.flatMap((text, at) => (at === 2 ? ['', text] : [text])) ?? [];
    expect(to).toBe('');
    const next = Number(/\n…\nline (\d+)/.exec(error)?.[1]);
    expect(next - Number(from) - 1).toBe(Number(left?.replace(',', '')));
    expect(error).toContain('Lines in between that look like errors:\n1500: src/a.ts(3,1): error TS2304\n…\n');
    expect(await bench.output('read_file', { path, start_line: 1_500, end_line: 1_500 })).toBe(
      '1500 | src/a.ts(3,1): error TS2304',
    );
    expect(readFileSync(project.path(path ?? ''), 'utf8').split('\n').length).toBe(3_001);
  });

  it('gives both ends of one endless line', async () => {
    using project = tempProject();
    const bench = await toolBench(project, { context: { spoolFile: () => undefined } });
    const output = await bench.output('run_command', { command: "head -c 2000000 /dev/zero | tr '\\0' x" });
    expect(output).toBe(
      `Exit status 0.\n${'x'.repeat(5_000)}\n[nex: 1,990,000 characters left out]\n${'x'.repeat(5_000)}`,
    );
  });

  it('does not flood the screen', async () => {
    using project = tempProject();
    const bench = await toolBench(project);
    await bench.output('run_command', { command: 'yes | head -c 5000000' });
    const shown = bench.screen.join('');
    expect([shown.length < 1_000_100, shown.endsWith('\n… more output, not shown\n')]).toEqual([true, true]);
  });

  it('refuses what is no command', async () => {
    using project = tempProject();
    const bench = await toolBench(project);
    expect([
      await bench.error('run_command', { command: ' \n' }),
      await bench.error('run_command', { command: 'a\0b' }),
    ]).toEqual(['The command is empty.', 'The command holds a NUL character, which no command can.']);
    expect(await bench.error('run_command', { command: `: ${'x'.repeat(150_000)}` })).toMatch(
      /^The shell could not start: .*put it into a script\.$/,
    );
  });

  it('stops when the caller gives up', async () => {
    using project = tempProject();
    const stop = new AbortController();
    const bench = await toolBench(project, {
      context: { signal: stop.signal, emitOutput: () => stop.abort(new Error('stopped')) },
    });
    await expect(bench.call('run_command', { command: 'echo ready; sleep 60' })).rejects.toThrow('stopped');
  });
});
