import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import tls from 'node:tls';
import { plainResponse } from './plain-response.ts';

/** `fetch` through a proxy: a tunnel for https, the whole address for http. It follows no redirect. */
export function proxiedFetch(proxy: URL): typeof fetch {
  const agents = { http: new http.Agent({ keepAlive: true }), https: new TunnelAgent(proxy) };
  return (input, init = {}) =>
    new Promise((resolve, reject) => {
      const target = new URL(String(input));
      const sent = { method: init.method ?? 'GET', headers: Object.fromEntries(new Headers(init.headers)) };
      const options: RequestOptions = { ...sent, ...(init.signal ? { signal: init.signal } : {}) };
      const request =
        target.protocol === 'https:'
          ? https.request(target, { ...options, agent: agents.https })
          : askProxy(proxy, {
              ...options,
              path: target.href,
              headers: { ...sent.headers, host: target.host, ...credentials(proxy) },
              ...(proxy.protocol === 'http:' ? { agent: agents.http } : {}),
            });
      request.on('response', (answer) => resolve(plainResponse(answer, target)));
      request.on('error', reject);
      request.end(typeof init.body === 'string' ? init.body : undefined);
    });
}

class TunnelAgent extends https.Agent {
  readonly #proxy: URL;

  constructor(proxy: URL) {
    super({ keepAlive: true });
    this.#proxy = proxy;
  }

  override createConnection(options: RequestOptions, done?: (error: Error | null, stream: Duplex) => void): undefined {
    const host = options.host ?? '';
    const place = `${host}:${options.port ?? 443}`;
    const fail = (error: Error) => done?.(error, new Duplex());
    const request = askProxy(this.#proxy, {
      method: 'CONNECT',
      path: place,
      headers: { host: place, ...credentials(this.#proxy) },
      agent: false,
    });
    request.on('connect', ({ statusCode }: IncomingMessage, socket: Socket) => {
      if (statusCode === 200) return done?.(null, tls.connect({ socket, servername: host }));
      socket.destroy();
      fail(new Error(`the proxy answered ${statusCode}`));
    });
    request.on('error', fail);
    request.end();
  }
}

function askProxy(proxy: URL, options: RequestOptions): ClientRequest {
  const ask = proxy.protocol === 'https:' ? https.request : http.request;
  return ask({ ...options, hostname: proxy.hostname, port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80) });
}

function credentials({ username, password }: URL): { 'proxy-authorization'?: string } {
  if (username === '') return {};
  const plain = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(plain).toString('base64')}` };
}
