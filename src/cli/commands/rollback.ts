import { NexError } from '../../errors.ts';
import { pruneHistory } from '../../history/retention.ts';
import { applyRollback, planRollback, type RollbackPlan, type RollbackTarget } from '../../history/rollback.ts';
import { listSteps } from '../../history/step-list.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Repository } from '../../platform/git.ts';
import { oneLine } from '../../platform/one-line.ts';
import { renderDiff } from '../../ui/diff.ts';
import { size } from '../../ui/figures.ts';
import { sanitize } from '../../ui/sanitize.ts';
import { type CliContext, print } from '../context.ts';
import type { RollbackFlags } from '../flags/rollback.ts';
import { hanging } from '../hanging.ts';
import { paintFor } from '../looks.ts';
import { showLong } from '../pager.ts';
import { openProject } from '../project.ts';
import { needYes } from '../screen.ts';
import { localMinute, printTable } from '../table.ts';

/** `nex rollback`: shows what undoing would do, asks, and does it. Can itself be undone with `--redo`. */
export async function rollbackCommand(context: CliContext, flags: RollbackFlags): Promise<number> {
  const { repository } = await openProject(context);
  if (!repository)
    throw new NexError('repository', 'This folder is not in a git repository, so there is nothing to undo.', {
      hint: 'Go into the repository that nex worked on.',
    });
  if (flags.prune) {
    const { sessions, bytes } = await pruneHistory(repository, systemClock);
    print(context, `${sessions} old sessions were forgotten, ${size(bytes)} freed.`);
    return 0;
  }
  if (flags.list) return list(context, repository, flags.json === true);
  const plan = await planRollback(repository, targetOf(flags), systemClock);
  if (plan.nothing) {
    print(context, plan.notes.length > 0 ? plan.notes.join('\n') : 'There is nothing left to undo.');
    return 0;
  }
  await show(context, plan, flags.yes === true);
  await needYes(context, WORDS[plan.target.kind].question, { yes: flags.yes, otherwise: 'Nothing was changed.' });
  const done = await applyRollback(repository, plan, systemClock);
  const parts = [countOf(done.files.length, 'file'), ...(done.commit ? [`commit ${done.commit.slice(0, 10)}`] : [])];
  print(context, `Done: ${parts.join(', ')}. ${WORDS[plan.target.kind].back}`);
  for (const { path, reason } of done.conflicts) print(context, `left as it is: ${sanitize(path)} (${reason})`);
  return done.conflicts.length > 0 ? 3 : 0;
}

/** What each undoing is called, asked and taken back by. */
const WORDS: Record<RollbackTarget['kind'], { title: (task: string) => string; question: string; back: string }> = {
  last: {
    title: (task) => `Undo: ${task}`,
    question: 'Undo this?',
    back: '`nex rollback --redo` brings it back.',
  },
  step: {
    title: (task) => `Back to before this step of: ${task}`,
    question: 'Go back?',
    back: '`nex rollback --redo` goes forward again.',
  },
  redo: {
    title: (task) => `Bring back: ${task}`,
    question: 'Bring this back?',
    back: '`nex rollback` undoes it again.',
  },
  discard: {
    title: (task) => `Leave behind: ${task}`,
    question: 'Go back to the exact state before the task?',
    back: '`nex rollback --redo` brings the task and its branch back.',
  },
};

function countOf(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function targetOf(flags: RollbackFlags): RollbackTarget {
  const wishes = [flags.to !== undefined, flags.redo, flags.discard].filter(Boolean).length;
  if (wishes > 1)
    throw new NexError('usage', '--to, --redo and --discard exclude each other.', { hint: 'Give one of them.' });
  if (flags.to !== undefined) return { kind: 'step', step: flags.to };
  if (flags.redo) return { kind: 'redo' };
  return { kind: flags.discard ? 'discard' : 'last' };
}

async function list(context: CliContext, repository: Repository, json: boolean): Promise<number> {
  const steps = await listSteps(repository);
  if (json) print(context, JSON.stringify(steps));
  else if (steps.length === 0) print(context, 'nex has changed nothing here yet.');
  else
    printTable(
      context,
      ['step', 'time', 'size', 'what'],
      steps.map(({ step, time, tool, files, detail, task, undone, commit }, at) => {
        const sum = (key: 'added' | 'removed') => files.reduce((total, file) => total + file[key], 0);
        const marks = [undone && 'undone', commit && `commit ${commit.slice(0, 8)}`].filter(Boolean).join(', ');
        const [first = ''] = files.map(({ path }) => path);
        const what = [
          oneLine(sanitize(tool === 'write_file' ? tool : `${tool} ${detail}`), 60),
          files.length > 1
            ? `${oneLine(sanitize(first), 40)} and ${files.length - 1} more`
            : oneLine(sanitize(first), 48),
          marks === '' ? '' : `(${marks})`,
          // Steps of one task follow each other: its words stand at the first of them.
          steps[at - 1]?.session === steps[at]?.session ? '' : `task: ${oneLine(sanitize(task), 60)}`,
        ];
        return [
          String(step),
          localMinute(time),
          files.length === 0 ? '' : `+${sum('added')} -${sum('removed')}`,
          what.filter((part) => part !== '').join(' · '),
        ];
      }),
    );
  return 0;
}

async function show(context: CliContext, plan: RollbackPlan, yes: boolean): Promise<void> {
  const tell = (text: string, lead = '') => {
    // Whoever reads it in a file or a pipe gets it in one piece.
    const columns = context.stdout.isTTY ? Math.max(20, context.stdout.columns ?? 80) : Number.POSITIVE_INFINITY;
    for (const line of hanging(lead, text, columns)) print(context, line);
  };
  tell(WORDS[plan.target.kind].title(plan.task));
  if (plan.patch !== '') {
    const { stderr } = context;
    const lines = renderDiff(plan.patch, { paint: paintFor(context, stderr), columns: stderr.columns ?? 80 });
    // Without a terminal the preview is for whoever watches; stdout keeps to the figures.
    if (!context.stdout.isTTY) stderr.write(`${lines.join('\n')}\n`);
    // Whoever said yes beforehand does not want to leave a pager first.
    else if (yes) print(context, ['', ...lines, ''].join('\n'));
    else await showLong(context, ['', ...lines, '']);
  }
  // A diff on the same screen has said so.
  const told = plan.patch !== '' && context.stdout.isTTY === true;
  if (plan.files.length > 0 && !told) tell(plan.files.map(sizeOf).join(', '), '  ');
  if (plan.commit) tell(`commit on ${plan.commit.branch ?? 'HEAD'}: ${plan.commit.subject}`, '  ');
  if (plan.head) {
    const { to, removes } = plan.head;
    const goes = removes === undefined ? '' : `; the branch ${removes} goes (kept for --redo)`;
    tell(`back to ${to.branch ?? to.commit ?? 'the start'}${goes}`, '  ');
  }
  for (const { path, reason } of plan.conflicts) tell(`stays as it is: ${path} (${reason})`, '  ');
  for (const note of plan.notes) tell(note, '  ');
}

function sizeOf({ path, added, removed, status }: RollbackPlan['files'][number]): string {
  const sizes = [added > 0 && `+${added}`, removed > 0 && `-${removed}`].filter(Boolean).join(' ');
  return [path, sizes, status === 'modified' ? '' : `(${status === 'added' ? 'new' : 'deleted'})`]
    .filter(Boolean)
    .join(' ');
}
