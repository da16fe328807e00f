import { describe, expect, it } from 'vitest';
import type { Json, Message } from '../../../src/model/message.ts';
import { createMeter, withMeter } from '../../../src/model/meter.ts';
import { priceTable } from '../../../src/model/prices.ts';
import type { SeenRequest } from '../../support/model-server/request.ts';
import { startModelServer } from '../../support/model-server/server.ts';
import {
  calls,
  notes,
  redacted,
  says,
  type Turn,
  thinks,
  turn,
  unknownBlock,
  unknownEvent,
} from '../../support/model-server/turns.ts';
import { ask, modelOn, talk } from './talk.ts';

const task: Message = { role: 'user', text: `Tidy up src/. ${'It has grown wild. '.repeat(40)}` };

/** Twelve turns with every kind of block, five calls at once in one of them, and the end. */
const TWELVE: Turn[] = [
  turn(thinks('Where do I begin?'), says('I look around.'), calls('list_directory', { path: '.' })),
  turn(
    thinks(''),
    calls('read_file', { path: 'src/a.ts' }),
    notes('Now the tests.'),
    calls('read_file', { path: 'src/b.ts' }),
  ),
  turn(redacted(), calls('search_files', { path: 'ünïcode "quoted" \\ 🙂' })),
  turn(...['a', 'b', 'c', 'd', 'e'].map((path) => calls('read_file', { path }))),
  turn(thinks(), unknownBlock(), unknownEvent(), calls('read_file', { path: 'c' })),
  ...Array.from({ length: 6 }, (_, index) =>
    turn(thinks(`Step ${index}.`), calls('run_command', { path: `step ${index}` })),
  ),
  turn(thinks('Done?'), says('All is tidy.')),
];

/** The body as it counts for cache and signatures: without the markers. */
function unmarked(value: Json | undefined): string {
  return JSON.stringify(value ?? null, (key, part) => (key === 'cache_control' ? undefined : part));
}

/** Shares of the previous request's prompt that each request read from the cache. */
function sharesRead(requests: readonly SeenRequest[]): number[] {
  return requests.slice(1).map(({ usage }, index) => (usage?.cacheRead ?? 0) / (requests[index]?.promptTokens ?? 0));
}

describe('a conversation of twelve turns', () => {
  it('breaks no rule of the API, and reads at least 99 % of what was sent before from the cache', async () => {
    await using server = await startModelServer({ script: TWELVE });
    const replies = await talk(modelOn(server), [task]);
    expect(server.violations).toEqual([]);
    expect([replies.length, replies.at(-1)?.message.text]).toEqual([12, 'All is tidy.']);
    expect(Math.min(...sharesRead(server.requests))).toBeGreaterThanOrEqual(0.99);
  });

  it('keeps system, tools and all that was said before, byte by byte', async () => {
    await using server = await startModelServer({ script: TWELVE });
    await talk(modelOn(server), [task]);
    const bodies = server.requests.map(({ body }) => body);
    expect(new Set(bodies.map(({ system }) => JSON.stringify(system))).size).toBe(1);
    expect(new Set(bodies.map(({ tools }) => JSON.stringify(tools))).size).toBe(1);
    for (const [index, body] of bodies.entries()) {
      const before = bodies[index - 1];
      if (before) expect(unmarked(body['messages']).startsWith(unmarked(before['messages']).slice(0, -1))).toBe(true);
    }
  });

  it('hits the cache after turns of 30 parallel calls', async () => {
    const many = turn(thinks(), ...Array.from({ length: 30 }, (_, index) => calls('read_file', { path: `${index}` })));
    await using server = await startModelServer({ script: [many, many, many, says('Read.')] });
    await talk(modelOn(server), [task]);
    expect(Math.min(...sharesRead(server.requests))).toBeGreaterThanOrEqual(0.99);
  });

  it.each([
    { chunkBytes: 1 },
    { chunkBytes: 7, crlf: true, comments: true },
    { pieceChars: 1, ascii: true },
    { pings: 'often', unknown: true },
  ] as const)('is the same when the stream is written as %j', async (wire) => {
    await using plain = await startModelServer({ script: TWELVE });
    await using odd = await startModelServer({ script: TWELVE, wire });
    const [expected, replies] = [await talk(modelOn(plain), [task]), await talk(modelOn(odd), [task])];
    expect(replies.map(({ message }) => message.calls.map(({ input }) => input))).toEqual(
      expected.map(({ message }) => message.calls.map(({ input }) => input)),
    );
    expect(replies.map(({ message }) => message.text)).toEqual(expected.map(({ message }) => message.text));
  });

  it('lets thinking be heard before the call that follows it', async () => {
    await using server = await startModelServer({ script: TWELVE });
    const asked = ask([task]);
    await modelOn(server).ask(asked);
    const wholes = asked.heard.filter(({ type }) => type === 'block' || type === 'call');
    expect(wholes).toEqual([
      { type: 'block', kind: 'thinking', text: 'Where do I begin?' },
      { type: 'block', kind: 'text', text: 'I look around.' },
      { type: 'call', name: 'list_directory' },
    ]);
  });

  it('goes on from the journal: messages that went through JSON are the same bytes', async () => {
    await using server = await startModelServer({ script: [...TWELVE.slice(0, 3), says('So far.'), says('And on.')] });
    const messages: Message[] = [task];
    await talk(modelOn(server), messages);
    const restored: Message[] = JSON.parse(JSON.stringify(messages));
    await talk(modelOn(server), [...restored, { role: 'user', text: 'Go on.' }]);
    expect(server.violations).toEqual([]);
    expect(Math.min(...sharesRead(server.requests))).toBeGreaterThanOrEqual(0.99);
  });

  it('costs what the server counted, by its prices', async () => {
    await using server = await startModelServer({ script: TWELVE });
    const meter = createMeter({ prices: priceTable() });
    await talk(withMeter(modelOn(server), meter), [task]);
    const billed = server.requests.reduce(
      (sum, { usage }) =>
        sum +
        (usage === undefined
          ? 0
          : usage.input * 2 + usage.cacheRead * 0.1 + usage.cacheWrite * 2.5 + usage.output * 10),
      0,
    );
    expect(meter.session().requests).toBe(12);
    expect(meter.session().costUsd).toBeCloseTo(billed / 1e6, 10);
  });

  it('survives a changed prefix: old thinking is left out once, and later thinking is kept', async () => {
    await using server = await startModelServer({ script: TWELVE, allowViolations: [38] });
    const model = modelOn(server);
    const messages: Message[] = [task];
    const first = await model.ask(ask(messages));
    messages.push(first.message);
    messages.push({
      role: 'tools',
      answers: first.message.calls.map(({ id }) => ({ callId: id, text: 'a.ts b.ts', isError: false })),
    });
    const changed = withSystem(model, ['Another system prompt.']);
    const replies = await talk(changed, messages);
    expect(replies.at(-1)?.message.text).toBe('All is tidy.');
    expect(server.violations.length).toBe(1);
    expect(JSON.stringify(server.requests.at(-1)?.body).match(/"signature"/g)?.length).toBeGreaterThan(5);
  });
});

function withSystem(model: ReturnType<typeof modelOn>, system: readonly string[]): ReturnType<typeof modelOn> {
  return { ...model, ask: (request) => model.ask({ ...request, system }) };
}
