import type { JsonObject } from '../../../src/model/message.ts';
import { objectsOf } from './json.ts';
import { messagesOf } from './request.ts';

/** What other servers that speak the Messages API lack. Nothing of it counts as the client's mistake. */
export interface HostQuirks {
  /**
   * Fields it refuses as extra inputs: of the request (`thinking`, `output_config`), of tools (`strict`), of
   * blocks (`cache_control`).
   */
  unsupported?: readonly string[];
  /** No `request-id` header. */
  requestId?: false;
  /** No cache fields in `usage`. */
  cacheUsage?: false;
  /** Thinking blocks without signatures; none are checked either. */
  signatures?: false;
  countTokens?: false;
  models?: false;
  /** Error bodies in another shape. */
  errors?: 'openai' | 'text';
}

/** The path of the first field that the host does not support. */
export function findUnsupported(body: JsonObject, names: readonly string[]): string | undefined {
  const places: Array<[string, JsonObject]> = [
    ['', body],
    ...objectsOf(body['tools']).map((tool, index): [string, JsonObject] => [`tools.${index}.`, tool]),
    ...objectsOf(body['system']).map((block, index): [string, JsonObject] => [`system.${index}.`, block]),
    ...messagesOf(body).flatMap(({ index, blocks }) =>
      blocks.map((block, place): [string, JsonObject] => [`messages.${index}.content.${place}.`, block]),
    ),
  ];
  for (const [at, fields] of places) {
    // The text of a thinking block is no request for thinking.
    const found = names.find((name) => fields[name] !== undefined && fields['type'] !== name);
    if (found !== undefined) return `${at}${found}`;
  }
  return undefined;
}
