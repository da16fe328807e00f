import type { TaskEnd } from '../../agent/task.ts';
import type { AgentSession, AnswerShape } from '../../agent/task-state.ts';
import { Interrupted, NexError } from '../../errors.ts';
import { type GitStanding, readStanding } from '../../platform/git-standing.ts';
import { askedIn } from '../asked-git.ts';
import { answerLines, createCaller } from '../caller.ts';
import { type CliContext, complain } from '../context.ts';
import { tellOfCutOff } from '../cut-off.ts';
import type { ScriptFlags } from '../flags/task.ts';
import { openProject, type Project } from '../project.ts';
import { resumeSession } from '../resume-session.ts';
import { confirm, openScreen } from '../screen.ts';
import { settingsOf } from '../settings-flags.ts';
import { readTask } from '../task-text.ts';

/** What is loaded while git says where we are. */
interface Parts {
  composeTask: typeof import('../compose.ts').composeTask;
  runTask: typeof import('../../agent/task.ts').runTask;
}

/** `nex "task"`: one task from the words to the commit. Returns the exit status. */
export async function runCommand(context: CliContext, words: readonly string[], flags: ScriptFlags): Promise<number> {
  refuseMixedFlags(words, flags);
  // Git is asked how the repository stands while it says where it is.
  const standing = readStanding(context.cwd, askedIn(context).standing).catch(() => undefined);
  // Loading what a task needs takes as long as git takes to say where we are: both at once.
  const [project, { composeTask }, { runTask }] = await Promise.all([
    openProject(context, settingsOf(flags)),
    import('../compose.ts'),
    import('../../agent/task.ts'),
  ]);
  const goesOn = flags.continue === true || flags.resume !== undefined;
  const answer =
    flags.jsonSchema === undefined
      ? undefined
      : (await import('../answer-schema.ts')).readAnswerShape(flags.jsonSchema, context.cwd);
  const resume = goesOn ? await resumeSession(context, project, flags.resume) : undefined;
  const { task, piped } =
    resume && words.length === 0
      ? { task: resume.next, piped: '' }
      : flags.inputFormat === 'stream-json'
        ? { task: words.join(' '), piped: '' }
        : await readTask(context, words);
  if (!goesOn) await tellOfCutOff(context, project, flags);
  const first = isFirst(project, flags);
  const dryRun = project.config.settings.dryRun ?? first;
  const { end, sessionId } = await performTask({ composeTask, runTask }, context, project, flags, {
    task,
    piped,
    dryRun,
    standing,
    first,
    ...(answer === undefined ? {} : { answer }),
    ...(resume === undefined ? {} : { resume: resume.session }),
  });
  if (end.error) {
    const stopped = end.error instanceof Interrupted;
    complain(context, end.error.message, stopped ? '`nex --continue` goes on, `nex rollback` undoes.' : end.error.hint);
  }
  if (
    dryRun &&
    end.outcome.outcome === 'preview' &&
    end.outcome.files.length > 0 &&
    flags.outputFormat === 'text' &&
    (await confirm(context, 'Apply this now?'))
  ) {
    const { applyCommand } = await import('./apply.ts');
    return applyCommand(context, sessionId, { yes: true, shown: true });
  }
  return end.outcome.exit_code;
}

/** Under `--input-format stream-json` stdin is the caller's voice, and only events can tell it what is asked. */
function refuseMixedFlags(words: readonly string[], flags: ScriptFlags): void {
  if (flags.inputFormat !== 'stream-json') return;
  const hint = 'nex run --output-format stream-json --input-format stream-json "task"';
  if (flags.outputFormat !== 'stream-json')
    throw new NexError('usage', '--input-format stream-json needs --output-format stream-json.', { hint });
  const goesOn = flags.continue === true || flags.resume !== undefined;
  if (words.join(' ').trim() === '-' || (words.length === 0 && !goesOn))
    throw new NexError('usage', 'Stdin brings answers here, so the task must be an argument.', { hint });
}

/** The first run of a new user, who did not say whether it is to change anything. */
function isFirst({ config, state }: Project, flags: ScriptFlags): boolean {
  return config.settings.dryRun === undefined && flags.yes !== true && !state.seen();
}

async function performTask(
  { composeTask, runTask }: Parts,
  context: CliContext,
  project: Project,
  flags: ScriptFlags,
  job: {
    task: string;
    piped: string;
    dryRun: boolean;
    first: boolean;
    standing: Promise<GitStanding | undefined>;
    answer?: AnswerShape;
    resume?: AgentSession;
  },
): Promise<{ end: TaskEnd; sessionId: string }> {
  const caller =
    flags.inputFormat === 'stream-json' ? answerLines(context.stdin, (text) => complain(context, text)) : undefined;
  const screen = openScreen(context, flags, { notify: project.config.settings.notify });
  try {
    const composition = await composeTask(context, project, {
      task: job.task,
      dryRun: job.dryRun,
      yes: flags.yes === true,
      fast: flags.fast === true,
      addDirs: flags.addDir ?? [],
      asker: caller ? (emit) => createCaller({ yes: flags.yes === true, emit, ask: caller.ask }) : screen.asker,
      listeners: screen.listeners,
      standing: job.standing,
      ...(job.resume === undefined ? {} : { resume: job.resume }),
    });
    // Only now: a run that ends for want of a key has shown a new user nothing.
    project.state.markSeen();
    if (job.first)
      context.stderr.write('nex: this is the first run, a dry one. --no-dry-run does what it only shows.\n');
    const { world, session } = composition;
    try {
      const request = {
        task: job.task,
        piped: job.piped,
        tests: flags.tests,
        review: flags.review,
        wrapUp: flags.wrapUp,
        commit: flags.commit,
        ...(job.answer === undefined ? {} : { answer: job.answer }),
      };
      return { end: await runTask(world, session, request, context.signal), sessionId: session.id };
    } finally {
      await composition.close();
    }
  } finally {
    caller?.close();
    screen.close();
  }
}
