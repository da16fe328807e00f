import { spawn } from 'node:child_process';

export interface ProgramOptions {
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
  timeoutMs: number;
  /** Output after which the program is ended; what came before is kept. */
  maxBytes?: number;
}

export interface ProgramResult {
  /** Null when it was ended: by the time limit, the size limit or a signal. */
  exit: number | null;
  stdout: string;
  stderr: string;
  timedOut: boolean;
  /** True when there was more output than allowed. */
  cut: boolean;
}

/**
 * Runs a program of nex's own choice by its argument list: no shell, no input, bounded output. Rejects when it cannot
 * start, and with the signal's reason when aborted.
 */
export function runProgram(file: string, args: readonly string[], options: ProgramOptions): Promise<ProgramResult> {
  const { cwd, env, signal, timeoutMs, maxBytes = 64_000_000 } = options;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    const pieces: Buffer[] = [];
    const complaints: Buffer[] = [];
    let bytes = 0;
    let complained = 0;
    let timedOut = false;
    let cut = false;
    const end = () => child.kill('SIGKILL');
    const timer = setTimeout(() => {
      timedOut = true;
      end();
    }, timeoutMs);
    signal.addEventListener('abort', end, { once: true });
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
    };

    child.stdout.on('data', (piece: Buffer) => {
      bytes += piece.length;
      if (bytes <= maxBytes) pieces.push(piece);
      else {
        cut = true;
        end();
      }
    });
    child.stderr.on('data', (piece: Buffer) => {
      complained += piece.length;
      if (complained <= 100_000) complaints.push(piece);
    });
    child.once('error', (error) => {
      settle();
      reject(error);
    });
    child.once('close', (exit) => {
      settle();
      if (signal.aborted) return reject(signal.reason);
      const text = (buffers: Buffer[]) => Buffer.concat(buffers).toString('utf8');
      resolve({ exit, stdout: text(pieces), stderr: text(complaints), timedOut, cut });
    });
  });
}
