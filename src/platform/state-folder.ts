import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHash, randomHex } from './crypto.ts';

/**
 * What nex knows of this user and not of one project: whether it ran before, which repositories and commands
 * were trusted, what was spent today. One small file a fact, so that two runs never overwrite each other.
 * A folder that cannot be written is no reason to stop: then nothing is remembered.
 */
export interface StateFolder {
  /** True when nex ran before, and also when that cannot be remembered. */
  seen(): boolean;
  markSeen(): void;
  /** True when the user said that this repository's own code may be run. */
  isTrusted(root: string): boolean;
  trust(root: string): void;
  /** True when the user approved this exact command of this repository's config. */
  isApproved(root: string, command: string): boolean;
  approve(root: string, command: string): void;
  /** US dollars spent on that day (local time). */
  spentOn(day: Date): number;
  /** Adds to it; a negative amount takes back what was only reserved. */
  addSpent(day: Date, usd: number): void;
  /** What a server is known not to accept, by host and model. */
  rejectedFeatures(): Record<string, string[]>;
  rememberRejected(features: Record<string, string[]>): void;
  /**
   * What makes the placeholders of this user's secrets: the same in every session, so that a resumed one can put
   * a secret back. It never leaves this folder. Another one each time when it cannot be kept.
   */
  placeholderKey(): string;
  /** What was typed in chats, oldest first. */
  chatHistory(): string[];
  addToChatHistory(text: string): void;
}

/** Older entries of the chat history are let go. */
const ENTRIES_KEPT = 500;

/** The state below this folder, which is created when something is to be remembered. */
export function openStateFolder(folder: string): StateFolder {
  const file = (...parts: string[]) => join(folder, ...parts);
  const remember = (
    name: string[],
    text: string,
    write: (path: string, text: string, options: { mode: number }) => void = writeFileSync,
  ) => {
    try {
      mkdirSync(join(folder, ...name.slice(0, -1)), { recursive: true, mode: 0o700 });
      write(file(...name), text, { mode: 0o600 });
      return true;
    } catch {
      return false; // read-only home: going on without memory is what the user would want
    }
  };
  return {
    seen: () => existsSync(file('seen')) || !remember(['probe'], ''),
    markSeen: () => void remember(['seen'], 'nex has run here before; the first run is a dry run.\n'),
    isTrusted: (root) => existsSync(file('trust', nameOf(root))),
    trust: (root) => void remember(['trust', nameOf(root)], `${root}\n`),
    isApproved: (root, command) => existsSync(file('approved', nameOf(root, command))),
    approve: (root, command) => void remember(['approved', nameOf(root, command)], `${root}\n${command}\n`),
    spentOn: (day) =>
      readText(file('cost', dayOf(day)))
        .split('\n')
        .reduce((sum, line) => sum + (Number.parseFloat(line) || 0), 0),
    addSpent: (day, usd) => {
      // One appended line an amount: short appends of several processes do not mix.
      if (usd !== 0) remember(['cost', dayOf(day)], `${usd.toFixed(6)}\n`, appendFileSync);
    },
    rejectedFeatures: () => parseLists(readText(file('features.json'))),
    rememberRejected: (features) => void remember(['features.json'], `${JSON.stringify(features, null, 2)}\n`),
    placeholderKey: () => {
      const kept = readText(file('placeholder-key')).trim();
      if (/^[0-9a-f]{64}$/.test(kept)) return kept;
      const fresh = randomHex(32);
      // Of two first runs at once the earlier one's key is kept, so that both go on with the same.
      remember(['placeholder-key'], `${fresh}\n`, (path, text, options) =>
        writeFileSync(path, text, { ...options, flag: kept === '' && !existsSync(path) ? 'wx' : 'w' }),
      );
      const now = readText(file('placeholder-key')).trim();
      return /^[0-9a-f]{64}$/.test(now) ? now : fresh;
    },
    chatHistory: () => {
      const entries = parseEntries(readText(file('chat-history')));
      // Cut only now and then: two chats at once append to the same file.
      if (entries.length > 2 * ENTRIES_KEPT)
        remember(
          ['chat-history'],
          entries
            .slice(-ENTRIES_KEPT)
            .map((entry) => `${JSON.stringify(entry)}\n`)
            .join(''),
        );
      return entries.slice(-ENTRIES_KEPT);
    },
    addToChatHistory: (text) => void remember(['chat-history'], `${JSON.stringify(text)}\n`, appendFileSync),
  };
}

function nameOf(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32);
}

function dayOf(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** One JSON string a line; a line torn by a crash is left out. */
function parseEntries(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line);
      return typeof value === 'string' ? [value] : [];
    } catch {
      return [];
    }
  });
}

function parseLists(text: string): Record<string, string[]> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(
      Object.entries(value).filter((entry): entry is [string, string[]] => Array.isArray(entry[1])),
    );
  } catch {
    return {};
  }
}
