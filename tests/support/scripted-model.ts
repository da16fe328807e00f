import type { Json, JsonObject } from '../../src/model/message.ts';
import type { Model, ModelRequest, Purpose } from '../../src/model/model.ts';
import { type RecordedTurn, replayModel } from '../../src/session/replay.ts';

/** What the model does when it is asked: answers, fails, or answers by what it was asked. */
export type ScriptedTurn =
  | (RecordedTurn & { purpose?: Purpose })
  | Error
  | ((request: ModelRequest) => RecordedTurn | Promise<RecordedTurn>);

export interface ScriptedModel extends Model {
  /** Every request, with the messages as they were then. */
  readonly requests: ModelRequest[];
}

/** A model that says these things in this order; calls beside the loop have turns of their own (`structured`). */
export function scriptedModel(...script: ScriptedTurn[]): ScriptedModel {
  const requests: ModelRequest[] = [];
  const left = [...script];
  return {
    id: 'scripted',
    requests,
    async ask(request) {
      requests.push({ ...request, messages: structuredClone(request.messages) });
      const index = left.findIndex((turn) => purposeOf(turn) === request.purpose);
      const [turn] = index === -1 ? [] : left.splice(index, 1);
      if (turn instanceof Error) throw turn;
      const recorded = typeof turn === 'function' ? await turn(request) : turn;
      const count = requests.filter(({ purpose }) => purpose === request.purpose).length;
      const turns = recorded ? [withIds(recorded, count)] : [];
      return replayModel({ model: 'scripted', turns: { [request.purpose]: turns } }).ask(request);
    },
  };
}

/** An answer in words. */
export function says(text: string, rest: Omit<RecordedTurn, 'text'> = {}): RecordedTurn {
  return { text, ...rest };
}

/** A call of one tool. */
export function calls(name: string, input: JsonObject, rest: Omit<RecordedTurn, 'calls'> = {}): RecordedTurn {
  return { calls: [{ name, input }], ...rest };
}

/** Several turns' words and calls in one turn: calls that run in parallel. */
export function together(...turns: RecordedTurn[]): RecordedTurn {
  return {
    text: turns.map(({ text }) => text ?? '').join(''),
    calls: turns.flatMap((turn) => turn.calls ?? []),
  };
}

/** A structured answer to the planner, the reviewer or the wrap-up. */
export function structured(purpose: Purpose, json: Json): ScriptedTurn {
  return { purpose, json };
}

function purposeOf(turn: ScriptedTurn): Purpose {
  return typeof turn === 'object' && 'purpose' in turn ? (turn.purpose ?? 'main') : 'main';
}

/** Ids that are unique in the whole conversation: `call-2` is the second turn's, `call-2b` its second call. */
function withIds(turn: RecordedTurn, count: number): RecordedTurn {
  if (!turn.calls) return turn;
  return {
    ...turn,
    calls: turn.calls.map((call, index) => ({
      id: `call-${count}${index === 0 ? '' : String.fromCharCode(97 + index)}`,
      ...call,
    })),
  };
}
