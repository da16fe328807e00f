import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { messageOf } from '../../errors.ts';
import { runGit } from '../../platform/git-plumbing.ts';
import { findRipgrep } from '../../platform/ripgrep.ts';
import { chooseShell } from '../../platform/system-shell.ts';
import type { CliContext } from '../context.ts';
import { type Check, fail, looked, pass, warn } from './check.ts';

/** What nex needs of this machine. */
export function checkMachine(context: CliContext): Promise<Check[]> {
  const { env, cwd, folders } = context;
  return Promise.all([
    looked('git', () => checkGit(cwd)),
    looked('node', () => pass('node', `${process.version} on ${process.platform} ${process.arch}`)),
    looked('shell', () => {
      const { name, path } = chooseShell(env, process.platform);
      return pass('shell', `${name} (${path})`);
    }),
    looked('ripgrep', async () => {
      const found = await findRipgrep({ env, outside: cwd, configured: env['NEX_RG'] });
      const wanted = env['NEX_RG'];
      if (wanted !== undefined && wanted !== '' && found !== wanted)
        return warn(
          'ripgrep',
          `NEX_RG is ${wanted}, which is no program; ${found ?? 'git or our own search'} is used`,
          'Mend or unset NEX_RG.',
        );
      if (found !== undefined) return pass('ripgrep', found);
      return warn('ripgrep', 'not found; searches use git or our own, slower', 'Install ripgrep, or set NEX_RG.');
    }),
    looked('state', () => checkState(folders.state)),
  ]);
}

async function checkGit(cwd: string): Promise<Check> {
  const mend = 'Install git 2.30 or newer.';
  try {
    const version = (await runGit(['--version'], { cwd })).stdout.toString('utf8').trim();
    const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(version)?.slice(1) ?? []).map(Number);
    return major < 2 || (major === 2 && minor < 30) ? fail('git', version, mend) : pass('git', version);
  } catch (error) {
    return fail('git', messageOf(error), mend);
  }
}

function checkState(folder: string): Check {
  try {
    if (existsSync(folder)) accessSync(folder, constants.W_OK);
    return pass('state', existsSync(folder) ? folder : `${folder} (made at the first run)`);
  } catch {
    return warn(
      'state',
      `${folder} cannot be written: trust and costs are not remembered`,
      `Make it yours: chmod u+rwx ${folder}`,
      async () => {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        const { chmod } = await import('node:fs/promises');
        await chmod(folder, 0o700);
        return `${folder} can be written now`;
      },
    );
  }
}
