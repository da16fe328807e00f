import { NexError } from '../errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../model/message.ts';
import {
  type Model,
  type ModelPiece,
  type ModelReply,
  type ModelRequest,
  PURPOSES,
  type Purpose,
  type StopReason,
  type Usage,
} from '../model/model.ts';
import type { Session } from './resume.ts';

/** One recorded answer of a model. `json` stands for its text where the answer was structured. */
export interface RecordedTurn {
  thinking?: string;
  text?: string;
  json?: Json;
  calls?: Array<{ id?: string; name: string; input: JsonObject }>;
  /** What the answer says of itself; by default `tools` with calls and `end` without. */
  stop?: StopReason;
  usage?: Usage;
}

/** What a model said in a session, in order, apart by what the calls were for. */
export interface Recording {
  model: string;
  turns: Partial<Record<Purpose, readonly RecordedTurn[]>>;
}

/** A session's answers as a recording. A journal keeps what the loop said; the calls beside it have none. */
export function recordingOf({ prefix, answers }: Session): Recording {
  const main = answers.map(({ text, calls }) => ({
    text,
    calls: calls.map(({ id, name, input }) => ({ id, name, input })),
  }));
  return { model: prefix?.model ?? 'recorded', turns: { main } };
}

/** Checks a recording that came from a file; rejects with the place of the first mistake. */
export function readRecording(value: unknown): Recording {
  if (!isJsonObject(value) || typeof value['model'] !== 'string' || !isJsonObject(value['turns'])) {
    throw new NexError('usage', 'This is no recording: it needs "model" and "turns".');
  }
  const turns: Partial<Record<Purpose, RecordedTurn[]>> = {};
  for (const [name, list] of Object.entries(value['turns'])) {
    const purpose = PURPOSES.find((known) => known === name);
    if (!purpose || !Array.isArray(list)) {
      throw new NexError('usage', `turns.${name}: expected a list under one of ${PURPOSES.join(', ')}.`);
    }
    turns[purpose] = list.map((turn, index) => readTurn(turn, `turns.${name}[${index}]`));
  }
  return { model: value['model'], turns };
}

/**
 * A recording as the model: the same answers in the same order, streamed in pieces. What is asked does not
 * matter, only how often. Asked more than was recorded, it rejects.
 */
export function replayModel({ model, turns }: Recording): Model {
  const asked = new Map<Purpose, number>();
  return {
    id: model,
    async ask(request) {
      request.signal.throwIfAborted();
      const count = asked.get(request.purpose) ?? 0;
      const turn = turns[request.purpose]?.[count];
      if (!turn) {
        throw new NexError(
          'failed',
          `The recording holds ${count} ${count === 1 ? 'answer' : 'answers'} for "${request.purpose}", and one more was asked for.`,
        );
      }
      asked.set(request.purpose, count + 1);
      return replyOf(turn, { model, id: `${request.purpose}-${count + 1}`, listen: request.listen });
    },
  };
}

function replyOf(
  turn: RecordedTurn,
  { model, id, listen }: { model: string; id: string; listen: ModelRequest['listen'] },
): ModelReply {
  const text = turn.json === undefined ? (turn.text ?? '') : JSON.stringify(turn.json);
  const calls = (turn.calls ?? []).map((call, index) => ({
    id: call.id ?? `${id}-call-${index + 1}`,
    name: call.name,
    input: call.input,
  }));
  if (listen) {
    for (const piece of piecesOf('thinking', turn.thinking ?? '')) listen(piece);
    for (const piece of piecesOf('text', text)) listen(piece);
    for (const { name } of calls) listen({ type: 'call', name });
  }
  return {
    message: { role: 'assistant', text, calls },
    stop: turn.stop ?? (calls.length > 0 ? 'tools' : 'end'),
    usage: turn.usage ?? { input: undefined, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: undefined },
    model,
  };
}

/** Word by word, as a model streams; then the block as a whole. */
function piecesOf(kind: 'text' | 'thinking', text: string): ModelPiece[] {
  if (text === '') return [];
  const words = text.match(/\S+\s*|\s+/g) ?? [];
  return [...words.map((word): ModelPiece => ({ type: kind, text: word })), { type: 'block', kind, text }];
}

function readTurn(value: Json, place: string): RecordedTurn {
  if (!isJsonObject(value)) throw new NexError('usage', `${place}: expected an object.`);
  const { thinking, text, json, calls } = value;
  if (thinking !== undefined && typeof thinking !== 'string')
    throw new NexError('usage', `${place}.thinking: expected text.`);
  if (text !== undefined && typeof text !== 'string') throw new NexError('usage', `${place}.text: expected text.`);
  if (calls !== undefined && !Array.isArray(calls)) throw new NexError('usage', `${place}.calls: expected a list.`);
  return {
    ...(thinking === undefined ? {} : { thinking }),
    ...(text === undefined ? {} : { text }),
    ...(json === undefined ? {} : { json }),
    ...(calls === undefined ? {} : { calls: calls.map((call, index) => readCall(call, `${place}.calls[${index}]`)) }),
  };
}

function readCall(value: Json, place: string): { id?: string; name: string; input: JsonObject } {
  if (!isJsonObject(value) || typeof value['name'] !== 'string' || !isJsonObject(value['input'])) {
    throw new NexError('usage', `${place}: expected a name and an input object.`);
  }
  const { id, name, input } = value;
  return { ...(typeof id === 'string' ? { id } : {}), name, input };
}
