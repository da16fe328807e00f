import type { IncomingMessage } from 'node:http';
import { PlainHeaders } from './plain-headers.ts';

/** As much of a `Response` as the SDK reads: its body is an async iterable of bytes, not a web stream. */
export function plainResponse(message: IncomingMessage, url: URL): Response {
  const status = message.statusCode ?? 0;
  const headers = new PlainHeaders();
  for (let at = 0; at < message.rawHeaders.length; at += 2)
    headers.append(message.rawHeaders[at] ?? '', message.rawHeaders[at + 1] ?? '');
  const response = {
    status,
    statusText: message.statusMessage ?? '',
    ok: status >= 200 && status < 300,
    url: url.href,
    headers,
    body: Object.assign(message, {
      cancel: async () => {
        message.destroy();
      },
    }),
    async text() {
      const pieces: Buffer[] = [];
      for await (const piece of message) pieces.push(piece);
      return Buffer.concat(pieces).toString('utf8');
    },
  };
  // Node's type of a Response is that of its web streams; what is missing here nothing asks for.
  return response as unknown as Response;
}
