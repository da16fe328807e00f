import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Starts a second nex process; see `child.ts`. */
export function startChild(work: string, path: string, name: string, rounds: number) {
  const script = fileURLToPath(new URL('./child.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    ['--no-warnings', '--experimental-strip-types', script, work, path, name, String(rounds)],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let said = '';
  let complained = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complained += text;
  });
  const ended = new Promise<{ status: number | null; said: string; complained: string }>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, said, complained }));
  });
  return { child, ended };
}
