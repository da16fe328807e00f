import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/model/message.ts';
import type { ModelPiece } from '../../../src/model/model.ts';
import { createReplyReader } from '../../../src/model/wire-reply.ts';
import { block, call, end, start, text, thinking } from './fake-wire.ts';

function read(events: readonly JsonObject[], takenIds: string[] = []) {
  const heard: ModelPiece[] = [];
  const reader = createReplyReader({
    model: 'asked-for',
    takenIds: new Set(takenIds),
    listen: (piece) => heard.push(piece),
  });
  for (const event of events) reader.push(event);
  return { reader, heard };
}

function messageOf(...events: JsonObject[][]) {
  return read([start(), ...events.flat(), ...end('tool_use')]).reader.reply().message;
}

describe('createReplyReader', () => {
  it('puts a reply together, block by block as it came', () => {
    const { reader, heard } = read([
      start(),
      ...thinking(0, 'sig', 'I look', ' first.'),
      { type: 'ping' },
      ...text(1, 'Reading', ' it.'),
      ...call(2, 'toolu_1', 'read_file', '', '{"pa', 'th":"a.ts"}'),
      ...end('tool_use'),
    ]);
    expect(reader.whole).toBe(true);
    expect(reader.reply()).toEqual({
      message: {
        role: 'assistant',
        text: 'Reading it.',
        calls: [{ id: 'toolu_1', name: 'read_file', input: { path: 'a.ts' } }],
        sealed: [
          { type: 'thinking', thinking: 'I look first.', signature: 'sig' },
          { type: 'text', text: 'Reading it.' },
          { type: 'tool_use', id: 'toolu_1', name: 'read_file', input: { path: 'a.ts' } },
        ],
      },
      stop: 'tools',
      usage: { input: 10, cacheRead: 200, cacheWrite5m: 30, cacheWrite1h: 0, output: 40 },
      model: 'claude-sonnet-5-5',
    });
    expect(heard).toEqual([
      { type: 'thinking', text: 'I look' },
      { type: 'thinking', text: ' first.' },
      { type: 'block', kind: 'thinking', text: 'I look first.' },
      { type: 'text', text: 'Reading' },
      { type: 'text', text: ' it.' },
      { type: 'block', kind: 'text', text: 'Reading it.' },
      { type: 'call', name: 'read_file' },
    ]);
  });

  it('keeps thinking without text, redacted thinking and blocks it does not know', () => {
    const strange: JsonObject = { type: 'future_block', text: 'hm', nested: { deep: [1, null] } };
    const message = messageOf(
      thinking(0, 'only a signature'),
      block(1, { type: 'redacted_thinking', data: 'xyz' }),
      block(2, strange, { type: 'future_delta', more: 1 }),
      [{ type: 'future_event', index: 0 }],
    );
    expect(message.sealed).toEqual([
      { type: 'thinking', thinking: '', signature: 'only a signature' },
      { type: 'redacted_thinking', data: 'xyz' },
      strange,
    ]);
  });

  it('keeps other fields of a call, such as its caller', () => {
    const content = { type: 'tool_use', id: 'a', name: 'x', input: {}, caller: { type: 'direct' } };
    expect(messageOf(block(0, content, { type: 'input_json_delta', partial_json: '{"a":1}' })).sealed).toEqual([
      { ...content, input: { a: 1 } },
    ]);
  });

  it.each([
    ['{"path":"a"', 'is not valid JSON'],
    ['{"path":"a",}}', 'is not valid JSON'],
    ['["a"]', 'is not a JSON object'],
    ['null', 'is not a JSON object'],
  ])('marks a call with the input %s as broken and keeps it sendable', (json, why) => {
    const message = messageOf(call(0, 'a', 'write_file', json));
    expect(message.calls).toEqual([{ id: 'a', name: 'write_file', input: {}, broken: expect.stringContaining(why) }]);
    expect(message.sealed).toEqual([{ type: 'tool_use', id: 'a', name: 'write_file', input: {} }]);
  });

  it('takes a call without arguments, and one whose input came with its start', () => {
    expect(messageOf(call(0, 'a', 'list_directory')).calls).toEqual([{ id: 'a', name: 'list_directory', input: {} }]);
    expect(messageOf(block(0, { type: 'tool_use', id: 'b', name: 'x', input: { path: 'y' } })).calls).toEqual([
      { id: 'b', name: 'x', input: { path: 'y' } },
    ]);
  });

  it.each(['max_tokens', 'model_context_window_exceeded', 'refusal'])(
    'lets no call of a reply run that ended with %s',
    (reason) => {
      const { reader } = read([start(), ...call(0, 'a', 'write_file', '{"path":"a"}'), ...end(reason)]);
      expect(reader.reply().message.calls).toEqual([
        { id: 'a', name: 'write_file', input: { path: 'a' }, broken: expect.stringMatching(/\.$/) },
      ]);
    },
  );

  it('lets no call run whose block was not closed', () => {
    const { reader } = read([start(), ...call(0, 'a', 'write_file', '{"path":"a"}').slice(0, -1), ...end('tool_use')]);
    expect(reader.reply().message.calls).toEqual([
      { id: 'a', name: 'write_file', input: { path: 'a' }, broken: 'The call was not sent to its end.' },
    ]);
  });

  it.each([
    ['end_turn', 'end', undefined],
    ['stop_sequence', 'end', undefined],
    ['tool_use', 'tools', undefined],
    ['max_tokens', 'max_tokens', undefined],
    ['pause_turn', 'pause', undefined],
    ['model_context_window_exceeded', 'context_overflow', undefined],
    ['future_reason', 'unknown', 'future_reason'],
    [null, 'unknown', undefined],
  ])('reads the stop reason %s as %s', (reason, stop, stopDetail) => {
    const reply = read([start(), ...end(reason)]).reader.reply();
    expect([reply.stop, reply.stopDetail]).toEqual([stop, stopDetail]);
  });

  it('tells why a reply was refused', () => {
    const details = { stop_details: { type: 'refusal', category: 'cyber', explanation: 'This may harm.' } };
    expect(read([start(), ...end('refusal', details)]).reader.reply().stopDetail).toBe('This may harm.');
    const category = { stop_details: { type: 'refusal', category: 'cyber', explanation: null } };
    expect(read([start(), ...end('refusal', category)]).reader.reply().stopDetail).toBe('cyber');
  });

  it('overwrites usage with what comes later, and never adds', () => {
    const last = { input_tokens: 12, cache_read_input_tokens: null, output_tokens: 5 };
    expect(read([start(), ...end('end_turn', {}, last)]).reader.reply().usage).toEqual({
      input: 12,
      cacheRead: 200,
      cacheWrite5m: 30,
      cacheWrite1h: 0,
      output: 5,
    });
  });

  it('says that it does not know what a server did not count', () => {
    expect(read([start(null), ...end('end_turn', {}, null)]).reader.reply().usage).toEqual({
      input: undefined,
      cacheRead: 0,
      cacheWrite5m: 0,
      cacheWrite1h: 0,
      output: undefined,
    });
  });

  it('splits cache writes by how long they live', () => {
    const usage = { input_tokens: 1, cache_creation_input_tokens: 50 };
    const writes = (more: JsonObject) => {
      const { cacheWrite5m, cacheWrite1h } = read([start({ ...usage, ...more })]).reader.spent();
      return [cacheWrite5m, cacheWrite1h];
    };
    expect(writes({ cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 30 } })).toEqual([
      20, 30,
    ]);
    expect(writes({})).toEqual([50, 0]);
  });

  it('estimates what a cut reply has used', () => {
    const { reader } = read([start(), ...text(0, '12345678'), ...call(1, 'a', 'x', '{"a":').slice(0, -1)]);
    expect(reader.whole).toBe(false);
    expect(reader.spent()).toEqual({ input: 10, cacheRead: 200, cacheWrite5m: 30, cacheWrite1h: 0, output: 7 });
  });

  it('gives calls ids that the conversation does not hold yet', () => {
    const { reader } = read(
      [start(), ...call(0, 'call_1', 'x'), ...call(1, 'call_1', 'y'), ...call(2, '', 'z'), ...end('tool_use')],
      ['call_1'],
    );
    const { calls, sealed } = reader.reply().message;
    expect(calls.map(({ id }) => id)).toEqual(['call_1_again', 'call_1_again_again', 'call']);
    expect(sealed?.map((json) => JSON.parse(JSON.stringify(json)).id)).toEqual(calls.map(({ id }) => id));
  });

  it('joins text blocks as paragraphs', () => {
    expect(messageOf(text(0, 'One.'), text(1, ' '), text(2, 'Two.')).text).toBe('One.\n\nTwo.');
  });

  it('survives events of any shape', () => {
    const odd = fc.record(
      {
        type: fc.constantFrom(
          'message_start',
          'content_block_start',
          'content_block_delta',
          'content_block_stop',
          'message_delta',
        ),
        index: fc.constantFrom(0, 1, null, 'x'),
        message: fc.jsonValue(),
        content_block: fc.oneof(
          fc.jsonValue(),
          fc.constantFrom({ type: 'text' }, { type: 'tool_use' }, { type: 'thinking', thinking: 1 }),
        ),
        delta: fc.oneof(
          fc.jsonValue(),
          fc.constantFrom(
            { type: 'text_delta' },
            { type: 'input_json_delta', partial_json: '{' },
            { type: 'citations_delta' },
          ),
        ),
        usage: fc.jsonValue(),
      },
      { requiredKeys: ['type'] },
    );
    fc.assert(
      fc.property(fc.array(odd, { maxLength: 12 }), (events) => {
        const { reader } = read(JSON.parse(JSON.stringify(events)));
        const { message, stop } = reader.reply();
        expect([typeof message.text, Array.isArray(message.sealed), typeof stop]).toEqual(['string', true, 'string']);
      }),
    );
  });

  it('reads arguments alike however they are split', () => {
    const json = '{"path":"ä/\\u00e9\\n","edits":[{"old_text":"\\"a\\\\","new_text":"🙂"}]}';
    fc.assert(
      fc.property(fc.array(fc.nat({ max: json.length })), (cuts) => {
        const places = [0, ...cuts.toSorted((a, b) => a - b), json.length];
        const pieces = places.slice(1).map((place, index) => json.slice(places[index], place));
        expect(messageOf(call(0, 'a', 'write_file', ...pieces)).calls[0]?.input).toEqual(JSON.parse(json));
      }),
    );
  });
});
