import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/model/message.ts';
import { createMeter, withMeter } from '../../../src/model/meter.ts';
import type { Model, ModelPiece, Usage } from '../../../src/model/model.ts';
import { ModelError } from '../../../src/model/model-error.ts';
import { priceTable } from '../../../src/model/prices.ts';
import { withRetry } from '../../../src/model/retry.ts';
import { manualClock } from '../../support/manual-clock.ts';
import type { Fault, Place } from '../../support/model-server/faults.ts';
import { type ModelServer, startModelServer } from '../../support/model-server/server.ts';
import { calls, says, type Turn, thinks, turn } from '../../support/model-server/turns.ts';
import { ask, modelOn, talk } from './talk.ts';

const task: Message = { role: 'user', text: 'Do it.' };
const SCRIPT: Turn[] = [
  turn(
    thinks('I think this over.'),
    says('I will write it, and then read it again.'),
    calls('write_file', { path: 'src/a.ts' }),
  ),
  says('Written.'),
];

function retrying(server: ModelServer, idleTimeoutMs = 10_000): { model: Model; slept: number[] } {
  const clock = manualClock();
  return { model: withRetry(modelOn(server, { idleTimeoutMs }), { clock, random: () => 0 }), slept: clock.slept };
}

/** The words that were heard, in order. */
function wordsIn(heard: readonly ModelPiece[]): string {
  return heard.map((piece) => (piece.type === 'text' ? piece.text : '')).join('');
}

async function errorOf(promise: Promise<unknown>): Promise<ModelError> {
  const error: unknown = await promise.catch((thrown: unknown) => thrown);
  if (!(error instanceof ModelError)) throw error;
  return error;
}

const PLACES: Place[] = ['message_start', 'thinking', 'text', 'json', 'tool', 'content', 'message_delta'];
const PASSING: Fault[] = [
  ...([408, 409, 429, 500, 502, 503, 504, 529] as const).map((kind) => ({ kind })),
  { kind: 502, html: true },
  { kind: 429, retryAfter: 1 },
  { kind: 400, shouldRetry: true },
  { kind: 'reset' },
  ...PLACES.flatMap((after): Fault[] => [
    { kind: 'reset-mid', after },
    { kind: 'truncate', after },
    { kind: 'error-event', after },
    { kind: 'garbage', after },
  ]),
];

describe('a fault that passes', () => {
  it.each(PASSING)('is mended by asking again, and nothing is heard twice: %j', async (fault) => {
    await using server = await startModelServer({ script: SCRIPT, faults: [fault] });
    const { model, slept } = retrying(server);
    const asked = ask([task]);
    const reply = await model.ask(asked);
    expect(reply.message.calls).toMatchObject([{ name: 'write_file', input: { path: 'src/a.ts' } }]);
    expect(wordsIn(asked.heard)).toBe('I will write it, and then read it again.');
    expect(asked.heard.filter(({ type }) => type === 'block' || type === 'call' || type === 'notice')).toEqual([
      { type: 'block', kind: 'thinking', text: 'I think this over.' },
      { type: 'block', kind: 'text', text: 'I will write it, and then read it again.' },
      { type: 'call', name: 'write_file' },
    ]);
    expect([server.requests.length, slept]).toEqual([2, [1000]]);
  });

  it.each<Fault>([{ kind: 'silence' }, { kind: 'stall', after: 'message_start' }, { kind: 'stall', after: 'json' }])(
    'is noticed by the silence, and mended: %j',
    async (fault) => {
      await using server = await startModelServer({ script: SCRIPT, faults: [fault] });
      const { model } = retrying(server, 150);
      const asked = ask([task]);
      expect((await model.ask(asked)).message.calls.length).toBe(1);
      expect(asked.heard.find(({ type }) => type === 'retry')).toMatchObject({
        reason: expect.stringMatching(/^The server at 127\.0\.0\.1:\d+ sent nothing for/),
      });
    },
  );

  it('is none while bytes keep coming, one at a time', async () => {
    await using server = await startModelServer({
      script: SCRIPT,
      faults: [{ kind: 'trickle', after: 'content', ms: 1 }],
    });
    await retrying(server, 150).model.ask(ask([task]));
    expect(server.requests.length).toBe(1);
  });

  it('may come in the middle of a task, more than once, and the conversation stays sound', async () => {
    const faults: Fault[] = [
      { kind: 529, turn: 0, times: 3 },
      { kind: 'reset-mid', turn: 1 },
      { kind: 'truncate', turn: 1 },
    ];
    await using server = await startModelServer({ script: SCRIPT, faults });
    const { model, slept } = retrying(server);
    expect((await talk(model, [task])).map(({ message }) => message.text)).toEqual([
      'I will write it, and then read it again.',
      'Written.',
    ]);
    expect(slept).toEqual([1000, 2000, 4000, 1000, 2000]);
  });

  it('tells when the answer is another one the second time', async () => {
    const said = ['The first answer begins so', 'The second one is different'];
    await using server = await startModelServer({
      script: () => says(said.shift() ?? ''),
      faults: [{ kind: 'truncate', after: 'content' }],
    });
    const asked = ask([task]);
    await retrying(server).model.ask(asked);
    const after = asked.heard.slice(asked.heard.findIndex(({ type }) => type === 'notice'));
    expect(wordsIn(after)).toBe('The second one is different');
    expect(after[0]).toEqual({ type: 'notice', text: 'The answer was cut off; it starts again.' });
  });
});

describe('a fault that stays', () => {
  it.each<[Fault, string, string]>([
    [{ kind: 401 }, 'failed', 'did not accept the key'],
    [{ kind: 402 }, 'failed', 'billing problem'],
    [{ kind: 403 }, 'failed', 'may not use claude-sonnet-5-5'],
    [{ kind: 404 }, 'failed', 'has no model "claude-sonnet-5-5"'],
    [{ kind: 413 }, 'failed', 'too large'],
    [{ kind: 400, message: 'prompt is too long: 1200000 tokens > 1000000 maximum' }, 'failed', 'no longer fits'],
    [{ kind: 400, message: 'You have reached your specified API usage limits.' }, 'later', 'spending limit'],
    [{ kind: 429, errorCode: 'enforced_spend_limit_reached', retryAfter: 1 }, 'later', 'spending limit'],
    [{ kind: 429, retryAfter: 3600 }, 'later', 'asks to wait 60 minutes'],
    [{ kind: 500, shouldRetry: false }, 'later', 'an error of its own'],
    [{ kind: 'error-event', errorType: 'invalid_request_error', message: 'No.' }, 'failed', 'No.'],
  ])('is told at once, without a second request: %j', async (fault, kind, words) => {
    await using server = await startModelServer({ script: SCRIPT, faults: [fault] });
    const { model, slept } = retrying(server);
    const error = await errorOf(model.ask(ask([task])));
    expect([error.kind, error.message]).toEqual([kind, expect.stringContaining(words)]);
    expect([server.requests.length, slept]).toEqual([1, []]);
  });

  it('is given up after six retries', async () => {
    await using server = await startModelServer({ script: SCRIPT, faults: [{ kind: 529, times: 7 }] });
    const error = await errorOf(retrying(server).model.ask(ask([task])));
    expect([error.kind, server.requests.length]).toEqual(['later', 7]);
  });

  it('names a retired model’s successor', async () => {
    await using server = await startModelServer({ script: SCRIPT, allowViolations: [3] });
    const error = await errorOf(modelOn(server, { id: 'claude-sonnet-4-20250514' }).ask(ask([task])));
    expect([error.message, error.hint]).toEqual([
      'The model claude-sonnet-4-20250514 was retired on 2026-06-15.',
      expect.stringContaining('claude-sonnet-5-5'),
    ]);
  });

  it('names a server that is not there', async () => {
    const server = await startModelServer({ script: SCRIPT });
    await server.close();
    const error = await errorOf(modelOn(server).ask(ask([task])));
    expect([error.kind, error.message]).toEqual([
      'later',
      `Nothing answers at 127.0.0.1:${server.port}: the connection was refused.`,
    ]);
  });

  it('stops a stream at once when told to', async () => {
    await using server = await startModelServer({ script: SCRIPT, faults: [{ kind: 'stall', after: 'text' }] });
    const stop = new AbortController();
    const reason = new Error('Ctrl-C');
    const listen = ({ type }: ModelPiece) => {
      if (type === 'text') stop.abort(reason);
    };
    await expect(retrying(server).model.ask(ask([task], { signal: stop.signal, listen }))).rejects.toBe(reason);
    expect(server.requests.length).toBe(1);
  });
});

describe('an odd reply', () => {
  it.each<[Fault['kind'], string, number]>([
    ['empty', 'end', 0],
    ['max_tokens', 'max_tokens', 0],
    ['max_tokens-thinking', 'max_tokens', 0],
    ['max_tokens-tool', 'max_tokens', 1],
    ['context-window', 'context_overflow', 0],
    ['refusal', 'refusal', 0],
    ['refusal-mid', 'refusal', 0],
    ['pause_turn', 'pause', 0],
    ['bad-json', 'tools', 1],
    ['cut-json', 'tools', 1],
  ])('%s ends with %s, and no doubtful call may run', async (kind, stop, broken) => {
    await using server = await startModelServer({ script: SCRIPT, faults: [{ kind }] });
    const reply = await modelOn(server).ask(ask([task]));
    expect([reply.stop, reply.message.calls.filter((call) => call.broken !== undefined).length]).toEqual([
      stop,
      broken,
    ]);
  });

  it('for an unknown reason is an error of Claude, told once and paid for; nothing of it is acted on', async () => {
    await using server = await startModelServer({ script: SCRIPT, faults: [{ kind: 'unknown-stop' }] });
    const cut: Usage[] = [];
    const error = await errorOf(retrying(server).model.ask(ask([task], { onCut: (usage) => cut.push(usage) })));
    expect([error.kind, error.requestId, server.requests.length, cut.length]).toEqual(['failed', 'req_000001', 1, 1]);
    expect(error.message).toContain('"future_reason" (request req_000001)');
  });

  it('without a reason is asked for again', async () => {
    await using server = await startModelServer({ script: SCRIPT, faults: [{ kind: 'null-stop' }] });
    const reply = await retrying(server).model.ask(ask([task]));
    expect([reply.stop, server.requests.length]).toEqual(['tools', 2]);
  });

  it.each<Fault['kind']>(['unknown-stop', 'null-stop'])(
    'with an %s of another model is taken as it is',
    async (kind) => {
      await using server = await startModelServer({
        script: SCRIPT,
        models: { 'qwen3-coder': {} },
        host: { signatures: false },
        faults: [{ kind }],
      });
      const reply = await modelOn(server, { id: 'qwen3-coder' }).ask(ask([task]));
      expect([reply.stop, reply.message.calls.map(({ name, broken }) => [name, broken])]).toEqual([
        'unknown',
        [['write_file', undefined]],
      ]);
    },
  );

  it.each<Fault['kind']>([
    'bad-json',
    'cut-json',
    'empty-json',
    'max_tokens-tool',
    'max_tokens',
    'unknown-tool',
    'no-usage',
  ])('%s can be sent back and answered', async (kind) => {
    await using server = await startModelServer({ script: [...SCRIPT, says('Done.')], faults: [{ kind }] });
    const messages: Message[] = [task];
    const model = modelOn(server);
    await talk(model, messages);
    messages.push({ role: 'user', text: 'Go on.' });
    await talk(model, messages);
    expect(server.violations).toEqual([]);
  });

  it('can be sent back after a pause, to be gone on with', async () => {
    await using server = await startModelServer({ script: SCRIPT, faults: [{ kind: 'pause_turn' }] });
    const model = modelOn(server);
    const paused = await model.ask(ask([task]));
    const reply = await model.ask(ask([task, paused.message]));
    expect([paused.stop, reply.stop]).toEqual(['pause', 'tools']);
  });

  it('gets an id of its own for each call, though the server gave one to all', async () => {
    const twins = turn(thinks(), calls('read_file', { path: 'a' }), calls('read_file', { path: 'b' }));
    await using server = await startModelServer({
      script: [twins, says('Done.')],
      faults: [{ kind: 'duplicate-id' }],
      oldAccount: true,
    });
    const [first] = await talk(modelOn(server), [task]);
    expect(new Set(first?.message.calls.map(({ id }) => id)).size).toBe(2);
  });

  it('has an unknown cost when the server counted nothing, and a huge one stops at the limit', async () => {
    await using silent = await startModelServer({ script: SCRIPT, faults: [{ kind: 'no-usage' }] });
    const uncounted = createMeter({ prices: priceTable() });
    await withMeter(modelOn(silent), uncounted).ask(ask([task]));
    expect(uncounted.session().costUsd).toBeNull();

    await using huge = await startModelServer({ script: SCRIPT, faults: [{ kind: 'huge-usage' }] });
    const counted = withMeter(modelOn(huge), createMeter({ prices: priceTable(), maxCostUsd: 5 }));
    await counted.ask(ask([task]));
    await expect(counted.ask(ask([task]))).rejects.toMatchObject({ kind: 'capped' });
  });
});
