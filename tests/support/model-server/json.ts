import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '../../../src/model/message.ts';

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a list; anything else is no list of objects and yields none. */
export function objectsOf(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Content as blocks: a plain string is one text block, an empty one is none. */
export function blocksOf(content: Json | undefined): JsonObject[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return objectsOf(content);
}

export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** The text blocks of some content, joined. */
export function joinedText(blocks: readonly JsonObject[]): string {
  return blocks
    .filter((block) => block['type'] === 'text')
    .map((block) => textOf(block['text']))
    .join('');
}

/**
 * A block, or a tool, as the model sees it: without cache markers, nulls and defaults, the block's own keys
 * sorted. Keys deeper down keep their order, because there it is part of the prompt.
 */
export function canonicalOf(block: JsonObject): string {
  const seen = Object.entries(block).filter(([name, value]) => {
    if (name === 'cache_control' || name === 'caller' || value === null) return false;
    return !(name === 'is_error' && value === false);
  });
  const plain = seen.map(([name, value]) =>
    block['type'] === 'tool_result' && name === 'content' ? [name, blocksOf(value).map(canonicalOf)] : [name, value],
  );
  return JSON.stringify(Object.fromEntries(plain.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))));
}

/** The server's idea of a token: four bytes. */
export function tokensOf(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4);
}

export function digest(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('base64url').slice(0, 20);
}
