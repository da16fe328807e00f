import type { IncomingMessage } from 'node:http';
import type { Json, JsonObject } from '../../../src/model/message.ts';
import { isObject } from './json.ts';
import { Refusal } from './refusal.ts';

/** A request as it came in. */
export interface Arrival {
  headers: Readonly<Record<string, string>>;
  /** '' for a body that was too large to keep. */
  raw: string;
  /** {} for a body that holds no JSON object. */
  body: JsonObject;
  /** What is wrong with the body, where one is called for. */
  flaw?: Refusal;
}

const MAX_BODY_BYTES = 32 * 1024 * 1024;

/** Reads a request to its end; undefined when the client left before. */
export async function arrivalOf(incoming: IncomingMessage): Promise<Arrival | undefined> {
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, String(value ?? '')]),
  );
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of incoming) {
      if (!Buffer.isBuffer(chunk)) continue;
      bytes += chunk.length;
      // Read to the end all the same: a client that is still sending would not see the answer.
      if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  if (bytes > MAX_BODY_BYTES) {
    return { headers, raw: '', body: {}, flaw: new Refusal(4, 'Request exceeds the maximum size', 413) };
  }
  const raw = Buffer.concat(chunks).toString();
  const body = objectIn(raw);
  if (body !== undefined) return { headers, raw, body };
  return { headers, raw, body: {}, flaw: new Refusal(5, 'The request body is not valid JSON: expected an object') };
}

function objectIn(raw: string): JsonObject | undefined {
  try {
    const value: Json = JSON.parse(raw);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
