import { NexError } from '../../errors.ts';
import { pruneHistory } from '../../history/retention.ts';
import { applyRollback, planRollback, type RollbackPlan, type RollbackTarget } from '../../history/rollback.ts';
import { listSteps } from '../../history/step-list.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Repository } from '../../platform/git.ts';
import { renderDiff } from '../../ui/diff.ts';
import { sanitize } from '../../ui/sanitize.ts';
import { type CliContext, print } from '../context.ts';
import type { RollbackFlags } from '../flags/rollback.ts';
import { showLong } from '../pager.ts';
import { openProject } from '../project.ts';
import { confirm, paintFor } from '../screen.ts';
import { tableOf } from '../table.ts';

/** `nex rollback`: shows what undoing would do, asks, and does it. Can itself be undone with `--redo`. */
export async function rollbackCommand(context: CliContext, flags: RollbackFlags): Promise<number> {
  const { repository } = await openProject(context);
  if (!repository)
    throw new NexError('repository', 'This folder is not in a git repository, so there is nothing to undo.', {
      hint: 'Go into the repository that nex worked on.',
    });
  if (flags.prune) {
    const { sessions, bytes } = await pruneHistory(repository, systemClock);
    print(context, `${sessions} old sessions were forgotten, ${(bytes / 1e6).toFixed(1)} MB freed.`);
    return 0;
  }
  if (flags.list) return list(context, repository, flags.json === true);
  const plan = await planRollback(repository, targetOf(flags), systemClock);
  if (plan.nothing) {
    print(context, plan.notes.length > 0 ? plan.notes.join('\n') : 'There is nothing left to undo.');
    return 0;
  }
  await show(context, plan);
  if (!(await confirm(context, 'Do this?', flags.yes)))
    throw new NexError('refused', 'Nothing was changed.', { hint: 'Outside a terminal, add --yes.' });
  const done = await applyRollback(repository, plan, systemClock);
  print(
    context,
    `Done: ${done.files.length} files${done.commit === undefined ? '' : `, commit ${done.commit.slice(0, 10)}`}. \`nex rollback --redo\` takes it back (step ${done.step}).`,
  );
  for (const { path, reason } of done.conflicts) print(context, `left as it is: ${sanitize(path)} (${reason})`);
  return done.conflicts.length > 0 ? 3 : 0;
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
    print(
      context,
      tableOf(
        ['step', 'time', 'tool', 'size', 'what', 'task'],
        steps.map(({ step, time, tool, files, detail, task, undone, commit }) => {
          const sum = (key: 'added' | 'removed') => files.reduce((total, file) => total + file[key], 0);
          const marks = [undone && 'undone', commit && `commit ${commit.slice(0, 8)}`].filter(Boolean).join(', ');
          return [
            String(step),
            time.slice(0, 19).replace('T', ' '),
            tool,
            `+${sum('added')} -${sum('removed')}`,
            clip(`${detail}${marks === '' ? '' : ` (${marks})`}`),
            clip(task),
          ];
        }),
      ),
    );
  return 0;
}

async function show(context: CliContext, plan: RollbackPlan): Promise<void> {
  print(context, `Task: ${sanitize(plan.task)}`);
  if (plan.patch !== '') {
    const { stderr } = context;
    const lines = renderDiff(plan.patch, { paint: paintFor(context, stderr), columns: stderr.columns ?? 80 });
    // Without a terminal the preview is for whoever watches; stdout keeps to the figures.
    if (context.stdout.isTTY) await showLong(context, lines);
    else stderr.write(`${lines.join('\n')}\n`);
  }
  for (const { path, added, removed, status } of plan.files)
    print(context, `  ${status} ${sanitize(path)} +${added} -${removed}`);
  if (plan.commit) print(context, `  commit on ${plan.commit.branch ?? 'HEAD'}: ${sanitize(plan.commit.subject)}`);
  if (plan.head)
    print(
      context,
      `  back to ${plan.head.to.branch ?? plan.head.to.commit ?? 'the start'}${plan.head.removes === undefined ? '' : `; the branch ${plan.head.removes} goes (kept for --redo)`}`,
    );
  for (const { path, reason } of plan.conflicts) print(context, `  stays as it is: ${sanitize(path)} (${reason})`);
  for (const note of plan.notes) print(context, `  ${note}`);
}

function clip(text: string): string {
  return text.length <= 70 ? text : `${text.slice(0, 69)}…`;
}
