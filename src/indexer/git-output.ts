import { spawn } from 'node:child_process';
import { environment } from '../platform/git-plumbing.ts';

/**
 * Settings of a repository that would run programs are switched off: an index must not run the code it reads.
 * Optional locks stay untaken, so that the user's own git never waits for nex.
 */
const NEUTRAL = [
  '--no-optional-locks',
  '--no-pager',
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'log.showSignature=false',
  '-c',
  'diff.external=',
];

/** What git prints, or undefined when it fails or is not there. Rejects only when the signal aborts. */
export function gitOutput(root: string, args: readonly string[], signal?: AbortSignal): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const chunks: Buffer[] = [];
    const child = spawn('git', [...NEUTRAL, '-C', root, ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
      windowsHide: true,
      // Among others, so that a partial clone fetches nothing: an index needs no network.
      env: environment({}),
      ...(signal ? { signal } : {}),
    });
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', (error) => (signal?.aborted ? reject(signal.reason) : resolve(void error)));
    child.on('close', (code) => {
      if (signal?.aborted) reject(signal.reason);
      else resolve(code === 0 ? Buffer.concat(chunks) : undefined);
    });
  });
}
