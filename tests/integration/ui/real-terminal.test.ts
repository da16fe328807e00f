import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

// A real terminal comes from script(1) of util-linux, which most Linux systems have.
const hasScript = process.platform === 'linux' && spawnSync('script', ['--version']).stdout?.includes('util-linux');
const root = resolve(import.meta.dirname, '../../..');

type Step = [seen: RegExp, keys: string | ((found: RegExpExecArray) => void)];

/** Runs a module's text in a terminal of 80 columns; when the screen shows what a step waits for, its keys are typed. */
function inTerminal(source: string, steps: readonly Step[] = []): Promise<string> {
  const command = `stty cols 80 rows 24; exec "${process.execPath}" --input-type=module -e "$SOURCE"`;
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    cwd: root,
    env: { PATH: process.env['PATH'], TERM: 'xterm', SHELL: '/bin/sh', SOURCE: source, NODE_NO_WARNINGS: '1' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const left = [...steps];
  let screen = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
    const [seen, keys] = left[0] ?? [];
    const found = seen?.exec(screen);
    if (!found || keys === undefined) return;
    left.shift();
    if (typeof keys === 'string') child.stdin.write(keys);
    else keys(found);
  });
  return new Promise((done) => child.on('close', () => done(screen.replaceAll('\r\n', '\n'))));
}

const ASK = `
import { openControllingTerminal } from '${root}/src/platform/terminal.ts';
import { askSecret, createAsker } from '${root}/src/ui/ask.ts';
const stop = new AbortController();
process.once('SIGINT', () => stop.abort(new Error('interrupted')));
const terminal = openControllingTerminal();
const asker = createAsker({ terminal, yes: false, color: 0 });
const judgement = { verdict: 'ask', rule: 'r', reason: 'w', part: 'rm', parts: [], readOnly: false };
const approve = () => asker.ask({ kind: 'approve', id: 'c', command: 'rm x', judgement }, stop.signal).then(JSON.stringify, (error) => 'rejected: ' + error.message);
`;
const PROMPT = /instead: /;

describe.skipIf(!hasScript)('in a real terminal', () => {
  it('asks there and takes a line that was edited', async () => {
    const screen = await inTerminal(`${ASK} console.log('[' + await approve() + ']'); terminal.close();`, [
      [PROMPT, 'x\x7fy\r'],
    ]);

    expect(screen).toContain('! This needs your yes:\n  │ rm x\n    ^^\n');
    expect(screen).toContain('[{"answer":"yes"}]');
  });

  it('asks there also when stdin and stdout are no terminals', async () => {
    const inner = `"${process.execPath}" --input-type=module -e "$SOURCE" </dev/null | cat >/dev/null`;
    const source = `${ASK} const answer = await approve(); process.stderr.write('[' + answer + ']'); terminal.close();`;
    const outer = `import { spawnSync } from 'node:child_process'; spawnSync('sh', ['-c', ${JSON.stringify(inner)}], { stdio: 'inherit', env: { ...process.env, SOURCE: ${JSON.stringify(source)} } });`;

    expect(await inTerminal(outer, [[PROMPT, 'n\r']])).toContain('[{"answer":"no"}]');
  });

  it('forgets what was typed before the question', async () => {
    const source = `${ASK}
      const alive = setInterval(() => {}, 1000);
      const typed = new Promise((go) => process.once('SIGUSR2', go));
      console.log('READY ' + process.pid);
      await typed;
      clearInterval(alive);
      console.log('[' + await approve() + ']');
      terminal.close();`;
    const screen = await inTerminal(source, [
      [/READY \d+/, 'y\r'],
      // The terminal itself shows what is typed while nobody reads.
      [/READY (\d+)\s+y/, ([, pid]) => process.kill(Number(pid), 'SIGUSR2')],
      [PROMPT, 'n\r'],
    ]);

    expect(screen).toContain('[{"answer":"no"}]');
  });

  it('ends with the signal at Ctrl-C, and with no at Ctrl-D', async () => {
    const source = `${ASK} console.log('[' + await approve() + ']'); terminal.close();`;

    expect(await inTerminal(source, [[PROMPT, '\x03']])).toContain('[rejected: interrupted]');
    expect(await inTerminal(source, [[PROMPT, '\x04']])).toContain('[{"answer":"no"}]');
  });

  it('does not show a secret', async () => {
    const source = `${ASK} const key = await askSecret(terminal, 'Key:', { signal: stop.signal }); console.log('[' + key.length + ']'); terminal.close();`;
    const screen = await inTerminal(source, [[/Key:/, 'sk-ant-12345\r']]);

    expect(screen).toContain('[12]');
    expect(screen).not.toContain('sk-ant');
  });

  it('turns a spinner below what is printed, and leaves the screen clean', async () => {
    const source = `
import { createTerminal } from '${root}/src/ui/terminal.ts';
import { systemClock } from '${root}/src/platform/clock.ts';
const terminal = createTerminal({ out: process.stderr, answer: process.stdout, columns: () => process.stderr.columns, color: 1, plain: false, quiet: false, verbose: false, clock: systemClock });
const say = (event) => terminal.listen({ ...event, time: '', session: 's' });
const until = async (text) => { while (!seen.includes(text)) await new Promise((go) => setTimeout(go, 10)); };
let seen = '';
const write = process.stderr.write.bind(process.stderr);
process.stderr.write = (text, ...rest) => { seen += text; return write(text, ...rest); };
say({ type: 'tool.call', id: 'a', name: 'run_command', input: { command: 'npm test' } });
await until('\\u2834');
say({ type: 'tool.output', id: 'a', text: 'halfway there\\n' });
await until('halfway');
terminal.pause();
console.log('QUESTION');
terminal.resume();
say({ type: 'tool.result', id: 'a', name: 'run_command', ok: true, text: 'Exit status 0.', changed: [], exit: 0, duration_ms: 5 });
terminal.close();
console.log('[' + process.stderr.columns + ']');`;
    const screen = await inTerminal(source);

    expect(screen).toContain('npm test\x1b[2m · 0 s');
    expect(onScreen(screen)).toEqual(['● Run npm test', 'QUESTION', '● Run npm test  ✓ exit 0', '[80]']);
    expect(screen.lastIndexOf('\x1b[?25h')).toBeGreaterThan(screen.lastIndexOf('\x1b[?25l'));
  });
});

it.skipIf(process.platform === 'win32')('has no controlling terminal in a session of its own', () => {
  const source = `import { openControllingTerminal } from '${root}/src/platform/terminal.ts'; console.log(openControllingTerminal() === undefined);`;
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', source], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  const detached = execFileSync(process.execPath, ['-e', DETACH, source], { encoding: 'utf8', timeout: 20_000 });

  expect(child.status).toBe(0);
  expect(detached.trim()).toBe('true');
});

/** Starts its argument as a module in a new session, which has no controlling terminal. */
const DETACH = `
const { spawn } = require('node:child_process');
const child = spawn(process.execPath, ['--input-type=module', '-e', process.argv[1]], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
child.stdout.pipe(process.stdout);`;

/** What stands on the screen at last: a very small terminal that knows what the spinner says. */
function onScreen(text: string): string[] {
  const lines: string[] = [''];
  let row = 0;
  let column = 0;
  for (const [part, parameter, code] of text.matchAll(/\x1b\[\??(\d*)(?:;\d+)*([A-Za-z])|[^\x1b]/gsu)) {
    const line = lines[row] ?? '';
    if (code === 'A') row -= Number(parameter || 1);
    else if (code === 'G') column = Number(parameter || 1) - 1;
    else if (code === 'K') lines[row] = line.slice(0, column);
    else if (code !== undefined) continue;
    else if (part === '\n') {
      row += 1;
      column = 0;
      lines[row] ??= '';
    } else if (part === '\r') column = 0;
    else {
      lines[row] = line.padEnd(column).slice(0, column) + part + line.slice(column + 1);
      column += 1;
    }
  }
  return lines.filter((line) => line.trim() !== '');
}
