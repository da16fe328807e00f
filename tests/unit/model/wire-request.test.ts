import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FEATURES, type Feature } from '../../../src/model/features.ts';
import {
  type AssistantMessage,
  isJsonObject,
  type Json,
  type JsonObject,
  type Message,
} from '../../../src/model/message.ts';
import type { ModelRequest, ToolSpec } from '../../../src/model/model.ts';
import { wireRequest } from '../../../src/model/wire-request.ts';
import { request } from './fake-wire.ts';

const TOOLS: ToolSpec[] = [
  { name: 'read_file', description: 'Read.', schema: { type: 'object' } },
  { name: 'write_file', description: 'Write.', schema: { type: 'object' } },
];
const MARK = { cache_control: { type: 'ephemeral' } };

function body(
  more: Partial<ModelRequest>,
  options: { model?: string; features?: Feature[]; unthinking?: AssistantMessage[] } = {},
): JsonObject {
  return wireRequest(request(more), {
    model: options.model ?? 'claude-sonnet-5-5',
    features: new Set(options.features ?? FEATURES),
    unthinking: new WeakSet(options.unthinking ?? []),
  }).body;
}

function reply(...sealed: JsonObject[]): AssistantMessage {
  return { role: 'assistant', text: '', calls: [], sealed };
}

const asked: Message = { role: 'user', text: 'Do it.' };
const called = reply(
  { type: 'thinking', thinking: '', signature: 's1' },
  { type: 'tool_use', id: 'a', name: 'read_file', input: { path: 'x' } },
);
const answered: Message = { role: 'tools', answers: [{ callId: 'a', text: 'content', isError: false }] };

describe('wireRequest', () => {
  it('sends everything a Claude model can do, markers at the end of tools, system and the newest message', () => {
    expect(body({ system: ['Rules.', 'Memory.'], tools: TOOLS, effort: 'medium' })).toEqual({
      model: 'claude-sonnet-5-5',
      max_tokens: 32_000,
      system: [
        { type: 'text', text: 'Rules.' },
        { type: 'text', text: 'Memory.', ...MARK },
      ],
      tools: [
        { name: 'read_file', description: 'Read.', input_schema: { type: 'object' } },
        { name: 'write_file', description: 'Write.', input_schema: { type: 'object' }, ...MARK },
      ],
      thinking: { type: 'adaptive', display: 'summarized' },
      output_config: { effort: 'medium' },
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello', ...MARK }] }],
      stream: true,
    });
  });

  it('sends the bare minimum without features', () => {
    expect(body({ tools: TOOLS.slice(0, 1), effort: 'high' }, { model: 'qwen', features: [] })).toEqual({
      model: 'qwen',
      max_tokens: 32_000,
      system: [{ type: 'text', text: 'You are nex.' }],
      tools: [{ name: 'read_file', description: 'Read.', input_schema: { type: 'object' } }],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
      stream: true,
    });
  });

  it('sends the blocks of a reply back as they came, and marks the newest and the previous message of ours', () => {
    expect(body({ messages: [asked, called, answered] })['messages']).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Do it.', ...MARK }] },
      { role: 'assistant', content: called.sealed },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: 'content', ...MARK }] },
    ]);
  });

  it('marks where the request before had its marker, also when two messages of ours follow the reply', () => {
    const more: Message = { role: 'user', text: 'Go on.' };
    const roles = (messages: Message[]) => markedPlaces(body({ messages })['messages']);
    expect(roles([asked, called, answered])).toEqual([0, 2]);
    expect(roles([asked, called, answered, more])).toEqual([0, 3]);
    expect(roles([asked, called, answered, more, reply({ type: 'text', text: 'Yes.' }), asked])).toEqual([3, 5]);
  });

  it('tells failed results from good ones and builds blocks for hand-made replies', () => {
    const handMade: AssistantMessage = {
      role: 'assistant',
      text: 'Reading.',
      calls: [{ id: 'a', name: 'read_file', input: {} }],
    };
    const failed: Message = { role: 'tools', answers: [{ callId: 'a', text: 'no such file', isError: true }] };
    expect(body({ messages: [asked, handMade, failed] }, { features: [] })['messages']).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Do it.' }] },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Reading.' },
          { type: 'tool_use', id: 'a', name: 'read_file', input: {} },
        ],
      },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: 'no such file', is_error: true }] },
    ]);
  });

  it('leaves out what the API gives but does not take: blank text, unsigned thinking, empty replies', () => {
    const odd = reply(
      { type: 'text', text: '\n' },
      { type: 'thinking', thinking: 'cut', signature: '' },
      { type: 'text', text: 'Fine.' },
    );
    const sent = body({ messages: [asked, odd, asked, reply(), asked] }, { features: [] })['messages'];
    const user = { role: 'user', content: [{ type: 'text', text: 'Do it.' }] };
    expect(sent).toEqual([user, { role: 'assistant', content: [{ type: 'text', text: 'Fine.' }] }, user, user]);
  });

  it('keeps unsigned thinking for models that sign nothing', () => {
    const thought = reply({ type: 'thinking', thinking: 'hm' }, { type: 'text', text: 'Fine.' });
    expect(body({ messages: [asked, thought, asked] }, { model: 'qwen', features: [] })['messages']).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Do it.' }] },
      { role: 'assistant', content: thought.sealed },
      { role: 'user', content: [{ type: 'text', text: 'Do it.' }] },
    ]);
  });

  it('leaves the thinking out of replies that the server no longer accepts it of, and of no others', () => {
    const later = reply({ type: 'redacted_thinking', data: 'd' }, { type: 'text', text: 'Later.' });
    const sent = body({ messages: [asked, called, answered, later, asked] }, { features: [], unthinking: [called] })[
      'messages'
    ];
    expect(sent).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Do it.' }] },
      { role: 'assistant', content: called.sealed?.slice(1) },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: 'content' }] },
      { role: 'assistant', content: later.sealed },
      { role: 'user', content: [{ type: 'text', text: 'Do it.' }] },
    ]);
  });

  it('switches thinking off for side calls of the light model only', () => {
    const thinkingOf = (model: string, purpose: ModelRequest['purpose']) => body({ purpose }, { model })['thinking'];
    const adaptive = { type: 'adaptive', display: 'summarized' };
    expect(thinkingOf('claude-haiku-5-5', 'plan')).toEqual({ type: 'disabled' });
    expect(thinkingOf('claude-haiku-5-5', 'main')).toEqual(adaptive);
    expect(thinkingOf('claude-sonnet-5-5', 'review')).toEqual(adaptive);
    expect(thinkingOf('claude-sonnet-5-5', 'main')).toEqual(adaptive);
  });

  it('spends no cache write on a call beside the loop', () => {
    expect(JSON.stringify(body({ purpose: 'review', tools: TOOLS }))).not.toContain('cache_control');
  });

  it('asks for JSON by schema, within the subset that the API compiles', () => {
    const format: JsonObject = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: { steps: { type: 'array', items: { type: 'string', minLength: 1 }, maxItems: 7 } },
      required: ['steps'],
    };
    const { body: sent, prompted } = wireRequest(request({ purpose: 'plan', format }), {
      model: 'claude-haiku-5-5',
      features: new Set(FEATURES),
      unthinking: new WeakSet(),
    });
    expect(prompted).toBe(false);
    expect(sent['output_config']).toEqual({
      format: {
        type: 'json_schema',
        schema: {
          type: 'object',
          properties: {
            steps: {
              type: 'array',
              items: { type: 'string', description: '{minLength: 1}' },
              description: '{maxItems: 7}',
            },
          },
          additionalProperties: false,
          required: ['steps'],
        },
      },
    });
  });

  it('asks for JSON in words where the server has no structured output', () => {
    const format: JsonObject = { type: 'object', properties: {} };
    const { body: sent, prompted } = wireRequest(request({ purpose: 'plan', format }), {
      model: 'qwen',
      features: new Set(),
      unthinking: new WeakSet(),
    });
    expect(prompted).toBe(true);
    expect(sent['output_config']).toBeUndefined();
    const instruction = `Answer with one JSON value that fits this JSON Schema, and with nothing else:\n${JSON.stringify(format)}`;
    expect(sent['messages']).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Hello' },
          { type: 'text', text: instruction },
        ],
      },
    ]);
  });

  it('asks in words for a schema that names no type', () => {
    const { prompted, body: sent } = wireRequest(request({ format: { description: 'anything' } }), {
      model: 'claude-sonnet-5-5',
      features: new Set(FEATURES),
      unthinking: new WeakSet(),
    });
    expect([prompted, sent['output_config']]).toEqual([true, undefined]);
  });

  it('never asks for more output than the model has', () => {
    expect(body({ maxTokens: 500_000 })['max_tokens']).toBe(128_000);
    expect(body({ maxTokens: 2048, purpose: 'plan' })['max_tokens']).toBe(2048);
    expect(body({ purpose: 'review' })['max_tokens']).toBe(8000);
  });

  it('keeps the bytes of a growing conversation, at most four markers, none on thinking or blank text', () => {
    const blocks = fc.array(
      fc.oneof(
        fc.record({ type: fc.constant('text'), text: fc.string() }),
        fc.record({ type: fc.constant('thinking'), thinking: fc.string(), signature: fc.string() }),
        fc.record({ type: fc.constant('tool_use'), id: fc.string(), name: fc.string(), input: fc.constant({}) }),
      ),
      { maxLength: 4 },
    );
    const message: fc.Arbitrary<Message> = fc.oneof(
      fc.record({ role: fc.constant('user' as const), text: fc.string() }),
      fc.record({
        role: fc.constant('tools' as const),
        answers: fc.array(
          fc.record({ callId: fc.string(), text: fc.string({ minLength: 1 }), isError: fc.boolean() }),
          { maxLength: 30 },
        ),
      }),
      blocks.map((sealed): Message => ({ role: 'assistant', text: '', calls: [], sealed })),
    );
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), message, (messages, next) => {
        const before = body({ messages, tools: TOOLS });
        const after = body({ messages: [...messages, next], tools: TOOLS });
        expect(JSON.stringify(unmarked(after['messages']))).toContain(
          JSON.stringify(unmarked(before['messages'])).slice(0, -1),
        );
        expect([unmarked(after['system'] ?? null), unmarked(after['tools'] ?? null)]).toEqual([
          unmarked(before['system'] ?? null),
          unmarked(before['tools'] ?? null),
        ]);
        const marked = markedBlocks(after);
        expect(marked.length).toBeLessThanOrEqual(4);
        expect(
          marked.filter(({ type, text }) => type === 'thinking' || (typeof text === 'string' && text.trim() === '')),
        ).toEqual([]);
      }),
    );
  });
});

/** The same JSON without its cache markers. */
function unmarked(value: Json | undefined): Json {
  return JSON.parse(JSON.stringify(value ?? null, (key, part) => (key === 'cache_control' ? undefined : part)));
}

function markedPlaces(messages: Json | undefined): number[] {
  const list = Array.isArray(messages) ? messages : [];
  return list.flatMap((message, index) => (JSON.stringify(message).includes('cache_control') ? [index] : []));
}

function markedBlocks(value: Json): JsonObject[] {
  if (Array.isArray(value)) return value.flatMap(markedBlocks);
  if (!isJsonObject(value)) return [];
  return [...('cache_control' in value ? [value] : []), ...Object.values(value).flatMap(markedBlocks)];
}
