import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, loadConfig } from '../../config.ts';
import { NexError } from '../../errors.ts';
import { findRepository } from '../../platform/git.ts';
import { sanitize } from '../../ui/sanitize.ts';
import { type CliContext, complain, print } from '../context.ts';
import { type Check, fail, pass, warn } from '../doctor/check.ts';
import { checkMachine } from '../doctor/machine.ts';
import { checkModels } from '../doctor/model.ts';
import { checkProject } from '../doctor/project.ts';
import type { DoctorFlags } from '../flags/doctor.ts';
import type { Project } from '../project.ts';

/**
 * `nex doctor`: what nex needs, what it found, and the mend for each fault. Changes nothing without `--repair`, sends
 * nothing but one question for the server's models. Status 1 when a check fails.
 */
export async function doctorCommand(context: CliContext, flags: DoctorFlags): Promise<number> {
  let examined = await examine(context);
  const repaired: string[] = [];
  if (flags.repair) {
    for (const { repair } of examined.checks) if (repair) repaired.push(await repair());
    if (repaired.length > 0) examined = await examine(context);
  }
  const { checks } = examined;
  if (flags.json) print(context, JSON.stringify(checks.map(({ repair, ...check }) => check)));
  else for (const check of checks) print(context, linesOf(check));
  for (const done of repaired) complain(context, `repaired: ${done}`);
  if (flags.bundle) {
    const { writeBundle } = await import('../doctor/bundle.ts');
    const path = await writeBundle(context, examined);
    complain(context, `wrote ${path}; nothing was sent.`, 'Look into it, then attach it to your report.');
  }
  return checks.some(({ status }) => status === 'fail') ? 1 : 0;
}

/** What the doctor saw. */
export interface Examination {
  checks: Check[];
  root: string;
  nexDir: string;
  config: Config | undefined;
}

async function examine(context: CliContext): Promise<Examination> {
  const place = await findPlace(context);
  const settings: Check[] = [];
  const config = await readSettings(context, place.root, settings);
  const [machine, project, models] = await Promise.all([
    checkMachine(context),
    checkProject(place),
    config
      ? checkModels(context, config.settings)
      : [warn('model', 'not checked: the settings cannot be read', 'Mend the settings first.')],
  ]);
  return { checks: [...machine, ...settings, ...models, ...project], ...place, config };
}

/** Where the project is, also when git is missing or the settings are broken. */
async function findPlace({ cwd }: CliContext): Promise<Pick<Project, 'root' | 'nexDir' | 'repository'>> {
  const here = realpathSync(cwd);
  const repository = await findRepository(here).catch((error: unknown) => {
    if (error instanceof NexError) return undefined; // the check of git says why
    throw error;
  });
  const root = repository?.root ?? here;
  return { root, nexDir: join(root, '.nex'), repository };
}

/** The settings in force; when the project's are broken, one's own. */
async function readSettings(context: CliContext, root: string, checks: Check[]): Promise<Config | undefined> {
  const { env, folders } = context;
  for (const layer of [root, undefined]) {
    try {
      const config = await loadConfig({ env, folders, root: layer });
      if (checks.length === 0)
        checks.push(
          config.notices.length === 0
            ? pass('config', 'read without complaint')
            : warn('config', config.notices.join(' '), '`nex config path` names the file.'),
        );
      return config;
    } catch (error) {
      if (!(error instanceof NexError)) throw error;
      if (checks.length === 0)
        checks.push(fail('config', error.message, error.hint ?? '`nex config path` names the file.'));
    }
  }
  return undefined;
}

function linesOf({ name, status, found, mend }: Check): string {
  const sign = { pass: 'ok  ', warn: 'warn', fail: 'FAIL' }[status];
  const lines = [`${sign}  ${name.padEnd(12)} ${found}`];
  if (mend !== undefined) lines.push(`      mend: ${mend}`);
  return sanitize(lines.join('\n'));
}
