import { createInterface } from 'node:readline/promises';
import { runTask } from '../../agent/task.ts';
import { Interrupted, NexError } from '../../errors.ts';
import { type Composition, composeTask } from '../compose.ts';
import { type CliContext, complain } from '../context.ts';
import type { TaskFlags } from '../flags/task.ts';
import { openProject } from '../project.ts';
import { resumeSession } from '../resume-session.ts';
import { openScreen } from '../screen.ts';
import { settingsOf } from '../settings-flags.ts';
import { rollbackCommand } from './rollback.ts';

const HELP = `/help    this
/cost    tokens and money so far
/status  branch and changes
/diff    what is uncommitted
/undo    undo the last change (nex rollback)
/clear   forget the conversation
/exit    leave (or Ctrl-D)`;

/** `nex chat`: the same agent, turn after turn, in one conversation. Ctrl-C stops a turn, Ctrl-D leaves. */
export async function chatCommand(context: CliContext, flags: TaskFlags): Promise<number> {
  if (!context.stdin.isTTY)
    throw new NexError('usage', 'A chat needs a terminal.', { hint: 'For one task: nex "task".' });
  const project = await openProject(context, settingsOf(flags));
  project.state.markSeen();
  const screen = openScreen(context, flags);
  const turn: { stop: AbortController | undefined } = { stop: undefined };
  const resume =
    flags.continue || flags.resume !== undefined ? await resumeSession(context, project, flags.resume) : undefined;
  const chat = await composeTask(context, project, {
    task: '',
    dryRun: flags.dryRun === true,
    yes: flags.yes === true,
    fast: flags.fast === true,
    addDirs: flags.addDir ?? [],
    asker: screen.asker,
    listeners: screen.listeners,
    ...(resume === undefined ? {} : { resume }),
  });
  const lines = createInterface({ input: context.stdin, output: context.stderr, prompt: 'nex> ', terminal: true });
  // While a turn runs, Ctrl-C stops the turn; at the prompt it empties the line.
  lines.on('SIGINT', () => {
    if (turn.stop) turn.stop.abort(new Interrupted('SIGINT'));
    else {
      context.stderr.write('\n(Ctrl-D leaves)\n');
      lines.prompt();
    }
  });
  try {
    context.stderr.write('A conversation with nex. /help lists the commands, Ctrl-D leaves.\n');
    lines.prompt();
    for await (const line of lines) {
      const said = line.trim();
      if (said === '/exit' || said === 'exit' || said === 'quit') break;
      if (said.startsWith('/')) await slash(context, chat, said, flags);
      else if (said !== '') {
        lines.pause();
        await oneTurn(context, chat, said, flags, turn);
        lines.resume();
      }
      lines.prompt();
    }
    const { inputTokens, cacheReadTokens, outputTokens, costUsd } = chat.totals();
    context.stderr.write(
      `\n${inputTokens + cacheReadTokens} tokens in, ${outputTokens} out, ${costUsd === null ? 'cost unknown' : `$${costUsd.toFixed(4)}`}. nex chat --continue goes on.\n`,
    );
    return 0;
  } finally {
    lines.close();
    await chat.close();
    screen.close();
  }
}

async function oneTurn(
  context: CliContext,
  chat: Composition,
  task: string,
  flags: TaskFlags,
  turn: { stop: AbortController | undefined },
): Promise<void> {
  turn.stop = new AbortController();
  const onSignal = () => turn.stop?.abort(new Interrupted('SIGINT'));
  process.prependListener('SIGINT', onSignal);
  try {
    const request = {
      task,
      piped: '',
      tests: flags.tests,
      review: flags.review,
      wrapUp: flags.wrapUp,
      commit: flags.commit,
    };
    const { error } = await runTask(chat.nextTurn(task, turn.stop.signal), chat.session, request, turn.stop.signal);
    if (error) complain(context, error.message, error.hint);
  } finally {
    process.off('SIGINT', onSignal);
    turn.stop = undefined;
  }
}

async function slash(context: CliContext, chat: Composition, said: string, flags: TaskFlags): Promise<void> {
  const out = (text: string) => void context.stderr.write(`${text}\n`);
  switch (said) {
    case '/cost': {
      const { requests, inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens, costUsd } = chat.totals();
      return out(
        `${requests} requests, ${inputTokens} tokens in, ${cacheReadTokens} from cache, ${cacheWriteTokens} to cache, ${outputTokens} out, ${costUsd === null ? 'cost unknown' : `$${costUsd.toFixed(4)}`}`,
      );
    }
    case '/status':
      return out((await chat.world.gitSummary()) || 'not in a git repository');
    case '/diff':
      return out((await chat.diff()) || 'nothing is uncommitted');
    case '/undo':
      await rollbackCommand(context, { ...(flags.yes === undefined ? {} : { yes: flags.yes }) });
      return;
    case '/clear':
      chat.session.conversation.length = 0;
      chat.session.system.length = 0;
      return out('The conversation is forgotten; the project memory is not.');
    default:
      return out(HELP);
  }
}
