import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const program = resolve(import.meta.dirname, '..', '..', 'dist', 'nex.js');

/** How a run of the built program ended. */
export interface Run {
  status: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  cwd: string;
  /** The model server's address; without one there is neither address nor key. */
  url?: string;
  env?: Readonly<Record<string, string>>;
  input?: string;
  /** Hears the child, to send it signals. */
  onStart?: (child: { kill(signal: NodeJS.Signals): boolean; readonly pid?: number | undefined }) => void;
  /** Hears stdout as it comes, and can answer on stdin, which then stays open until the program ends. */
  onStdout?: (text: string, write: (answer: string) => void) => void;
  /** Hears stderr as it comes. */
  onStderr?: (text: string) => void;
}

/** A home folder of its own for the programs that a test starts. */
export interface TestHome extends Disposable {
  readonly path: string;
  /** Runs the built program in this home, without a controlling terminal. */
  nex(args: readonly string[], options: RunOptions): Promise<Run>;
}

export const TEST_KEY = 'test-key-0123456789';

export function testHome(): TestHome {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'nex-home-')));
  mkdirSync(join(path, 'tmp'));
  return {
    path,
    nex: (args, options) => runProgram(program, path, args, options),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** The environment of a program in this home: nothing of the machine's but PATH. */
export function homeEnvironment(home: string, url: string | undefined): Record<string, string> {
  return {
    PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
    HOME: home,
    USERPROFILE: home,
    TMPDIR: join(home, 'tmp'),
    LANG: 'C.UTF-8',
    NO_COLOR: '1',
    GIT_CONFIG_NOSYSTEM: '1',
    ...(url === undefined ? {} : { ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: TEST_KEY }),
  };
}

/** Runs a built program in this home, without a controlling terminal. */
export function runProgram(program: string, home: string, args: readonly string[], options: RunOptions): Promise<Run> {
  const env = { ...homeEnvironment(home, options.url), ...options.env };
  return start(process.execPath, [program, ...args], { ...options, env });
}

/** Runs a line as somebody types it into a shell, without a controlling terminal. */
export function runShell(line: string, options: { cwd: string; env: Readonly<Record<string, string>> }): Promise<Run> {
  return start('bash', ['-c', line], options);
}

function start(
  file: string,
  args: readonly string[],
  options: RunOptions & { env: Readonly<Record<string, string>> },
): Promise<Run> {
  return new Promise((resolve, reject) => {
    // A session of its own has no controlling terminal: questions cannot reach whoever runs the tests.
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: [options.input === undefined && !options.onStdout ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      options.onStdout?.(text, (answer) => child.stdin?.write(answer));
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      options.onStderr?.(text);
    });
    child.stdin?.on('error', () => {}); // the program may leave before it has read all
    if (!options.onStdout) child.stdin?.end(options.input);
    options.onStart?.(child);
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}
