import { type AnthropicOptions, API, clientFor, explained, hostOf, rootOf } from './anthropic.ts';
import { isJsonObject, type Json } from './message.ts';
import { ModelError } from './model-error.ts';

/** A model as the server's list tells of it. */
export interface ListedModel {
  id: string;
  /** `active`, `deprecated` or `retired`; undefined where the server does not say. */
  lifecycle: string | undefined;
  /** The day after which it is gone, as the server writes it. */
  retires: string | undefined;
}

/**
 * The server's models: a free request that also shows whether the key is good. Undefined when the server keeps no
 * such list, as many local ones do. Rejects with ModelError when the key is refused or nobody answers.
 */
export async function listModels(
  { credential, baseUrl, fetch }: Pick<AnthropicOptions, 'credential' | 'baseUrl' | 'fetch'>,
  signal: AbortSignal,
): Promise<ListedModel[] | undefined> {
  const address = baseUrl === undefined ? API : rootOf(baseUrl);
  const place = { host: hostOf(address), model: '', secret: credential.value, now: new Date() };
  const client = clientFor({ credential, ...(fetch === undefined ? {} : { fetch }) }, address);
  try {
    const answer = await client.get<Json>('/v1/models', { query: { limit: 1000 }, signal });
    const data = isJsonObject(answer) ? answer['data'] : undefined;
    if (!Array.isArray(data)) return undefined;
    return data.flatMap((entry) =>
      isJsonObject(entry) && typeof entry['id'] === 'string'
        ? [{ id: entry['id'], lifecycle: textIn(entry['lifecycle']), retires: textIn(entry['retires_at']) }]
        : [],
    );
  } catch (error) {
    signal.throwIfAborted();
    const known = explained(error, place);
    if (known instanceof ModelError && (known.status === 404 || known.status === 405)) return undefined;
    throw known;
  }
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
