import * as z from 'zod';
import type { Json, JsonObject } from './message.ts';
import type { Model, ModelRequest } from './model.ts';

/**
 * Asks a call beside the loop for a value of this shape. Undefined when the answer was refused or cut, or when
 * it does not fit. Where the server could only be asked in words, the model gets one chance to mend its answer.
 * Rejects as `ask` does.
 */
export async function askForJson<T>(
  model: Model,
  request: Omit<ModelRequest, 'tools' | 'format'>,
  schema: z.ZodType<T>,
): Promise<T | undefined> {
  // As text and back: what is sent is plain JSON, whatever zod keeps on its own objects.
  const format: JsonObject = JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io: 'input' })));
  const whole = { ...request, tools: [], format };
  const first = await model.ask(whole);
  if (!isWhole(first.stop)) return undefined;
  const read = readJson(first.message.text, schema);
  if (read.ok || !first.prompted) return read.value;

  const mend = `That could not be used: ${read.problem}\nAnswer again with the JSON value alone.`;
  const second = await model.ask({
    ...whole,
    messages: [...request.messages, first.message, { role: 'user', text: mend }],
  });
  return isWhole(second.stop) ? readJson(second.message.text, schema).value : undefined;
}

export type Reading<T> = { ok: true; value: T } | { ok: false; value: undefined; problem: string };

/** An answer as a value of this shape, or why it is none. */
export function readJson<T>(text: string, schema: z.ZodType<T>): Reading<T> {
  const json = jsonIn(text);
  if (json === undefined) return { ok: false, value: undefined, problem: 'it holds no JSON.' };
  const read = schema.safeParse(json);
  return read.success
    ? { ok: true, value: read.data }
    : { ok: false, value: undefined, problem: z.prettifyError(read.error) };
}

/** The JSON in an answer: all of it, what stands between fences, or from the first bracket to the last. */
function jsonIn(text: string): Json | undefined {
  const plain = text.replace(/<think>[\s\S]*?<\/think>/g, '').trim();
  const fenced = /```(?:json)?\s*\n([\s\S]*?)\n\s*```/.exec(plain)?.[1];
  const bracketed = /[[{][\s\S]*[\]}]/.exec(plain)?.[0];
  for (const candidate of [plain, fenced, bracketed]) {
    if (candidate === undefined) continue;
    try {
      const json: Json = JSON.parse(candidate);
      return json;
    } catch {
      // The next form may fit.
    }
  }
  return undefined;
}

function isWhole(stop: string): boolean {
  return stop === 'end' || stop === 'unknown' || stop === 'tools';
}
