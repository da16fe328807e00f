import { join } from 'node:path';
import { NexError } from '../errors.ts';
import type { CutOff } from '../history/recovery.ts';
import { systemClock } from '../platform/clock.ts';
import { isRunning } from '../platform/process-birth.ts';
import { sanitize } from '../ui/sanitize.ts';
import { type CliContext, complain } from './context.ts';
import type { TaskFlags } from './flags/task.ts';
import type { Project } from './project.ts';
import { openScreen } from './screen.ts';

/**
 * Tells of a task that was killed here, once: what it was at, and how to go on with it or undo it. In a terminal it
 * asks whether something new shall begin on top of what it left; throws a NexError 'refused' after a no.
 */
export async function tellOfCutOff(
  context: CliContext,
  project: Project,
  flags: Pick<TaskFlags, 'outputFormat' | 'plain' | 'yes'>,
): Promise<void> {
  const cutOff = project.repository && (await recovered(context, project));
  if (!cutOff) return tellOfUnended(context, project);
  const { message, hint } = wordsFor(cutOff);
  complain(context, message, hint);
  if (cutOff.files.length === 0 || flags.yes || flags.outputFormat !== 'text') return;
  const screen = openScreen(context, flags);
  try {
    if (!screen.asker.present) return;
    const text = 'Begin something new on top of what it left?';
    const { answer } = await screen.asker.ask(
      { kind: 'confirm', id: 'cut-off', text, fallback: false },
      context.signal,
    );
    if (answer !== 'yes') throw new NexError('refused', 'Nothing new was begun.', { hint });
  } finally {
    screen.close();
  }
}

async function recovered(context: CliContext, { repository }: Project): Promise<CutOff | undefined> {
  if (!repository) return undefined;
  const { lockOwner } = await import('../history/lock.ts');
  const found = await lockOwner(repository);
  if (!found || found.alive) return undefined;
  const { recoverCutOff } = await import('../history/recovery.ts');
  try {
    return await recoverCutOff(repository, systemClock);
  } catch (error) {
    // Such as a merge that was begun since: it is told again when that is over.
    if (!(error instanceof NexError)) throw error;
    complain(context, `The task "${sanitize(found.owner.task)}" was cut off here. ${error.message}`, error.hint);
    return undefined;
  }
}

/** A session that was cut off before it changed anything left nothing but its journal. */
async function tellOfUnended(context: CliContext, { nexDir }: Project): Promise<void> {
  const { unendedSession } = await import('../session/resume.ts');
  const session = await unendedSession(join(nexDir, 'sessions'));
  if (session?.pid === undefined || isRunning(session.pid)) return;
  complain(
    context,
    `The last task was cut off: "${sanitize(session.task)}". It had changed nothing that is not committed.`,
    `\`nex sessions resume ${session.id}\` goes on with it.`,
  );
}

/** What happened, and the ways on from there. */
function wordsFor({ session, task, during, action, files, branch, base }: CutOff): {
  message: string;
  hint: string;
} {
  const at = during === undefined ? '' : `, at ${sanitize(`${during.tool} ${during.detail}`.trim()).slice(0, 80)}`;
  if (action !== 'task' && action !== 'apply')
    return {
      message: `An undoing was cut off: "${sanitize(task)}". What was there before it is saved.`,
      hint: '`nex rollback` shows what is left to undo; do it again.',
    };
  const shown = files.slice(0, 3).map(sanitize).join(', ');
  const more = files.length > 3 ? ` and ${files.length - 3} more` : '';
  const left =
    files.length === 0
      ? 'It left no change that is not committed.'
      : `Its changes are in place${branch === undefined ? '' : ` on ${branch}`}: ${shown}${more}. Nothing is lost.`;
  const undo = `; \`nex rollback\` undoes it; \`nex rollback --discard\` goes back to ${base ?? 'where it began'} as it was.`;
  return {
    message: `The last task was cut off: "${sanitize(task)}"${at}. ${left}`,
    hint: `\`nex sessions resume ${session}\` goes on with it${files.length === 0 ? '.' : undo}`,
  };
}
