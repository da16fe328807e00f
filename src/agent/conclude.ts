import { NexError } from '../errors.ts';
import type { AgentChanges } from '../history/agent-changes.ts';
import { quoteForeign } from '../memory/foreign-text.ts';
import { makeVisible } from '../platform/visible.ts';
import type { OutcomeKind } from '../session/outcome.ts';
import { decisionLine, heardIn } from './kept.ts';
import { asksBack, changesOf, hear, learn, type TaskState, told } from './task-state.ts';
import { fallbackSubject, wrapUp } from './wrap-up.ts';

/** How a finished talk ends for the user. */
export interface Conclusion {
  outcome: OutcomeKind;
  error?: NexError;
  commit?: string;
  uncommitted?: string;
  /** The commit waits for a person. */
  needsPerson?: boolean;
}

/** Records, diff, question and commit; or the preview of a dry run. */
export async function concludeTask(state: TaskState): Promise<Conclusion> {
  if (state.world.preview) return preview(state);
  const changes = await changesOf(state);
  if (changes.files.length === 0) return withoutChanges(state);
  const secrets = state.world.newSecrets(changes.patch);
  const subject = await keepRecords(state, changes);
  const final = await changesOf(state);
  state.files = final.files.map(({ path }) => path);
  state.world.emit({ type: 'diff', patch: state.world.redact(final.patch), files: final.files });
  if (secrets.length > 0)
    return {
      outcome: 'done',
      needsPerson: true,
      uncommitted: `a secret would be committed: ${secrets.map(({ file, line, kind }) => `${file}:${line} (${kind})`).join(', ')}`,
    };
  if (!state.request.commit) return { outcome: 'done', uncommitted: '--no-commit was given' };
  return commit(state, final, subject);
}

async function withoutChanges({ world, text, refused }: TaskState): Promise<Conclusion> {
  if (asksBack(text) && !world.asker.present) {
    return {
      outcome: 'needs_input',
      error: new NexError('failed', 'The model has a question that nobody can answer here.', {
        hint: "Answer it in the task's text, or run nex in a terminal.",
      }),
    };
  }
  // Something else was done in its place: then the refusal is worth a line, not the task's failure.
  if (refused.length > 0 && !world.history?.started) {
    const first = refused[0];
    // Whoever said no needs no explanation.
    if (world.asker.present) return { outcome: 'refused' };
    return {
      outcome: 'refused',
      error: new NexError(
        'refused',
        `Nothing was done: \`${first?.command ?? ''}\` was refused (${first?.reason ?? ''}).`,
        { hint: 'Run nex in a terminal to be asked, or do that step yourself.' },
      ),
    };
  }
  return { outcome: 'done' };
}

/** Session line, decisions and better worded lessons; returns the commit's subject. What repeats a tool is quoted. */
async function keepRecords(state: TaskState, changes: AgentChanges): Promise<string> {
  const { world, request, session, signal } = state;
  const light = request.wrapUp && world.settings.wrapUp ? world.light : undefined;
  const finished = { task: request.task, answer: state.text, files: changes.files, fixed: state.fixed.map(told) };
  const kept = await wrapUp(light, finished, signal);
  const heard = [...session.kept.heard, ...heardIn(session.conversation)];
  const record = (text: string) => quoteForeign(world.redact(text), heard, request.task);
  for (const { id, what_fixed } of kept.lessons) state.patterns?.reword(id, { whatFixed: record(what_fixed) });
  const decisions = kept.decisions.map(({ decision, reasoning }) => ({
    decision: record(decision),
    reasoning: record(reasoning),
  }));
  await world.records.decisions(request.task, decisions);
  session.kept.decisions.push(...decisions.map(({ decision, reasoning }) => decisionLine(decision, reasoning)));
  await world.records.sessionLine(record(kept.summary));
  // Quotes would spoil a subject; one that repeats a tool gives way to the user's own words.
  const subject = world.redact(kept.subject);
  return record(kept.subject) === subject ? subject : world.redact(fallbackSubject(finished));
}

async function commit(state: TaskState, changes: AgentChanges, subject: string): Promise<Conclusion> {
  const { world, signal } = state;
  const history = world.history;
  if (!history) return { outcome: 'done', uncommitted: 'there is no repository' };
  if (!world.yes) {
    if (!world.asker.present && !world.isTrusted())
      return {
        outcome: 'done',
        needsPerson: true,
        uncommitted: 'nobody was there to agree to the commit, and --yes was not given',
      };
    if (world.asker.present) {
      const { answer, said } = await world.asker.ask(
        { kind: 'confirm', id: 'commit', text: `Commit these changes as "${subject}"?`, fallback: false },
        signal,
      );
      if (answer !== 'yes') {
        if (said) await rejected(state, said, changes);
        return { outcome: 'done', uncommitted: 'you said no' };
      }
    }
  }
  const done = await history
    .commit({
      subject,
      signal,
      ...(world.settings.coAuthor === undefined ? {} : { coAuthor: world.settings.coAuthor }),
      onOverlap: async (paths) => {
        if (!world.asker.present) return false;
        const { answer } = await world.asker.ask(
          {
            kind: 'confirm',
            id: 'overlap',
            text: `Your own uncommitted edits and nex's touch the same lines in ${paths.join(', ')}. Commit both there?`,
            fallback: false,
          },
          signal,
        );
        return answer === 'yes';
      },
    })
    .catch((error: unknown) => {
      // Without a name git cannot commit: the work is done, and the commit waits for its person.
      if (!(error instanceof NexError) || error.kind !== 'config') throw error;
      return { status: 'nameless' as const, error };
    });
  if (done.status === 'nameless')
    return { outcome: 'done', needsPerson: true, uncommitted: 'git does not know who you are', error: done.error };
  if (done.status === 'uncommitted') return { outcome: 'done', needsPerson: true, uncommitted: done.reason };
  for (const note of done.notes) world.emit({ type: 'notice', level: 'info', text: note });
  world.emit({ type: 'commit', commit: done.commit, branch: done.branch, subject });
  return { outcome: 'done', commit: done.commit };
}

/** A diff that the user turned down, with the reason, is a lesson too. */
async function rejected(state: TaskState, reason: string, changes: AgentChanges): Promise<void> {
  const { redact } = state.world;
  await learn(state);
  hear(state, state.learner?.afterRejection({ reason: redact(reason), patch: redact(changes.patch) }));
}

async function preview(state: TaskState): Promise<Conclusion> {
  const { world, request } = state;
  const port = world.preview;
  const changes = port?.changes();
  if (!port || !changes) return { outcome: 'preview' };
  if (changes.files.length > 0 || port.commands().length > 0) {
    const id = port.save(request.task);
    world.emit({ type: 'diff', patch: world.redact(changes.patch), files: changes.files });
    world.emit({
      type: 'notice',
      level: 'info',
      text: [
        `Dry run: nothing was changed. ${count(changes.files.length, 'file')} would be written.`,
        ...port.commands().map((command) => `would run: ${wholly(command)}`),
        `\`nex apply ${id}\` does it.`,
      ].join('\n'),
    });
  }
  return { outcome: 'preview' };
}

/** Character for character, its further lines set in: it is what a yes to the preview runs. */
function wholly(command: string): string {
  return command.split('\n').map(makeVisible).join('\n           ');
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
