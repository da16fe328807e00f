import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { Duplex, Readable } from 'node:stream';
import tls from 'node:tls';
import { NexError } from '../errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that the environment names for an address: HTTPS_PROXY, HTTP_PROXY or ALL_PROXY, unless NO_PROXY excepts
 * the host. This machine itself is never reached through one. Throws NexError 'config' for a proxy nex cannot use.
 */
export function proxyFor(address: string, env: Environment): URL | undefined {
  const { protocol, hostname, port } = new URL(address);
  const value = (name: string) => env[name.toLowerCase()] || env[name] || undefined;
  const named = value(protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY') ?? value('ALL_PROXY');
  if (named === undefined || isLoopback(hostname)) return undefined;
  if (isExcepted(hostname, port || (protocol === 'https:' ? '443' : '80'), value('NO_PROXY') ?? '')) return undefined;
  const text = /^[a-z][a-z\d+.-]*:\/\//i.test(named) ? named : `http://${named}`;
  const proxy = URL.canParse(text) ? new URL(text) : undefined;
  if (proxy && proxy.hostname !== '' && (proxy.protocol === 'http:' || proxy.protocol === 'https:')) return proxy;
  // Not the value itself: it may hold a password.
  throw new NexError('config', 'The proxy in HTTPS_PROXY, HTTP_PROXY or ALL_PROXY is not one that nex can use.', {
    hint: 'It looks like http://user:password@proxy.example:3128; NO_PROXY names hosts to reach without it.',
  });
}

function isLoopback(hostname: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/i.test(hostname);
}

/** Entries as most programs read them: `*`, a host, a domain with or without its dot, each perhaps with a port. */
function isExcepted(hostname: string, port: string, list: string): boolean {
  const host = hostname.toLowerCase();
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => {
      const [, name = entry, only] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      if (only !== undefined && only !== port) return false;
      const domain = name.replace(/^\*?\./, '');
      return name === '*' || host === domain || host.endsWith(`.${domain}`);
    });
}

/** `fetch` through a proxy: a tunnel for https, the whole address for http. It follows no redirect. */
export function proxiedFetch(proxy: URL): typeof fetch {
  const agents = { http: new http.Agent({ keepAlive: true }), https: new TunnelAgent(proxy) };
  return (input, init = {}) =>
    new Promise((resolve, reject) => {
      const target = new URL(input instanceof Request ? input.url : input);
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
      request.on('response', (answer) => resolve(responseOf(answer)));
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

function responseOf(answer: IncomingMessage): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headersDistinct))
    for (const part of value ?? []) headers.append(name, part);
  return new Response(Readable.toWeb(answer) as ReadableStream<Uint8Array>, {
    status: answer.statusCode ?? 502,
    headers,
  });
}
