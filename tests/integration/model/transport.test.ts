import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createTransport } from '../../../src/model/transport.ts';

let server: Server | undefined;
const sockets: Socket[] = [];

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  sockets.length = 0;
});

/** A server on loopback that notes every connection. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  server = createServer((request, response) => {
    request.resume().on('end', () => answer(request, response));
  });
  server.on('connection', (socket) => sockets.push(socket));
  await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const post = (url: string, init: RequestInit = {}) => ({
  url: `${url}/v1/messages`,
  init: { method: 'POST', ...init },
});

describe('the transport', () => {
  it('sends headers and body as they are, and gives status, headers and body back', async () => {
    let seen: { method: string | undefined; key: unknown; length: unknown } | undefined;
    const url = await serve(({ method, headers }, response) => {
      seen = { method, key: headers['x-api-key'], length: headers['content-length'] };
      response.writeHead(429, { 'retry-after': '7' }).end('{"slow":true}');
    });
    const { url: to, init } = post(url, { headers: { 'X-Api-Key': 'k' }, body: '{"a":"ä"}' });
    const response = await createTransport().fetch(to, init);
    expect(seen).toEqual({ method: 'POST', key: 'k', length: '10' });
    expect({ status: response.status, ok: response.ok, after: response.headers.get('Retry-After') }).toEqual({
      status: 429,
      ok: false,
      after: '7',
    });
    expect(await response.text()).toBe('{"slow":true}');
  });

  it('uses the connection that was opened early, and keeps it for the next request', async () => {
    const url = await serve((_, response) => response.end('ok'));
    const transport = createTransport();
    transport.warmUp(url);
    for (let request = 0; request < 3; request++) {
      const { url: to, init } = post(url);
      await (await transport.fetch(to, init)).text();
    }
    expect(sockets).toHaveLength(1);
  });

  it('does not mind an early connection that failed: the request tells', async () => {
    const url = await serve((_, response) => response.end('ok'));
    server?.close();
    const transport = createTransport();
    transport.warmUp(url);
    const { url: to, init } = post(url);
    await expect(transport.fetch(to, init)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('sends a request again when the server had just closed the kept connection', async () => {
    let served = 0;
    const url = await serve((_, response) => {
      served += 1;
      // The second request meets a connection that is reset before anything is answered.
      if (served === 2) sockets[0]?.resetAndDestroy();
      else response.end(`answer ${served}`);
    });
    const transport = createTransport();
    const { url: to, init } = post(url);
    expect(await (await transport.fetch(to, init)).text()).toBe('answer 1');
    expect(await (await transport.fetch(to, init)).text()).toBe('answer 3');
  });

  it('does not follow a redirect', async () => {
    const url = await serve((_, response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end());
    const { url: to, init } = post(url);
    expect((await createTransport().fetch(to, init)).status).toBe(307);
  });

  it('ends the body with the signal', async () => {
    const url = await serve((_, response) => response.write('a piece'));
    const stop = new AbortController();
    const { url: to, init } = post(url, { signal: stop.signal });
    const response = await createTransport().fetch(to, init);
    const read = (async () => {
      for await (const _ of response.body ?? []) stop.abort(new Error('enough'));
    })();
    await expect(read).rejects.toThrow();
  });

  it('lets a program end that opened a connection early and sent nothing over it', async () => {
    const url = await serve(() => {});
    const module = new URL('../../../src/model/transport.ts', import.meta.url).href;
    const source = `import { createTransport } from '${module}'; createTransport().warmUp('${url}');`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: 'ignore' });
    // The server never hangs up: were the connection waited for, the child would never end.
    expect(await new Promise((done) => child.on('close', done))).toBe(0);
  });
});
