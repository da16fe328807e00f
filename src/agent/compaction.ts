import { estimateTokens } from '../context/tokens.ts';
import type { Message } from '../model/message.ts';
import { totalOf, type Usage } from '../model/model.ts';
import { freshStart, keepFrom } from './kept.ts';
import { planText } from './plan.ts';
import { changesOf, rewriteJournal, type TaskState } from './task-state.ts';

/** Keeps a conversation within what the model can take. A conversation is never cut: it is begun anew. */
export interface Room {
  /** Before a request: begins anew when the conversation has passed `compactAt`. */
  make(): Promise<void>;
  /** After a reply joined the conversation: what the server counted. */
  counted(usage: Usage): void;
  /** The server said that the conversation does not fit. True when it was begun anew, so that asking again may help. */
  overflow(): Promise<boolean>;
}

const SUM_UP = `This conversation has grown long and is about to be replaced by a summary. Write that summary now, for yourself, in at most 600 words: what was asked for and how far it is; what you found out about the code that is still needed, places as \`path:line\`; decisions and their reasons; what failed and is still open; the very next step. Call no tools.`;

/** A little early: an answer may count for more when it is sent back than the server said it was. */
const EARLY = 0.95;

/** Characters of a fresh start; with a small `compactAt`, a third of that many tokens. */
const LONGEST = 36_000;

export function createRoom(state: TaskState): Room {
  const { session, world } = state;

  /** Tokens of the next request: what the server counted last, and an estimate of what came after. */
  const size = (): number => {
    const counted = session.counted;
    const rest = session.conversation.slice(counted?.messages ?? 0);
    const head = counted ? '' : JSON.stringify([session.system, world.tools.map(({ spec }) => spec)]);
    return (counted?.tokens ?? 0) + estimateTokens(head + JSON.stringify(rest));
  };

  const beginAnew = async (tokens: number | undefined): Promise<boolean> => {
    const { conversation } = session;
    const last = conversation.at(-1);
    // What has just been said to the model and not been answered goes along, unless it is what is too long.
    const opening = last?.role === 'user' && isShort(last, world.compactAt / 3) ? last : undefined;
    const old = opening ? conversation.slice(0, -1) : [...conversation];
    if (old.every(({ role }) => role === 'user') && (opening || old.length === 0)) return false;
    const summary = tokens === undefined ? undefined : await summaryOf(state, old);
    const kept = keepFrom(session.kept, old);
    const text = freshStart(
      kept,
      {
        task: opening ? undefined : [state.request.task, state.request.piped].filter(Boolean).join('\n\n'),
        plan: state.plan ? planText(state.plan) : '',
        changed: (await changesOf(state)).files.map(({ path }) => path),
        summary,
      },
      Math.min(LONGEST, world.compactAt),
    );
    session.kept = kept;
    conversation.splice(
      0,
      conversation.length,
      { role: 'user', text: world.redact(text) },
      ...(opening ? [opening] : []),
    );
    rewriteJournal(state);
    world.forget();
    world.emit({
      type: 'notice',
      level: 'info',
      text: `The conversation grew long${tokens === undefined ? '' : ` (${Math.round(tokens / 1000)}k tokens)`}; it goes on from a summary of itself.`,
    });
    return true;
  };

  return {
    async make() {
      const tokens = size();
      if (tokens > world.compactAt * EARLY) await beginAnew(tokens);
    },
    counted(usage) {
      const tokens = totalOf(usage);
      session.counted = tokens === undefined ? undefined : { tokens, messages: session.conversation.length };
    },
    overflow: () => beginAnew(undefined),
  };
}

/** The model's own summary, asked for within the conversation so that all of it is read from the cache; undefined when it gives none. */
async function summaryOf({ world, session, signal }: TaskState, old: readonly Message[]): Promise<string | undefined> {
  try {
    const { message, stop } = await world.main.ask({
      purpose: 'summary',
      system: session.system,
      messages: [...old, { role: 'user', text: SUM_UP }],
      tools: world.tools.map(({ spec }) => spec),
      effort: world.settings.effort,
      maxTokens: 8000,
      signal,
    });
    return stop === 'refusal' || message.text.trim() === '' ? undefined : message.text;
  } catch (error) {
    // Whatever stands in its way (a limit on money, the network): what was done can be told without a model.
    if (signal.aborted) throw error;
    return undefined;
  }
}

function isShort(message: Message, tokens: number): boolean {
  return estimateTokens(JSON.stringify(message)) <= tokens;
}
