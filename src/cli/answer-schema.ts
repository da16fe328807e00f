import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as z from 'zod';
import type { AnswerShape } from '../agent/task-state.ts';
import { messageOf, NexError } from '../errors.ts';
import { isJsonObject, type Json } from '../model/message.ts';
import { explained } from '../platform/file-errors.ts';

/** The shape that `--json-schema FILE` asks the final answer to have. Throws NexError 'usage' for what is no JSON Schema. */
export function readAnswerShape(file: string, cwd: string): AnswerShape {
  let text: string;
  try {
    text = readFileSync(resolve(cwd, file), 'utf8');
  } catch (error) {
    throw new NexError('usage', explained(error, file, 'read').message, {
      hint: 'Give --json-schema a file with a JSON Schema.',
      cause: error,
    });
  }
  let schema: Json;
  try {
    schema = JSON.parse(text);
  } catch (error) {
    throw new NexError('usage', `${file} is not JSON: ${messageOf(error)}`, { hint: 'Mend the file.', cause: error });
  }
  return answerShape(schema, file);
}

/** The same for a schema at hand; `name` is what it is called in errors. */
export function answerShape(schema: Json, name: string): AnswerShape {
  if (!isJsonObject(schema))
    throw new NexError('usage', `${name} is no JSON Schema: it must be an object.`, {
      hint: 'It looks like {"type":"object","properties":{…},"required":[…]}.',
    });
  try {
    return { schema, check: z.fromJSONSchema(schema) };
  } catch (error) {
    throw new NexError('usage', `${name} is no JSON Schema that nex can use: ${messageOf(error)}`, {
      hint: 'Keep to type, properties, required, items, enum, const, anyOf and descriptions.',
      cause: error,
    });
  }
}
