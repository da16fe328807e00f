import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findCredential } from '../../credential.ts';
import { NexError } from '../../errors.ts';
import { systemClock } from '../../platform/clock.ts';
import { openGitView } from '../../platform/git.ts';
import { listSessions } from '../../session/resume.ts';
import type { StepCost } from '../../session/session-cost.ts';
import { count, size } from '../../ui/figures.ts';
import { openProjectIndex } from '../code-context.ts';
import { type CliContext, print } from '../context.ts';
import { openProject, type Project } from '../project.ts';
import { openPatterns } from '../project-memory.ts';
import { localMinute, printTable } from '../table.ts';

/** `nex status`: what nex knows of this project, and with what it would work. */
export async function statusCommand(context: CliContext, options: { cost?: boolean; json?: boolean }): Promise<number> {
  const project = await openProject(context);
  return options.cost
    ? costs(context, project, options.json === true)
    : status(context, project, options.json === true);
}

async function status(context: CliContext, project: Project, json: boolean): Promise<number> {
  const { settings } = project.config;
  const notes: string[] = [...project.config.notices];
  const [index, sessions, git] = await Promise.all([
    openProjectIndex(project),
    listSessions(join(project.nexDir, 'sessions')),
    project.repository === undefined ? undefined : openGitView(project.repository).then((view) => view.status()),
  ]);
  const summary = index.summary();
  const store = existsSync(join(project.nexDir, 'errors.db'))
    ? await openPatterns(project, systemClock, (text) => void notes.push(text))
    : undefined;
  const found = {
    root: project.root,
    branch: git?.branch ?? null,
    changes: git === undefined ? null : { staged: git.staged, changed: git.changed, untracked: git.untracked },
    memory_lines: memoryLines(project),
    errors: store?.count() ?? 0,
    index:
      summary === undefined
        ? null
        : { files: summary.files, symbols: summary.symbols, bytes: summary.bytes, updated: summary.updated },
    last_session: sessions[0] ?? null,
    model: settings.model,
    light_model: settings.lightModel,
    base_url: settings.baseUrl ?? null,
    max_iterations: settings.maxIterations,
    key: await keySource(context, project),
    notices: notes,
  };
  store?.dispose();
  index.close();
  if (json) {
    print(context, JSON.stringify(found));
    return 0;
  }
  const last = found.last_session;
  printTable(
    context,
    ['project', found.root],
    [
      [
        'branch',
        found.changes === null
          ? 'not in a git repository'
          : `${found.branch ?? 'detached HEAD'}, ${changesLine(found.changes)}`,
      ],
      ['memory', found.memory_lines === null ? 'none yet; `nex init` makes it' : count(found.memory_lines, 'line')],
      ['errors', found.errors === 0 ? 'none learned yet' : `${found.errors} learned`],
      [
        'index',
        found.index === null
          ? 'not built; `nex index` builds it'
          : `${count(found.index.files, 'file')}, ${count(found.index.symbols, 'symbol')}, ${size(found.index.bytes)}, of ${localMinute(found.index.updated)}`,
      ],
      ['last session', last === null ? 'none' : `${last.id} ${last.outcome}: ${last.task}`],
      ['model', `${found.model}, light ${found.light_model}${found.base_url === null ? '' : `, at ${found.base_url}`}`],
      ['calls', `at most ${found.max_iterations} a task`],
      ['key', found.key ?? 'missing: set ANTHROPIC_API_KEY, or nex auth'],
    ],
  );
  for (const note of notes) print(context, `note: ${note}`);
  return 0;
}

/** `2 staged, 1 untracked`, or `clean`. */
function changesLine(changes: Readonly<Record<string, number>>): string {
  const told = Object.entries(changes).filter(([, number]) => number > 0);
  return told.length === 0 ? 'clean' : told.map(([what, number]) => `${number} ${what}`).join(', ');
}

function memoryLines(project: Project): number | null {
  try {
    return readFileSync(join(project.nexDir, 'memory.md'), 'utf8').split('\n').length;
  } catch {
    return null; // none, or a folder in its place
  }
}

/** Where the key comes from; null when there is none. Never the key. */
async function keySource(context: CliContext, project: Project): Promise<string | null> {
  try {
    return (await findCredential(context.env, project.config.settings.baseUrl, context.openKeyring)).source;
  } catch (error) {
    if (error instanceof NexError) return null;
    throw error;
  }
}

async function costs(context: CliContext, project: Project, json: boolean): Promise<number> {
  const sessions = await listSessions(join(project.nexDir, 'sessions'));
  const days = new Map<string, number | null>();
  for (const { started, cost_usd } of sessions) {
    const day = started.slice(0, 10);
    const sum = days.get(day);
    days.set(day, sum === null || cost_usd === null ? null : (sum ?? 0) + cost_usd);
  }
  const today = project.state.spentOn(systemClock.now());
  const tasks = sessions.map(({ id, started, task, cost_usd, steps }) => ({ id, started, task, cost_usd, steps }));
  if (json) {
    print(
      context,
      JSON.stringify({
        tasks,
        days: [...days].map(([day, cost_usd]) => ({ day, cost_usd })),
        today_all_projects_usd: today,
      }),
    );
    return 0;
  }
  const money = (usd: number | null) => (usd === null ? 'unknown' : `$${usd.toFixed(4)}`);
  printTable(
    context,
    ['task', 'cost', 'from cache', 'requests and cost of each step', 'what'],
    tasks.map(({ id, cost_usd, steps, task }) => [
      id,
      money(cost_usd),
      cacheShare(steps),
      steps.map((each) => `${each.step} ${each.requests}: ${money(each.cost_usd)}`).join(', '),
      task,
    ]),
  );
  print(context, '');
  printTable(
    context,
    ['day', 'cost'],
    [...days].map(([day, cost]) => [day, money(cost)]),
  );
  print(context, `\ntoday, all projects: ${money(today)}`);
  return 0;
}

/** How much of the conversation's prompts was read from the cache. */
function cacheShare(steps: readonly StepCost[]): string {
  const main = steps.find(({ step }) => step === 'main');
  if (!main || main.input_tokens === 0) return '-';
  return `${Math.floor((100 * main.cache_read_tokens) / main.input_tokens)} %`;
}
