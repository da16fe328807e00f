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
