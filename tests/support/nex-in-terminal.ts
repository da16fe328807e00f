import { spawn, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { homeEnvironment, type TestHome } from './run-nex.ts';

const program = resolve(import.meta.dirname, '..', '..', 'dist', 'nex.js');

/** A real terminal comes from script(1) of util-linux, which most Linux systems have. */
export const hasTerminal =
  process.platform === 'linux' && spawnSync('script', ['--version']).stdout?.includes('util-linux') === true;

/** Runs the built program in a terminal of 80 columns; when the screen shows what a step waits for, its keys are typed. */
export function nexInTerminal(
  home: TestHome,
  args: readonly string[],
  options: { cwd: string; url?: string; steps?: ReadonlyArray<[seen: RegExp, keys: string]> },
): Promise<string> {
  const words = [process.execPath, program, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const child = spawn('script', ['-qec', `stty cols 80 rows 24; exec ${words}`, '/dev/null'], {
    cwd: options.cwd,
    env: { ...homeEnvironment(home.path, options.url), TERM: 'dumb', SHELL: '/bin/sh' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const left = [...(options.steps ?? [])];
  let screen = '';
  let from = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
    const [step] = left;
    if (step === undefined || !step[0].test(screen.slice(from))) return;
    from = screen.length;
    left.shift();
    child.stdin.write(step[1]);
  });
  return new Promise((done) => child.on('close', () => done(screen.replaceAll('\r\n', '\n'))));
}
