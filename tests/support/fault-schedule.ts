import type { Fault } from './model-server/faults.ts';
import type { SeenRequest } from './model-server/request.ts';
import { calls, says, type Turn, thinks, turn } from './model-server/turns.ts';

/** Numbers from 0 up to 1 that a seed decides. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A task, and all that goes wrong on its way. */
export interface FaultSchedule {
  seed: number;
  /** The model's replies; the last one ends the task. */
  script: readonly Turn[];
  /** Lines that the task's commands append to `steps.log`, each once. */
  lines: readonly string[];
  /** Files that it writes. */
  files: readonly string[];
  faults: readonly Fault[];
  maxCost: number | undefined;
  maxIterations: number;
  /** Whether some reply arrives whole, but odd. */
  odd: boolean;
  /** Whether the loop's neighbours are asked, too. */
  review: boolean;
  wrapUp: boolean;
}

const STATUSES = [400, 401, 402, 403, 404, 408, 409, 413, 429, 500, 502, 503, 504, 529] as const;
const PLACES = ['message_start', 'thinking', 'text', 'json', 'tool', 'content', 'message_delta'] as const;
const IN_STREAM = ['reset-mid', 'truncate', 'stall', 'error-event', 'garbage', 'trickle'] as const;
const ODD = [
  'empty',
  'max_tokens',
  'max_tokens-thinking',
  'max_tokens-tool',
  'context-window',
  'refusal',
  'refusal-mid',
  'pause_turn',
  'unknown-stop',
  'null-stop',
  'bad-json',
  'cut-json',
  'empty-json',
  'unknown-tool',
  'duplicate-id',
  'no-usage',
  'huge-usage',
] as const;

/** The schedule of a number: always the same one. */
export function faultSchedule(seed: number): FaultSchedule {
  const random = randomFrom(seed);
  const below = (most: number) => Math.floor(random() * most);
  const oneOf = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const lines: string[] = [];
  const files: string[] = [];

  // What changes something stands alone in its reply: one that a fault spoils is sent again whole.
  const steps = Array.from({ length: 1 + below(4) }, (_, index): Turn => {
    const opening = [thinks(`Thought ${seed}-${index}.`), says(`Words ${seed}-${index} are said.`)];
    switch (below(5)) {
      case 0: {
        lines.push(`line ${index}`);
        return turn(...opening, calls('run_command', { command: `echo 'line ${index}' >> steps.log` }));
      }
      case 1: {
        files.push(`made-${index}.txt`);
        return turn(...opening, calls('write_file', { path: `made-${index}.txt`, content: `made by ${seed}\n` }));
      }
      case 2:
        return turn(
          ...opening,
          ...Array.from({ length: 2 + below(4) }, (_none, at) =>
            calls('read_file', { path: 'notes.md', start_line: at + 1 }),
          ),
        );
      case 3:
        return turn(...opening, calls('run_command', { command: `cat no-such-file-${index}` }));
      default:
        return turn(...opening, calls('list_directory', { path: '.', depth: 1 + index }));
    }
  });

  const fault = (): Fault => {
    const where: Pick<Fault, 'turn'> = random() < 0.1 ? { turn: 'side' } : { turn: below(steps.length + 1) };
    const times = random() < 0.15 ? 8 : 1 + below(3);
    switch (below(4)) {
      case 0: {
        const kind = oneOf(STATUSES);
        const retryAfter = kind === 429 ? oneOf([undefined, 1, 30, 3600, 'Fri, 02 Jan 2026 03:04:35 GMT']) : undefined;
        return {
          ...where,
          kind,
          times,
          ...(retryAfter === undefined ? {} : { retryAfter }),
          ...(kind === 400 ? { message: oneOf(TOO_LONG_OR_NOT) } : {}),
          ...(kind === 429 && random() < 0.2 ? { errorCode: 'enforced_spend_limit_reached' } : {}),
        };
      }
      case 1:
        return { ...where, kind: oneOf(['reset', 'silence'] as const), times: Math.min(times, 2) };
      case 2: {
        const kind = oneOf(IN_STREAM);
        return { ...where, kind, after: oneOf(PLACES), ms: 1, times: kind === 'stall' ? 1 : times };
      }
      default:
        return { ...where, kind: oneOf(ODD), times: 1 + below(2) };
    }
  };

  const faults = Array.from({ length: 1 + below(4) }, fault);
  return {
    seed,
    script: [...steps, says(`All of ${seed} is done.`)],
    lines,
    files,
    faults,
    odd: faults.some(({ kind }) => ODD.some((each) => each === kind)),
    maxCost: random() < 0.3 ? 0.04 + random() * 0.8 : undefined,
    maxIterations: random() < 0.2 ? 1 + below(4) : 25,
    review: random() < 0.2,
    wrapUp: random() < 0.3,
  };
}

const TOO_LONG_OR_NOT = [
  'prompt is too long: 1200000 tokens > 1000000 maximum',
  'You have reached your specified API usage limits.',
  'messages: something is wrong',
  'messages.1.content.0: Invalid `signature` in `thinking` block. The block is bound to a different conversation.',
];

/** Plays the script in order, also when the conversation is begun anew in between. */
export function playedInOrder(script: readonly Turn[]): {
  script: (request: SeenRequest) => Turn;
  onAnswered: (request: SeenRequest) => void;
} {
  let base = 0;
  let reached = 0;
  let head = '';
  const positionOf = (request: SeenRequest): number => {
    // Without the markers, which move on from request to request.
    const unmarked = (key: string, value: unknown) => (key === 'cache_control' ? undefined : value);
    const message = (request.body['messages'] as unknown[] | undefined)?.[0] ?? '';
    const first = JSON.stringify(message, unmarked).slice(0, 4000);
    const anew = first.includes('## Conversation so far');
    if (anew && first !== head) {
      base = reached;
      head = first;
    }
    return base + request.turn;
  };
  return {
    script(request) {
      if (request.raw.includes('about to be replaced by a summary')) return says('It went well so far.');
      return script[Math.min(positionOf(request), script.length - 1)] ?? says('Done.');
    },
    // The request for a summary, too, tells how far the conversation had come before it is begun anew.
    onAnswered(request) {
      if (!request.side) reached = positionOf(request);
    },
  };
}
