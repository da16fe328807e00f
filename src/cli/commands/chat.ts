import { runTask } from '../../agent/task.ts';
import { Interrupted, NexError } from '../../errors.ts';
import type { ControllingTerminal } from '../../platform/terminal.ts';
import { readLine } from '../../ui/ask.ts';
import { count } from '../../ui/figures.ts';
import { type EditorEnd, readEntry } from '../../ui/line-editor.ts';
import { renderMarkdown } from '../../ui/markdown.ts';
import { noteLines } from '../../ui/notes.ts';
import { sanitize } from '../../ui/sanitize.ts';
import { version } from '../../version.ts';
import { type Chat, commandHints, completeCommand, costLine, runChatCommand } from '../chat-commands.ts';
import { type Composition, composeTask } from '../compose.ts';
import { type CliContext, complain } from '../context.ts';
import { tellOfCutOff } from '../cut-off.ts';
import type { TaskFlags } from '../flags/task.ts';
import { openProject, type Project } from '../project.ts';
import { resumeSession } from '../resume-session.ts';
import { openScreen, type Screen } from '../screen.ts';
import { settingsOf } from '../settings-flags.ts';

/** `nex chat`: the same agent, turn after turn, in one conversation. Ctrl-C stops a turn, Ctrl-D leaves. */
export async function chatCommand(context: CliContext, flags: TaskFlags): Promise<number> {
  const project = await openProject(context, settingsOf(flags));
  if (!flags.continue && flags.resume === undefined) await tellOfCutOff(context, project, flags);
  const turn: Turn = { stop: undefined };
  const interrupt = () => interruptTurn(turn);
  const screen = openScreen(context, flags, { chat: true, interrupt, notify: project.config.settings.notify });
  try {
    if (!screen.controlling || !context.stdin.isTTY)
      throw new NexError('usage', 'A chat needs a terminal.', { hint: 'For one task: nex "task".' });
    project.state.markSeen();
    const resume =
      flags.continue || flags.resume !== undefined ? await resumeSession(context, project, flags.resume) : undefined;
    const composition = await composeTask(context, project, {
      task: '',
      dryRun: flags.dryRun === true,
      yes: flags.yes === true,
      fast: flags.fast === true,
      addDirs: flags.addDir ?? [],
      asker: screen.asker,
      listeners: screen.listeners,
      ...(resume === undefined ? {} : { resume: resume.session }),
    });
    try {
      const chat = newChat(context, composition, screen, flags);
      context.stderr.write(`${openingLines(chat, project, flags.dryRun === true).join('\n')}\n\n`);
      await converse(chat, project, screen.controlling, (said) => {
        turn.stop = new AbortController();
        const keys = screen.hold(interrupt);
        return speak(chat, said, flags, AbortSignal.any([turn.stop.signal, context.signal])).finally(() => {
          turn.stop = undefined;
          chat.typed = keys?.release() ?? '';
        });
      });
      const end =
        chat.turns === 0 ? ['Nothing was asked.'] : [costLine(chat), 'nex chat --continue goes on from here.'];
      context.stderr.write(end.map((line) => `${screen.paint.dim(line)}\n`).join(''));
      return 0;
    } finally {
      await composition.close();
    }
  } finally {
    screen.close();
  }
}

interface Turn {
  stop: AbortController | undefined;
}

/** Ctrl-C while a turn runs stops the turn; once more, while it is being stopped, ends all. */
function interruptTurn({ stop }: Turn): void {
  if (stop && !stop.signal.aborted) stop.abort(new Interrupted('SIGINT'));
  else process.kill(process.pid, 'SIGINT');
}

function newChat(context: CliContext, composition: Composition, screen: Screen, flags: TaskFlags): Chat {
  return {
    context,
    composition,
    screen,
    say: (lines) => void context.stderr.write(`\n${lines.join('\n')}\n\n`),
    notes: [],
    turns: 0,
    typed: '',
    yes: flags.yes,
  };
}

/** Who speaks, and where a conversation that goes on had stopped. */
function openingLines({ composition, screen: { paint }, context }: Chat, project: Project, dryRun: boolean): string[] {
  const { world, session } = composition;
  const columns = Math.max(20, context.stderr.columns ?? 80);
  const start = {
    type: 'session.start' as const,
    task: '',
    model: world.main.id,
    root: project.root,
    version,
    dry_run: dryRun,
  };
  const head = noteLines(start, { paint, columns, verbose: false, home: context.folders.home });
  const answers = session.conversation.filter((message) => message.role === 'assistant' && message.calls.length === 0);
  const last = answers.at(-1);
  const before =
    last?.role === 'assistant'
      ? ['', paint.dim(`Going on after ${count(answers.length, 'turn')}. The last answer was:`), '']
      : [];
  const text = last?.role === 'assistant' ? renderMarkdown(sanitize(last.text), { paint, columns: () => columns }) : '';
  return [
    ...head,
    paint.dim('/help lists the commands, Ctrl-D leaves.'),
    ...before,
    ...(text === '' ? [] : text.trimEnd().split('\n')),
  ];
}

/** Entry after entry, until the person leaves. */
async function converse(
  chat: Chat,
  project: Project,
  terminal: ControllingTerminal,
  answer: (said: string) => Promise<void>,
): Promise<void> {
  const { context, screen, composition } = chat;
  const redact = composition.world.redact;
  const history = project.state.chatHistory();
  for (;;) {
    const end = await nextEntry(chat, terminal, history);
    if (end.kind === 'ended') return;
    if (end.kind === 'interrupted') {
      context.stderr.write(`${screen.paint.dim('Ctrl-D leaves.')}\n`);
      continue;
    }
    chat.typed = end.rest;
    const said = end.text.trim();
    if (said === '') continue;
    const kept = redact(said);
    if (kept !== history.at(-1)) {
      history.push(kept);
      project.state.addToChatHistory(kept);
    }
    if (/^(?:\/exit|\/quit|exit|quit)$/i.test(said)) return;
    try {
      if (!(await runChatCommand(chat, said))) await answer(said);
    } catch (error) {
      // What ends a command ends no chat.
      if (!(error instanceof NexError) || context.signal.aborted) throw error;
      complain(context, error.message, error.hint);
    }
  }
}

/** Edited in place; in plain words, by the terminal itself. */
async function nextEntry(chat: Chat, terminal: ControllingTerminal, history: readonly string[]): Promise<EditorEnd> {
  const { signal } = chat.context;
  if (terminal.isTTY)
    return readEntry(terminal, {
      paint: chat.screen.paint,
      history,
      complete: completeCommand,
      hints: commandHints,
      signal,
      typed: chat.typed,
    });
  const text = await readLine(terminal, { prompt: 'you> ', signal });
  return text === undefined ? { kind: 'ended' } : { kind: 'entered', text, rest: '' };
}

/** One turn: a task in the conversation that goes on. */
async function speak(chat: Chat, task: string, flags: TaskFlags, signal: AbortSignal): Promise<void> {
  const { composition, context } = chat;
  const { tests, review, wrapUp, commit } = flags;
  const piped = chat.notes.splice(0).join('\n');
  chat.turns += 1;
  context.stderr.write('\n');
  const request = { task, piped, tests, review, wrapUp, commit };
  const { error } = await runTask(composition.nextTurn(task, signal), composition.session, request, signal);
  if (error && !(error instanceof Interrupted)) complain(context, error.message, error.hint);
  context.stderr.write('\n');
  context.signal.throwIfAborted();
}
