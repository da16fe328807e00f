import type { Json, JsonObject } from '../../../src/model/message.ts';
import { canonicalOf, digest, isObject, objectsOf, textOf, tokensOf } from './json.ts';
import { type Asked, effortOf, outputConfigOf, thinkingTypeOf } from './request.ts';

/** Blocks that a read looks back over from each breakpoint, the breakpoint's own included. */
const LOOK_BACK = 20;

const LIFETIME_MS = { '5m': 300_000, '1h': 3_600_000 } as const;
type Ttl = keyof typeof LIFETIME_MS;

/** A block of the prompt, in the order in which the API caches: tools, system, messages. */
export interface PromptPart {
  tokens: number;
  /** Identifies everything up to and including this block. */
  key: string;
  /** Set where a cache entry may be written. */
  ttl?: Ttl;
}

/** Tokens of one prompt by what the cache did with them; together they are the whole prompt. */
export interface CacheUse {
  input: number;
  read: number;
  write5m: number;
  write1h: number;
}

export interface PromptCache {
  /**
   * What the cache holds of this prompt. Nothing is written yet: an entry can be read only after the reply that
   * wrote it has begun, so `commit` is called then.
   */
  look(parts: readonly PromptPart[], minTokens: number): { use: CacheUse; commit(): void };
}

/** `dropped` are the thinking blocks that the model does not see. */
export function promptParts(asked: Asked, dropped: ReadonlySet<JsonObject>): PromptPart[] {
  const parts: PromptPart[] = [];
  let key = digest('model', asked.model);
  const add = (area: string, block: JsonObject) => {
    const text = canonicalOf(block);
    key = digest(key, area, text);
    const ttl =
      ttlOf(block['cache_control']) ??
      objectsOf(block['content'])
        .map((part) => ttlOf(part['cache_control']))
        .find(Boolean);
    parts.push({ tokens: tokensOf(text), key, ...(ttl === undefined ? {} : { ttl }) });
  };
  for (const tool of asked.tools) add('tools', tool);
  for (const block of asked.system) add('system', block);
  key = digest(key, messagesKeyOf(asked));
  for (const { role, blocks } of asked.messages) {
    for (const block of blocks) if (!dropped.has(block)) add(role, block);
  }
  const automatic = ttlOf(asked.body['cache_control']);
  const last = parts.at(-1);
  if (automatic !== undefined && last !== undefined) last.ttl ??= automatic;
  return parts;
}

/** What besides the blocks themselves makes another prefix of the messages, but not of tools and system. */
function messagesKeyOf(asked: Asked): string {
  const choice = asked.body['tool_choice'];
  const images = asked.messages.some(({ blocks }) =>
    blocks.some((block) => [block, ...objectsOf(block['content'])].some(({ type }) => type === 'image')),
  );
  return JSON.stringify([
    isObject(choice)
      ? [textOf(choice['type']), textOf(choice['name']), choice['disable_parallel_tool_use'] === true]
      : ['auto', '', false],
    thinkingTypeOf(asked),
    effortOf(asked),
    outputConfigOf(asked.body)['format'] ?? null,
    images,
  ]);
}

function ttlOf(control: Json | undefined): Ttl | undefined {
  if (!isObject(control)) return undefined;
  return control['ttl'] === '1h' ? '1h' : '5m';
}

export function promptTokens(parts: readonly PromptPart[]): number {
  return parts.reduce((sum, { tokens }) => sum + tokens, 0);
}

/** Remembers what was written at breakpoints, each entry for its time. */
export function promptCache(now: () => number): PromptCache {
  const entries = new Map<string, { ttl: Ttl; until: number }>();
  return {
    look(parts, minTokens) {
      const time = now();
      const ends: number[] = [];
      for (const { tokens } of parts) ends.push((ends.at(-1) ?? 0) + tokens);
      const endOf = (index: number) => ends[index] ?? 0;
      const marks = [...parts.keys()].filter((index) => parts[index]?.ttl !== undefined && endOf(index) >= minTokens);
      const entryAt = (index: number) => {
        const entry = entries.get(parts[index]?.key ?? '');
        return entry !== undefined && entry.until > time ? entry : undefined;
      };

      let hit = -1;
      for (const mark of marks) {
        for (let index = mark; index > mark - LOOK_BACK && index > hit; index--) {
          if (entryAt(index) !== undefined) hit = index;
        }
      }
      const read = hit === -1 ? 0 : endOf(hit);
      const written = { '5m': 0, '1h': 0 };
      let done = read;
      for (const mark of marks.filter((index) => index > hit)) {
        written[parts[mark]?.ttl ?? '5m'] += endOf(mark) - done;
        done = endOf(mark);
      }
      return {
        use: { input: promptTokens(parts) - done, read, write5m: written['5m'], write1h: written['1h'] },
        commit() {
          for (const index of new Set([hit, ...marks])) {
            const part = parts[index];
            // An entry keeps its lifetime, and its time begins anew with each use.
            const ttl = entryAt(index)?.ttl ?? part?.ttl;
            if (part !== undefined && ttl !== undefined) entries.set(part.key, { ttl, until: time + LIFETIME_MS[ttl] });
          }
        },
      };
    },
  };
}
