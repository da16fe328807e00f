import { cutItem, type Item, type Reply, textItem, thinkingItem } from './reply.ts';
import type { Asked } from './request.ts';

type HttpStatus = 400 | 401 | 402 | 403 | 404 | 408 | 409 | 413 | 429 | 500 | 502 | 503 | 504 | 529;

/** What can go wrong on the way, after a sound request. */
export type WireFault =
  | 'reset' // the connection breaks before any answer
  | 'silence' // no answer at all, for `ms` or until the client gives up
  | 'reset-mid' // the connection breaks after some events
  | 'truncate' // the stream ends cleanly after some events
  | 'stall' // nothing more after some events, for `ms` or until the client gives up
  | 'trickle' // single bytes, `ms` apart (1000), after some events (0)
  | 'error-event' // an error event after some events
  | 'garbage'; // an event that is no JSON, and the end

/** What can be odd about a reply that arrives. Those about calls wait for a turn that has some. */
export type ReplyFault =
  | 'empty' // end_turn without content
  | 'max_tokens' // cut in the text
  | 'max_tokens-thinking' // cut before anything but thinking was said
  | 'max_tokens-tool' // cut in the arguments of the first call
  | 'context-window' // cut in the text by the window
  | 'refusal' // before any output
  | 'refusal-mid' // in the middle of the text
  | 'pause_turn'
  | 'unknown-stop'
  | 'null-stop'
  | 'bad-json' // the arguments of the first call are no JSON
  | 'cut-json' // they break off, and the stop reason says tool_use all the same
  | 'empty-json' // they are {}
  | 'unknown-tool'
  | 'duplicate-id' // all calls have one id
  | 'no-usage'
  | 'huge-usage';

/** A place in the stream: after the first event of that sort (for `content`, after the last block). */
export type Place = 'message_start' | 'thinking' | 'text' | 'json' | 'tool' | 'content' | 'message_delta';

export interface Fault {
  kind: HttpStatus | `${HttpStatus}` | WireFault | ReplyFault;
  /** Only at this turn of the main conversation, or only in calls beside it; anywhere when absent. */
  turn?: number | 'side';
  /** How often it is played; 1 when absent. */
  times?: number;
  /** After how many events, or where; half of them when absent. */
  after?: number | Place;
  ms?: number;
  /** The `retry-after` header: seconds, or any text. */
  retryAfter?: number | string;
  /** The `x-should-retry` header. */
  shouldRetry?: boolean;
  /** The error as a proxy's HTML page. */
  html?: boolean;
  errorType?: string;
  /** `error.details.error_code`, as spend limits carry one. */
  errorCode?: string;
  message?: string;
}

/** The faults still to be played, in order. */
export interface FaultQueue {
  /** Takes the first fault meant for this request. */
  take(request: { turn: number; side: boolean }): Fault | undefined;
  /** Gives back a fault that the reply offered no place for. */
  giveBack(fault: Fault): void;
}

export function faultQueue(faults: readonly Fault[]): FaultQueue {
  const left = new Map(faults.map((fault) => [fault, fault.times ?? 1]));
  return {
    take({ turn, side }) {
      for (const [fault, times] of left) {
        if (times < 1) continue;
        if (fault.turn === 'side' ? !side : fault.turn !== undefined && (side || fault.turn !== turn)) continue;
        left.set(fault, times - 1);
        return fault;
      }
      return undefined;
    },
    giveBack: (fault) => void left.set(fault, (left.get(fault) ?? 0) + 1),
  };
}

/** The status of a fault that is a plain HTTP error. */
export function statusOf(fault: Fault): number | undefined {
  const status = Number(fault.kind);
  return Number.isNaN(status) ? undefined : status;
}

/** The reply with its fault in it; undefined when the reply has nothing that the fault could spoil. */
export function spoilt(reply: Reply, fault: Fault, asked: Asked): Reply | undefined {
  const { items } = reply;
  const broken = (changed: readonly Item[], stop: string | null = reply.stop): Reply => ({
    items: changed,
    stop,
    stopDetails: null,
    whole: false,
  });
  const call = items.findIndex((item) => item.kind === 'block' && item.json !== undefined);
  const change = (how: (item: Item & { kind: 'block' }) => Item) =>
    call === -1
      ? undefined
      : broken(items.map((item, at) => (at === call && item.kind === 'block' ? how(item) : item)));

  switch (fault.kind) {
    case 'empty':
      return broken([], 'end_turn');
    case 'max_tokens':
      return broken(cutInText(items), 'max_tokens');
    case 'context-window':
      return broken(cutInText(items), 'model_context_window_exceeded');
    case 'max_tokens-thinking': {
      const item = thinkingItem('I should first look at everything that is there, and then', false, asked);
      return broken(item === undefined ? [] : [cutItem(item, 1)], 'max_tokens');
    }
    case 'max_tokens-tool': {
      const cut = items[call];
      return cut && broken([...items.slice(0, call), cutItem(cut, 0.5)], 'max_tokens');
    }
    case 'refusal':
      return { ...broken([], 'refusal'), stopDetails: refusalDetails(fault) };
    case 'refusal-mid':
      return { ...broken(cutInText(items), 'refusal'), stopDetails: refusalDetails(fault) };
    case 'pause_turn':
      return broken([textItem('One moment.')], 'pause_turn');
    case 'unknown-stop':
      return broken(items, 'future_reason');
    case 'null-stop':
      return broken(items, null);
    case 'bad-json':
      return change((item) => ({
        ...item,
        json: `${(item.json ?? '').slice(0, -1)},}}`,
        block: { ...item.block, input: {} },
      }));
    case 'cut-json':
      return change((item) => cutItem(item, 0.5));
    case 'empty-json':
      return change((item) => ({ ...item, json: '{}', block: { ...item.block, input: {} } }));
    case 'unknown-tool':
      return change((item) => ({ ...item, block: { ...item.block, name: 'no_such_tool' } }));
    case 'duplicate-id': {
      const first = items[call];
      if (
        first?.kind !== 'block' ||
        items.filter((item) => item.kind === 'block' && item.json !== undefined).length < 2
      ) {
        return undefined;
      }
      const id = first.block['id'] ?? '';
      return broken(
        items.map((item) =>
          item.kind === 'block' && item.json !== undefined ? { ...item, block: { ...item.block, id } } : item,
        ),
      );
    }
    default:
      return reply;
  }
}

/** Everything before the first text, and half of that text; a text of its own where there is none. */
function cutInText(items: readonly Item[]): Item[] {
  const at = items.findIndex((item) => item.kind === 'block' && item.block['type'] === 'text');
  const text = items[at] ?? textItem('I will begin by looking at the');
  return [...items.slice(0, Math.max(0, at)), cutItem(text, 0.5)];
}

function refusalDetails(fault: Fault) {
  return { type: 'refusal', category: 'cyber', explanation: fault.message ?? 'This request may enable harm.' };
}
