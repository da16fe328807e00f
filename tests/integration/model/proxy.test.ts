import { request as ask, createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Server } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createAnthropicModel } from '../../../src/model/anthropic.ts';
import type { Model } from '../../../src/model/model.ts';
import { ModelError } from '../../../src/model/model-error.ts';
import { proxiedFetch } from '../../../src/platform/proxied-fetch.ts';
import { type ModelServer, startModelServer } from '../../support/model-server/server.ts';
import { calls, says, thinks, turn } from '../../support/model-server/turns.ts';
import { ask as asking, talk } from './talk.ts';

interface Proxy extends AsyncDisposable {
  url: URL;
  /** What it was asked for, with the credentials it was shown. */
  asked: string[];
}

/** A proxy that hands everything to one place, whatever name was asked for. */
async function startProxy(to: number, options: { refuse?: number } = {}): Promise<Proxy> {
  const asked: string[] = [];
  const note = ({ method, url, headers }: IncomingMessage) =>
    asked.push(`${method} ${url} ${headers['proxy-authorization'] ?? ''}`.trim());
  const server = createServer((incoming, answer) => {
    note(incoming);
    if (options.refuse !== undefined) return void answer.writeHead(options.refuse).end();
    const { 'proxy-authorization': _, ...headers } = incoming.headers;
    const path = new URL(incoming.url ?? '').pathname;
    const onward = ask({ host: '127.0.0.1', port: to, path, method: incoming.method, headers }, (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    incoming.pipe(onward);
  });
  server.on('connect', (incoming: IncomingMessage, socket, head) => {
    note(incoming);
    if (options.refuse !== undefined) return socket.end(`HTTP/1.1 ${options.refuse} No\r\n\r\n`);
    const onward = connect(to, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connected\r\n\r\n');
      onward.write(head);
      socket.pipe(onward).pipe(socket);
    });
    socket.on('error', () => onward.destroy());
    onward.on('error', () => socket.destroy());
  });
  const url = new URL(`http://me:p%40ss@127.0.0.1:${await listening(server)}`);
  return {
    url,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function modelThrough(proxy: URL, baseUrl: string): Model {
  return createAnthropicModel({
    id: 'claude-sonnet-5-5',
    credential: { kind: 'apiKey', value: 'sk-test' },
    baseUrl,
    idleTimeoutMs: 10_000,
    fetch: proxiedFetch(proxy),
  });
}

const SIGNED = `Basic ${Buffer.from('me:p@ss').toString('base64')}`;

describe('a proxy', () => {
  it('carries a whole conversation to a server over http', async () => {
    await using server: ModelServer = await startModelServer({
      script: [turn(thinks(), calls('read_file', { path: 'a' })), says('Done.')],
    });
    await using proxy = await startProxy(server.port);
    const replies = await talk(modelThrough(proxy.url, 'http://api.example.test:8123'), [
      { role: 'user', text: 'Go.' },
    ]);
    expect(replies.at(-1)?.message.text).toBe('Done.');
    expect(proxy.asked).toEqual(Array(2).fill(`POST http://api.example.test:8123/v1/messages ${SIGNED}`));
    expect(server.violations).toEqual([]);
  });

  it('opens a tunnel to a server over https, in which TLS begins with the name of that server', async () => {
    const first = Promise.withResolvers<Buffer>();
    const target = createTcpServer((socket) => {
      socket.once('data', (bytes) => {
        first.resolve(bytes);
        socket.destroy();
      });
      socket.on('error', () => {});
    });
    await using proxy = await startProxy(await listening(target));
    const model = modelThrough(proxy.url, 'https://api.example.test');
    await expect(model.ask(asking([{ role: 'user', text: 'Go.' }]))).rejects.toBeInstanceOf(ModelError);
    const hello = await first.promise;
    expect([hello[0], hello.includes('api.example.test'), hello.includes('sk-test')]).toEqual([0x16, true, false]);
    expect(proxy.asked).toEqual([`CONNECT api.example.test:443 ${SIGNED}`]);
    await new Promise((done) => target.close(done));
  });

  it.each(['http://api.example.test', 'https://api.example.test'])(
    'that wants a sign-in is named as the cause: %s',
    async (baseUrl) => {
      await using proxy = await startProxy(0, { refuse: 407 });
      const error: unknown = await modelThrough(proxy.url, baseUrl)
        .ask(asking([{ role: 'user', text: 'Go.' }]))
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        kind: 'later',
        message: 'The proxy wants a sign-in.',
        hint: 'Put user and password into HTTPS_PROXY.',
      });
    },
  );

  it('ends an answer at once when told to', async () => {
    await using server = await startModelServer({
      script: [says('Slow.')],
      faults: [{ kind: 'stall', after: 'message_start' }],
    });
    await using proxy = await startProxy(server.port);
    const stop = new AbortController();
    const answer = modelThrough(proxy.url, 'http://api.example.test').ask(
      asking([{ role: 'user', text: 'Go.' }], { signal: stop.signal }),
    );
    stop.abort(new Error('Ctrl-C'));
    await expect(answer).rejects.toThrow('Ctrl-C');
  });
});
