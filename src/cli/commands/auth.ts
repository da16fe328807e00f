import { loadConfig } from '../../config.ts';
import { accountOf, fromEnvironment, readKept, shownKey } from '../../credential.ts';
import { messageOf, NexError } from '../../errors.ts';
import { listModels } from '../../model/model-list.ts';
import type { Keyring } from '../../platform/keyring.ts';
import { openControllingTerminal } from '../../platform/terminal.ts';
import { askSecret } from '../../ui/ask.ts';
import { type CliContext, complain, print } from '../context.ts';
import type { AuthAction } from '../flags/auth.ts';
import { readPipe } from '../task-text.ts';

/** `nex auth`, `auth status`, `auth logout`: the key in the keyring of this system, never in a file. */
export async function authCommand(context: CliContext, action: AuthAction, flags: { json?: boolean }): Promise<number> {
  // A project has no say in where a key goes.
  const { settings } = await loadConfig({ env: context.env, folders: context.folders, root: undefined });
  switch (action) {
    case 'login':
      return login(context, settings.baseUrl);
    case 'status':
      return status(context, settings.baseUrl, flags.json === true);
    case 'logout':
      return logout(context, settings.baseUrl);
  }
}

async function login(context: CliContext, baseUrl: string | undefined): Promise<number> {
  const keyring = await keyringOf(context);
  const account = accountOf(baseUrl);
  const key = await readKey(context, account);
  const doubt = await checkKey(key, baseUrl, context.signal);
  try {
    keyring.write(account, key);
  } catch (error) {
    throw new NexError('config', `The ${keyring.name} did not take the key: ${messageOf(error)}.`, {
      hint: 'Unlock it and try again, or set ANTHROPIC_API_KEY.',
      cause: error,
    });
  }
  print(context, `The key ${shownKey(key)} for ${account} is in the ${keyring.name}.`);
  if (doubt !== undefined) complain(context, `The key could not be checked: ${doubt}`);
  const winner = fromEnvironment(context.env);
  if (winner) complain(context, `${winner.source} is set and wins over it.`, `unset ${winner.source}`);
  return 0;
}

async function status(context: CliContext, baseUrl: string | undefined, json: boolean): Promise<number> {
  const account = accountOf(baseUrl);
  const said = fromEnvironment(context.env);
  const search = await context.openKeyring();
  const kept = readKept(search, account);
  const used = said ?? kept;
  const found = {
    server: account,
    source: used?.source ?? null,
    key: used === undefined ? null : shownKey(used.value),
    keyring: search.keyring?.name ?? null,
    in_keyring: kept === undefined ? null : shownKey(kept.value),
  };
  if (json) print(context, JSON.stringify(found));
  else {
    print(context, used ? `${account}: the key ${found.key} from ${found.source}` : `${account}: no key`);
    if (said && kept)
      print(context, `also kept: ${found.in_keyring} in the ${found.keyring}, used when ${said.source} is not set`);
    if (!search.keyring) print(context, `keyring: none (${search.reason})`);
  }
  if (used) return 0;
  complain(
    context,
    'No API key found.',
    search.keyring ? 'nex auth, or set ANTHROPIC_API_KEY.' : 'Set ANTHROPIC_API_KEY.',
  );
  return 2;
}

async function logout(context: CliContext, baseUrl: string | undefined): Promise<number> {
  const keyring = await keyringOf(context);
  const account = accountOf(baseUrl);
  const removed = keyring.remove(account);
  print(
    context,
    removed ? `The key for ${account} is gone from the ${keyring.name}.` : `No key for ${account} was kept.`,
  );
  const left = fromEnvironment(context.env);
  if (left) complain(context, `${left.source} is still set.`, `unset ${left.source}`);
  return 0;
}

async function keyringOf(context: CliContext): Promise<Keyring> {
  const search = await context.openKeyring();
  if (search.keyring) return search.keyring;
  throw new NexError('config', `This system has no keyring that nex can use (${search.reason}).`, {
    hint: 'nex never writes a key into a file. Set ANTHROPIC_API_KEY, from a password manager if you have one: export ANTHROPIC_API_KEY="$(pass anthropic)"',
  });
}

/** Typed unseen on the terminal, or through a pipe. */
async function readKey(context: CliContext, account: string): Promise<string> {
  const piped = context.stdin.isTTY ? '' : await readPipe(context.stdin);
  const key = piped.trim() || (await askKey(context, account));
  if (key === undefined)
    throw new NexError('refused', 'No key was given; nothing was changed.', {
      hint: 'nex auth < FILE reads it from a pipe.',
    });
  if (/\s/.test(key))
    throw new NexError('usage', 'That is no key: there is a space or a line break in it.', {
      hint: 'Copy the key alone.',
    });
  return key;
}

async function askKey(context: CliContext, account: string): Promise<string | undefined> {
  const terminal = openControllingTerminal();
  try {
    return terminal && (await askSecret(terminal, `API key for ${account} (not shown):`, { signal: context.signal }));
  } finally {
    terminal?.close();
  }
}

/** Asks the server for its list of models, which is free. Throws when the key is refused; returns why it could not be checked. */
async function checkKey(key: string, baseUrl: string | undefined, signal: AbortSignal): Promise<string | undefined> {
  try {
    const models = await listModels(
      { credential: { kind: 'apiKey', value: key }, ...(baseUrl === undefined ? {} : { baseUrl }) },
      signal,
    );
    return models === undefined ? 'the server has no list of models to ask for.' : undefined;
  } catch (error) {
    if (!(error instanceof NexError) || error.kind !== 'later') throw error;
    return error.message;
  }
}
