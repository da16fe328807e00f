import * as z from 'zod';
import type { Json, JsonObject } from '../model/message.ts';
import { PURPOSES } from '../model/model.ts';
import type { AgentEvent, StampedEvent } from './events.ts';

// The published shape of every event, for programs in other languages. The compiler holds it against the types that
// nex works with: see the end.

const text = z.string();
const amount = z.number();
const whole = z.int();
const list = <T extends z.ZodType>(of: T) => z.array(of);
const maybe = <T extends z.ZodType>(of: T) => z.exactOptional(of);
const oneOf = <const T extends readonly string[]>(...words: T) => z.enum(words);

const json: z.ZodType<Json> = z.lazy(() =>
  z.union([text, amount, z.boolean(), z.null(), list(json), z.record(text, json)]),
);
const object: z.ZodType<JsonObject> = z.record(text, json);

const tests = {
  status: oneOf('passed', 'failed', 'failed_before', 'not_run'),
  before: maybe(oneOf('passed', 'unknown')),
  command: maybe(text),
  summary: maybe(text),
};
const review = {
  status: oneOf('approved', 'objections', 'not_reviewed'),
  summary: maybe(text),
  objections: list(z.strictObject({ file: maybe(text), line: maybe(amount), problem: text })),
};
const lesson = { id: whole, what_failed: text, what_fixed: text };

/** The fields of each event beside `type`, `time` and `session`. */
const FIELDS = {
  'session.start': {
    task: text,
    model: text,
    root: text,
    version: text,
    pid: maybe(whole),
    resumed: maybe(text),
    dry_run: z.boolean(),
  },
  context: {
    files: list(z.strictObject({ path: text, mode: text, tokens: amount })),
    memory_tokens: amount,
    errors: whole,
    tokens: amount,
  },
  plan: {
    steps: list(z.strictObject({ title: text, files: list(text), done: z.boolean() })),
    finished: maybe(whole),
  },
  text: { text, delta: maybe(z.literal(true)) },
  thinking: { text, delta: maybe(z.literal(true)) },
  'tool.call': { id: text, name: text, input: object },
  approval: {
    id: text,
    command: text,
    rule: text,
    reason: text,
    safer: maybe(text),
    part: maybe(text),
    answer: maybe(oneOf('yes', 'no')),
    said: maybe(text),
  },
  'tool.output': { id: text, text },
  'tool.result': {
    id: text,
    name: text,
    ok: z.boolean(),
    text,
    changed: list(text),
    exit: maybe(z.union([whole, z.null()])),
    duration_ms: amount,
  },
  usage: {
    purpose: z.enum(PURPOSES),
    model: text,
    usage: z.strictObject({
      // Left out where the server did not say.
      input: z.optional(amount),
      cacheRead: amount,
      cacheWrite5m: amount,
      cacheWrite1h: amount,
      output: z.optional(amount),
    }),
    cost_usd: z.union([amount, z.null()]),
    task_cost_usd: z.union([amount, z.null()]),
    request_id: maybe(text),
  },
  retry: { attempt: whole, wait_ms: amount, reason: text },
  notice: { text, level: oneOf('info', 'warning') },
  'error.recalled': { ...lesson, moment: oneOf('start', 'failure') },
  'error.learned': lesson,
  tests: { round: whole, ...tests },
  review,
  diff: {
    patch: text,
    files: list(z.strictObject({ path: text, added: amount, removed: amount, status: text })),
  },
  commit: { commit: text, branch: text, subject: text },
  'session.end': {
    outcome: oneOf('done', 'preview', 'needs_input', 'failed', 'capped', 'refused', 'later', 'interrupted'),
    text,
    // Always there: null stands for none.
    branch: z.nullable(text),
    base: maybe(text),
    commit: z.nullable(text),
    remote: maybe(z.strictObject({ name: text, forge: oneOf('github', 'gitlab', 'other') })),
    files: list(text),
    tests: z.strictObject(tests),
    review: z.strictObject(review),
    refused: list(z.strictObject({ command: text, rule: text, reason: text })),
    iterations: whole,
    usage: z.strictObject({
      requests: whole,
      inputTokens: amount,
      cacheReadTokens: amount,
      cacheWriteTokens: amount,
      outputTokens: amount,
    }),
    cost_usd: z.union([amount, z.null()]),
    duration_ms: amount,
    exit_code: whole,
    uncommitted: maybe(text),
  },
} as const satisfies Record<AgentEvent['type'], z.ZodRawShape>;

const stamp = { time: z.iso.datetime(), session: text };

/** Any event, as `stream-json` prints it; a field that is not published is an error. */
export const EVENT: z.ZodType = z.union(
  Object.entries(FIELDS).map(([type, fields]) =>
    z.strictObject({ type: z.literal(type), ...stamp, ...fields }).meta({ title: type }),
  ),
);

/** The JSON Schema that ships with nex. */
export function eventJsonSchema(): object {
  return z.toJSONSchema(EVENT.meta({ title: 'an event of nex, one a line of --output-format stream-json' }));
}

/** An event as it is printed: the end names branch and commit always. */
type Printed<Type extends AgentEvent['type']> = Omit<
  Extract<StampedEvent, { type: Type }>,
  'type' | 'time' | 'session'
> &
  (Type extends 'session.end' ? { branch: string | null; commit: string | null } : unknown);
type Described<Type extends AgentEvent['type']> = z.infer<z.ZodObject<(typeof FIELDS)[Type]>>;

type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? string extends keyof T
      ? T
      : { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;
type Fits<Type extends AgentEvent['type']> = [Frozen<Printed<Type>>] extends [Frozen<Described<Type>>]
  ? [keyof Described<Type>] extends [keyof Printed<Type>]
    ? [keyof Printed<Type>] extends [keyof Described<Type>]
      ? true
      : { missing: Exclude<keyof Printed<Type>, keyof Described<Type>> }
    : { unknown: Exclude<keyof Described<Type>, keyof Printed<Type>> }
  : { differs: Type };

// Does not compile when an event and its published shape part ways; the error names event and field.
const described: { [Type in AgentEvent['type']]: Fits<Type> } extends infer All
  ? All extends Record<AgentEvent['type'], true>
    ? true
    : All
  : never = true;
void described;
