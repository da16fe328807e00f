import type { Asker } from '../agent/ask.ts';
import { runTask as performTask } from '../agent/task.ts';
import { Interrupted, NexError } from '../errors.ts';
import { userFolders } from '../platform/user-folders.ts';
import type { StampedEvent } from '../session/events.ts';
import { answerShape } from './answer-schema.ts';
import type { RunTaskOptions } from './api-types.ts';
import { createCaller } from './caller.ts';
import { composeTask } from './compose.ts';
import type { CliContext } from './context.ts';
import { openProject } from './project.ts';
import { resumeSession } from './resume-session.ts';
import { settingsOf } from './settings-flags.ts';

/** One task, event by event, for the package's entry, which says where it is. */
export async function* runTask(
  options: RunTaskOptions,
  place: Pick<CliContext, 'env' | 'cwd'>,
): AsyncGenerator<StampedEvent, void, undefined> {
  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  const { stdin, stdout, stderr } = process;
  const context: CliContext = {
    ...place,
    folders: userFolders(place.env),
    stdin,
    stdout,
    stderr,
    signal,
    openKeyring: async () => (await import('../platform/keyring.ts')).openKeyring(),
  };
  const events: StampedEvent[] = [];
  let wake = () => {};
  let ended = false;
  const work = perform(context, options, (event) => {
    if ('delta' in event && options.deltas !== true) return;
    events.push(event);
    wake();
  }).finally(() => {
    ended = true;
    wake();
  });
  // Awaited below; until then its failure is nobody's surprise.
  work.catch(() => undefined);
  try {
    for (;;) {
      for (let event = events.shift(); event; event = events.shift()) yield event;
      if (ended) break;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    await work;
  } finally {
    // A caller that stops listening has stopped the task.
    stop.abort(new Interrupted('SIGINT'));
    await work.catch(() => undefined);
  }
}

async function perform(
  context: CliContext,
  options: RunTaskOptions,
  listen: (event: StampedEvent) => void,
): Promise<void> {
  const answer = options.jsonSchema === undefined ? undefined : answerShape(options.jsonSchema, 'jsonSchema');
  if (!options.task?.trim() && options.resume === undefined)
    throw new NexError('usage', 'There is no task.', { hint: 'Give `task`, or `resume`.' });
  const { yes = false, ask } = options;
  const project = await openProject(context, settingsOf(options));
  const resume =
    options.resume === undefined
      ? undefined
      : await resumeSession(context, project, options.resume === true ? undefined : options.resume);
  const task = options.task?.trim() || (resume?.next ?? '');
  const composition = await composeTask(context, project, {
    task,
    dryRun: project.config.settings.dryRun ?? false,
    yes,
    fast: options.fast === true,
    addDirs: options.addDirs ?? [],
    asker: (emit) => (ask ? createCaller({ yes, emit, ask: async (question) => ask(question) }) : nobody(yes)),
    listeners: [listen],
    ...(resume === undefined ? {} : { resume: resume.session }),
  });
  const { tests = true, review = true, wrapUp = true, commit = true, input: piped = '' } = options;
  try {
    const request = { task, piped, tests, review, wrapUp, commit, ...(answer === undefined ? {} : { answer }) };
    await performTask(composition.world, composition.session, request, context.signal);
  } finally {
    await composition.close();
  }
}

/** Nobody to ask: no, except what `yes` covers. */
function nobody(yes: boolean): Asker {
  return {
    present: false,
    ask: async (question) => ({ answer: yes && question.kind === 'confirm' ? 'yes' : 'no' }),
  };
}
