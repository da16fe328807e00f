import type { Environment } from './config.ts';
import { NexError } from './errors.ts';
import type { KeyringSearch } from './platform/keyring.ts';

/** How nex proves who it is to the model's server. */
export interface Credential {
  kind: 'apiKey' | 'authToken';
  value: string;
  /** Where it was found, for `nex auth status`. */
  source: string;
}

/** Opens the keyring; called only when it matters, because it takes time and may ask the user to unlock it. */
export type OpenKeyring = () => Promise<KeyringSearch>;

/**
 * The key for the model's server: from the environment, then from the keyring, where each server has its own.
 * A server on this machine may need none. Throws NexError 'config' when there is none.
 */
export async function findCredential(
  env: Environment,
  baseUrl: string | undefined,
  openKeyring: OpenKeyring,
): Promise<Credential> {
  const said = fromEnvironment(env);
  if (said) return said;
  const kept = readKept(await openKeyring(), accountOf(baseUrl));
  if (kept) return kept;
  if (baseUrl !== undefined && isThisMachine(baseUrl))
    return { kind: 'apiKey', value: 'not-needed', source: 'a local server, which needs none' };
  throw new NexError('config', 'No API key found.', {
    hint: 'Set ANTHROPIC_API_KEY, or keep a key in the keyring: nex auth. (`nex demo` needs none.)',
  });
}

/** The key that a variable holds. */
export function fromEnvironment(env: Environment): Credential | undefined {
  const key = env['ANTHROPIC_API_KEY']?.trim();
  if (key) return { kind: 'apiKey', value: key, source: 'ANTHROPIC_API_KEY' };
  const token = env['ANTHROPIC_AUTH_TOKEN']?.trim();
  if (token) return { kind: 'authToken', value: token, source: 'ANTHROPIC_AUTH_TOKEN' };
  return undefined;
}

/** The key that is kept for a server; undefined when there is none or the keyring cannot be read. */
export function readKept({ keyring }: KeyringSearch, account: string): Credential | undefined {
  try {
    const value = keyring?.read(account);
    return keyring && value ? { kind: 'apiKey', value, source: keyring.name } : undefined;
  } catch {
    return undefined; // locked, and the user did not unlock it
  }
}

/** A server's account in the keyring: a key must never be sent to another server than the one it was given for. */
export function accountOf(baseUrl: string | undefined): string {
  if (baseUrl === undefined) return 'api.anthropic.com';
  try {
    return new URL(baseUrl).host;
  } catch {
    return baseUrl;
  }
}

/** A key as it may be shown: the last four characters, and none of a short one. */
export function shownKey(value: string): string {
  return value.length < 12 ? '…' : `…${value.slice(-4)}`;
}

function isThisMachine(baseUrl: string): boolean {
  return /^https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])([:/]|$)/.test(baseUrl);
}
