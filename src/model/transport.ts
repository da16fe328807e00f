import type { Agent, ClientRequest } from 'node:http';
import { isIP, Socket } from 'node:net';
import { codeOf } from '../errors.ts';
import { plainResponse } from '../platform/plain-response.ts';

/** How requests reach a server. */
export interface Transport {
  /** What the SDK calls `fetch`. Never follows a redirect: it would carry key and code elsewhere. */
  fetch: typeof fetch;
  /** Begins to connect, so that the first request finds an open connection. Nothing is sent; failures show later. */
  warmUp(url: string): void;
}

/**
 * `fetch` over Node's own HTTP client, with connections that stay open between requests; through a proxy where there is
 * one. Instead of the global one, because that takes twice as long to load as all else before a task's first request.
 */
export function createTransport(proxy?: URL): Transport {
  return proxy === undefined ? directly() : through(proxy);
}

function through(proxy: URL): Transport {
  let opened: Promise<typeof fetch> | undefined;
  return {
    async fetch(input, init) {
      opened ??= import('../platform/proxied-fetch.ts').then(({ proxiedFetch }) => proxiedFetch(proxy));
      return (await opened)(input, init);
    },
    warmUp() {},
  };
}

function directly(): Transport {
  const clients = new Map<string, Promise<Client>>();
  const clientFor = ({ protocol }: URL): Promise<Client> => {
    const known = clients.get(protocol) ?? openClient(protocol);
    clients.set(protocol, known);
    return known;
  };
  return {
    async fetch(input, init = {}) {
      const url = new URL(String(input));
      const client = await clientFor(url);
      const ask = () => send(client, url, init);
      // A connection that the server was just closing: nothing of this request was heard, so it is sent again at once.
      return ask().catch((error: unknown) => (error instanceof StaleConnection ? ask() : Promise.reject(error)));
    },
    warmUp(url) {
      if (!URL.canParse(url)) return;
      const target = new URL(url);
      void clientFor(target).then((client) => client.warmUp(target));
    },
  };
}

/** Node's client for one protocol. */
interface Client {
  request: typeof import('node:http').request;
  agent: Agent;
  warmUp(url: URL): void;
}

async function openClient(protocol: string): Promise<Client> {
  const { Agent, request } = protocol === 'https:' ? await import('node:https') : await import('node:http');
  const agent = new Agent({ keepAlive: true });
  const connect = agent.createConnection.bind(agent);
  let warm: ReturnType<typeof connect>;
  agent.createConnection = (options, callback) => {
    const ready = warm;
    warm = undefined;
    if (!ready || ready.destroyed) return connect(options, callback);
    if (ready instanceof Socket) ready.ref();
    return ready;
  };
  return {
    request,
    agent,
    warmUp({ hostname, port }) {
      const host = hostname.replace(/^\[|\]$/g, '');
      const place = { host, port: Number(port) || (protocol === 'https:' ? 443 : 80), ALPNProtocols: ['http/1.1'] };
      // An address is no name that a certificate could be asked for.
      const named = isIP(host) === 0 ? { ...place, servername: host } : place;
      warm = connect(named);
      // Where no request follows, as when a limit is reached, nobody waits for the server to hang up.
      if (warm instanceof Socket) warm.unref();
      // Whoever sends the first request meets the same trouble, and tells it.
      warm?.on('error', () => {});
    },
  };
}

/** The server closed a kept connection before it heard anything of the request. */
class StaleConnection extends Error {}

function send({ request, agent }: Client, url: URL, init: RequestInit): Promise<Response> {
  const { method = 'GET', signal, body } = init;
  return new Promise((resolve, reject) => {
    const sent: ClientRequest = request(url, {
      method,
      agent,
      headers: Object.fromEntries(new Headers(init.headers)),
      ...(signal ? { signal } : {}),
    });
    sent.once('response', (response) => resolve(plainResponse(response, url)));
    sent.once('error', (error) => {
      const stale = sent.reusedSocket && codeOf(error) === 'ECONNRESET' && signal?.aborted !== true;
      reject(stale ? new StaleConnection('', { cause: error }) : error);
    });
    sent.end(typeof body === 'string' ? body : undefined);
  });
}
