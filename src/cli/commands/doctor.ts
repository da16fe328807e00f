import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { findCredential } from '../../config.ts';
import { NexError } from '../../errors.ts';
import { retiredOn, successorOf } from '../../model/prices.ts';
import { systemClock } from '../../platform/clock.ts';
import { runGit } from '../../platform/git-plumbing.ts';
import { findRipgrep } from '../../platform/ripgrep.ts';
import { findAssets } from '../assets.ts';
import { openProjectIndex } from '../code-context.ts';
import { type CliContext, print } from '../context.ts';
import { openProject, type Project } from '../project.ts';
import { openPatterns } from '../project-memory.ts';

interface Check {
  name: string;
  status: 'pass' | 'warn' | 'fail';
  found: string;
  /** What mends it. */
  mend?: string;
}

/** `nex doctor`: what nex needs, what it found, and the mend for each fault. Sends nothing. Status 1 when a check fails. */
export async function doctorCommand(context: CliContext, options: { json?: boolean }): Promise<number> {
  const checks: Check[] = [await checkGit(context), checkNode(), await checkRipgrep(context)];
  const project = await openProject(context).catch((error: unknown) => {
    if (!(error instanceof NexError)) throw error;
    checks.push({
      name: 'project',
      status: 'fail',
      found: error.message,
      ...(error.hint === undefined ? {} : { mend: error.hint }),
    });
    return undefined;
  });
  if (project) checks.push(...(await checksOf(context, project)));
  if (options.json) print(context, JSON.stringify(checks));
  else
    for (const { name, status, found, mend } of checks)
      print(
        context,
        `${{ pass: 'ok  ', warn: 'warn', fail: 'FAIL' }[status]}  ${name.padEnd(12)} ${found}${mend === undefined ? '' : `\n      mend: ${mend}`}`,
      );
  return checks.some(({ status }) => status === 'fail') ? 1 : 0;
}

async function checkGit({ cwd }: CliContext): Promise<Check> {
  try {
    const version = (await runGit(['--version'], { cwd })).stdout.toString('utf8').trim();
    const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(version)?.slice(1) ?? []).map(Number);
    const old = major < 2 || (major === 2 && minor < 30);
    return {
      name: 'git',
      status: old ? 'fail' : 'pass',
      found: version,
      ...(old ? { mend: 'Install git 2.30 or newer.' } : {}),
    };
  } catch (error) {
    return {
      name: 'git',
      status: 'fail',
      found: error instanceof Error ? error.message : String(error),
      mend: 'Install git 2.30 or newer.',
    };
  }
}

function checkNode(): Check {
  return { name: 'node', status: 'pass', found: process.version };
}

async function checkRipgrep({ env, cwd }: CliContext): Promise<Check> {
  const found = await findRipgrep({ env, outside: cwd, configured: env['NEX_RG'] });
  return found === undefined
    ? {
        name: 'ripgrep',
        status: 'warn',
        found: 'not found; searches use git or our own, which is slower',
        mend: 'Install ripgrep, or set NEX_RG to its path.',
      }
    : { name: 'ripgrep', status: 'pass', found };
}

async function checksOf(context: CliContext, project: Project): Promise<Check[]> {
  const { settings, notices } = project.config;
  return [
    project.repository === undefined
      ? {
          name: 'repository',
          status: 'warn',
          found: `${project.root} is in no git repository; only questions and dry runs work`,
          mend: 'git init',
        }
      : { name: 'repository', status: 'pass', found: project.root },
    notices.length === 0
      ? { name: 'config', status: 'pass', found: 'read without complaint' }
      : { name: 'config', status: 'warn', found: notices.join('; ') },
    checkKey(context, project),
    checkModel(settings.model),
    checkWritable(project),
    await checkIndex(project),
    await checkErrors(project),
  ];
}

function checkKey(context: CliContext, { config }: Project): Check {
  try {
    return {
      name: 'key',
      status: 'pass',
      found: `from ${findCredential(context.env, config.settings.baseUrl).source}`,
    };
  } catch (error) {
    return {
      name: 'key',
      status: 'fail',
      found: error instanceof Error ? error.message : String(error),
      mend: 'Set ANTHROPIC_API_KEY.',
    };
  }
}

function checkModel(id: string): Check {
  const gone = retiredOn(id);
  if (gone === undefined) return { name: 'model', status: 'pass', found: id };
  return {
    name: 'model',
    status: 'fail',
    found: `${id} was retired on ${gone}`,
    mend: `Use ${successorOf(id) ?? 'a current model'} (NEX_MODEL, -m, or \`model\` in your global config).`,
  };
}

function checkWritable({ root, nexDir }: Project): Check {
  const folder = existsSync(nexDir) ? nexDir : root;
  try {
    accessSync(folder, constants.W_OK);
    return { name: '.nex', status: 'pass', found: existsSync(nexDir) ? nexDir : 'made at the first task' };
  } catch {
    return { name: '.nex', status: 'fail', found: `${folder} cannot be written`, mend: 'Mend its permissions.' };
  }
}

async function checkIndex(project: Project): Promise<Check> {
  if (!existsSync(findAssets().grammarsDir))
    return {
      name: 'index',
      status: 'fail',
      found: 'the grammars are missing from this installation',
      mend: 'Install nex again.',
    };
  const index = await openProjectIndex(project);
  const summary = index.summary();
  index.close();
  return summary === undefined
    ? { name: 'index', status: 'warn', found: 'not built yet', mend: 'nex index (a task builds it, too)' }
    : { name: 'index', status: 'pass', found: `${summary.files} files, ${summary.symbols} symbols` };
}

async function checkErrors(project: Project): Promise<Check> {
  if (!existsSync(join(project.nexDir, 'errors.db'))) return { name: 'errors.db', status: 'pass', found: 'none yet' };
  const said: string[] = [];
  const store = await openPatterns(project, systemClock, (text) => void said.push(text));
  const wrong = [...(store?.check() ?? []), ...said];
  const count = store?.count() ?? 0;
  store?.dispose();
  return wrong.length === 0
    ? { name: 'errors.db', status: 'pass', found: `${count} lessons, sound` }
    : {
        name: 'errors.db',
        status: 'warn',
        found: wrong.join('; '),
        mend: 'The next task sets a broken file aside and begins a new one.',
      };
}
