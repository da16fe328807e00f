import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { NexError } from '../../errors.ts';
import { scrubEnvironment } from '../../platform/scrub-environment.ts';
import { version } from '../../version.ts';
import { type CliContext, print } from '../context.ts';

const PACKAGE = 'nexcoder';
/** How long npm may take; milliseconds. */
const PATIENCE_MS = 20_000;

/**
 * `nex update --check`: asks npm, with the registry and proxy that the user set for it, whether a newer version exists.
 * Changes nothing. Throws NexError 'later' when npm cannot say.
 */
export async function updateCommand(context: CliContext, flags: { check?: boolean; json?: boolean }): Promise<number> {
  if (!flags.check)
    throw new NexError('usage', 'nex does not update itself.', {
      hint: `See what there is: nex update --check. Then: npm install -g ${PACKAGE}`,
    });
  const latest = await latestVersion(context);
  const newer = latest !== null && isNewer(latest, version);
  if (flags.json) print(context, JSON.stringify({ current: version, latest, newer }));
  else if (latest === null) print(context, `${PACKAGE} is not published on this registry; you have ${version}.`);
  else if (newer) print(context, `${latest} is there, you have ${version}: npm install -g ${PACKAGE}`);
  else print(context, `You have ${version}, the newest is ${latest}: nothing to do.`);
  return 0;
}

/** Null when the registry does not know the package. */
function latestVersion({ env, signal }: CliContext): Promise<string | null> {
  const windows = process.platform === 'win32';
  const args = ['view', `${PACKAGE}@latest`, 'version', '--json', '--fetch-retries=0', '--fetch-timeout=8000'];
  return new Promise((resolve, reject) => {
    // On Windows npm is a script, which only a shell can start; no word here is anybody's but ours.
    // Not in the project: its .npmrc could name another registry.
    const options = { cwd: tmpdir(), env: scrubEnvironment(env), signal, timeout: PATIENCE_MS, shell: windows };
    execFile('npm', args, options, (error, stdout) => {
      if (signal.aborted) return reject(signal.reason);
      const answer = parsed(stdout);
      if (typeof answer === 'string') return resolve(answer);
      const said = errorIn(answer);
      if (said?.code === 'E404') return resolve(null);
      const missing = error !== null && 'code' in error && error.code === 'ENOENT';
      reject(
        new NexError(
          'later',
          missing
            ? 'npm was not found, so nobody can be asked for a newer version.'
            : `The npm registry could not be asked${said ? ` (${said.code})` : ''}; you have ${version}.`,
          {
            hint: missing ? 'Install npm, or look where you got nex from.' : 'Try again with a network.',
            cause: error,
          },
        ),
      );
    });
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // npm died before it could say anything
  }
}

function errorIn(answer: unknown): { code: string } | undefined {
  if (typeof answer !== 'object' || answer === null || !('error' in answer)) return undefined;
  const { error } = answer;
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? { code: error.code } : undefined;
}

/** Whether a version is newer than another, by semantic versioning; a pre-release comes before its release. */
export function isNewer(one: string, other: string): boolean {
  const [a, b] = [partsOf(one), partsOf(other)];
  for (let place = 0; place < 3; place++) {
    const difference = (a.numbers[place] ?? 0) - (b.numbers[place] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  if (a.stage === b.stage) return false;
  return a.stage === '' || (b.stage !== '' && a.stage.localeCompare(b.stage, 'en', { numeric: true }) > 0);
}

function partsOf(text: string): { numbers: number[]; stage: string } {
  const [core = '', stage = ''] = text.replace(/\+.*/, '').split(/-(.*)/s);
  return { numbers: core.split('.').map(Number), stage };
}
