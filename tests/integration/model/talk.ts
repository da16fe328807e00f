import { createAnthropicModel } from '../../../src/model/anthropic.ts';
import type { Message, ToolCall } from '../../../src/model/message.ts';
import type { Model, ModelPiece, ModelReply, ModelRequest, ToolSpec } from '../../../src/model/model.ts';
import type { ModelServer } from '../../support/model-server/server.ts';

const TOOLS: readonly ToolSpec[] = ['list_directory', 'read_file', 'run_command', 'search_files', 'write_file'].map(
  (name) => ({
    name,
    description: `Does what ${name.replace('_', ' ')} says, within the repository and nowhere else.`,
    schema: {
      type: 'object',
      properties: { path: { type: 'string' } },
      required: ['path'],
      additionalProperties: false,
    },
  }),
);

/** Long enough to be cached. */
const SYSTEM = [
  'You are nex, a careful engineer. '.repeat(60),
  `Project memory: ${'use tabs, write tests; '.repeat(60)}`,
];

export function modelOn(
  server: ModelServer,
  options: { id?: string; idleTimeoutMs?: number; key?: string } = {},
): Model {
  return createAnthropicModel({
    id: options.id ?? 'claude-sonnet-5-5',
    credential: { kind: 'apiKey', value: options.key ?? 'sk-test' },
    baseUrl: server.url,
    idleTimeoutMs: options.idleTimeoutMs ?? 10_000,
  });
}

export function ask(
  messages: readonly Message[],
  more: Partial<ModelRequest> = {},
): ModelRequest & { heard: ModelPiece[] } {
  const heard: ModelPiece[] = [];
  return {
    purpose: 'main',
    system: SYSTEM,
    messages,
    tools: TOOLS,
    effort: 'medium',
    signal: AbortSignal.timeout(30_000),
    listen: (piece) => heard.push({ ...piece }),
    ...more,
    heard,
  };
}

/** Asks, answers every call with text, and asks again, until the model calls no tool any more. */
export async function talk(
  model: Model,
  messages: Message[],
  answer: (call: ToolCall) => string = ({ name }) => `${name} says: ${'all is well; '.repeat(20)}`,
): Promise<ModelReply[]> {
  const replies: ModelReply[] = [];
  for (;;) {
    const reply = await model.ask(ask(messages));
    replies.push(reply);
    messages.push(reply.message);
    if (reply.message.calls.length === 0) return replies;
    messages.push({
      role: 'tools',
      answers: reply.message.calls.map((call) => ({
        callId: call.id,
        text: call.broken ?? answer(call),
        isError: call.broken !== undefined,
      })),
    });
  }
}
