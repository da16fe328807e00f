import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Message } from '../../../src/model/message.ts';
import { readLine, writeLine } from '../../../src/session/journal-lines.ts';

const event = { type: 'text', text: 'Hello', time: '2026-01-02T03:04:05.000Z', session: 's' } as const;
const hide = (text: string) => text.replaceAll('hunter2', '[redacted]');

const json = fc.jsonValue({ maxDepth: 3 });
const object = fc.dictionary(fc.string(), json);
const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ role: fc.constant('user' as const), text: fc.string() }),
  fc.record({
    role: fc.constant('tools' as const),
    answers: fc.array(fc.record({ callId: fc.string(), text: fc.string(), isError: fc.boolean() })),
  }),
  fc
    .record({
      text: fc.string(),
      calls: fc.array(fc.record({ id: fc.string(), name: fc.string(), input: object })),
      sealed: fc.array(json),
    })
    .map((parts) => JSON.parse(JSON.stringify({ role: 'assistant', ...parts }))),
);

it('reads back what it wrote, byte for byte', () => {
  fc.assert(
    fc.property(message, (message) => {
      const line = readLine(writeLine({ type: 'message', message, altered: false }));
      expect(JSON.stringify(line)).toBe(JSON.stringify({ type: 'message', message, altered: false }));
    }),
  );
});

it('puts type, time and session first', () => {
  expect(writeLine({ type: 'event', event: { text: 'x', session: 's', time: 't', type: 'text' } })).toBe(
    '{"type":"text","time":"t","session":"s","text":"x"}',
  );
});

it('takes secrets out of every string, also in the depth of an input', () => {
  const line = writeLine(
    {
      type: 'message',
      altered: false,
      message: {
        role: 'assistant',
        text: 'hunter2',
        calls: [{ id: 'c', name: 'run_command', input: { command: 'login hunter2', deep: [{ data: 'hunter2' }] } }],
        sealed: [{ type: 'thinking', thinking: 'hunter2', signature: 'x' }],
      },
    },
    hide,
  );

  expect(line).not.toContain('hunter2');
});

it('leaves the bytes alone that a provider sealed', () => {
  const message: Message = {
    role: 'assistant',
    text: '',
    calls: [],
    sealed: [
      { type: 'thinking', thinking: '', signature: 'xhunter2x' },
      { type: 'redacted_thinking', data: 'xhunter2x' },
    ],
  };

  expect(readLine(writeLine({ type: 'message', message, altered: false }, hide))).toEqual({
    type: 'message',
    message,
    altered: false,
  });
});

it('marks a message that is no longer what was sent', () => {
  const line = writeLine({ type: 'message', message: { role: 'user', text: 'hunter2' }, altered: false }, hide);

  expect(readLine(line)).toEqual({ type: 'message', message: { role: 'user', text: '[redacted]' }, altered: true });
});

it.each([
  ['', undefined],
  ['{"type":"te', undefined],
  ['[1]', undefined],
  ['{"type":"from the future","time":"t","session":"s"}', undefined],
  ['{"type":"text","text":"no stamp"}', undefined],
  ['{"type":"message","message":{"role":"user"}}', undefined],
  ['{"type":"message","message":{"role":"tools","answers":[{"callId":"x"}]}}', undefined],
  ['{"type":"prefix","model":"m","system":[1],"tools":[]}', undefined],
  ['{"type":"name","name":"Friday"}', { type: 'name', name: 'Friday' }],
  [JSON.stringify(event), { type: 'event', event }],
])('reads the line %s', (text, line) => {
  expect(readLine(text)).toEqual(line);
});
