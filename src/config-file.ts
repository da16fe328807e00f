import { readFileSync } from 'node:fs';
import { codeOf, messageOf, NexError } from './errors.ts';
import type { PriceOverrides } from './model/prices.ts';
import { allowedIn, fitValue, type SafetyLists, SETTINGS, type SettingName, type Settings } from './settings-table.ts';

/** One config.toml, checked key by key. */
export interface ConfigFile {
  values: Partial<Record<SettingName, Settings[SettingName]>>;
  safety: SafetyLists;
  prices: PriceOverrides;
  notices: string[];
  /** Written by Nex AI, whose projects have to open. */
  former: boolean;
  /** `file:line` of a key. */
  place: (key: string) => string;
}

/** Keys of Nex AI that no longer do anything, with what to say about them. */
const FORMER_KEYS: Readonly<Record<string, string>> = {
  subtask_token_budget: '`subtask_token_budget` is ignored; `context_budget` says how much code is sent.',
};

/** Nex AI wrote this limit into every project; it would make each larger call wait a minute. */
const FORMER_RATE_LIMIT = 20_000;

/** Settings of nobody. */
export function emptyConfig(path = ''): ConfigFile {
  return { values: {}, safety: { ask: [], deny: [] }, prices: {}, notices: [], former: false, place: () => path };
}

/** Reads and checks a config.toml; no file is an empty one. Throws NexError 'config' with file, line, key and what is allowed. */
export async function readConfigFile(path: string, layer: 'global' | 'project'): Promise<ConfigFile> {
  const file = emptyConfig(path);
  const text = readIfThere(path);
  if (text === undefined) return file;
  const { parse } = await import('smol-toml');
  let table: Record<string, unknown>;
  try {
    table = parse(text);
  } catch (error) {
    throw notToml(path, error);
  }
  file.place = (key) => {
    const line = text
      .split('\n')
      .findIndex((candidate) => new RegExp(`^\\s*(\\[\\s*)?"?${key}"?\\s*[=\\].]`).test(candidate));
    return line < 0 ? path : `${path}:${line + 1}`;
  };
  file.former = isFormer(table);
  for (const [key, value] of Object.entries(table)) readKey(file, layer, key, value);
  return file;
}

/** Nex AI wrote its rate limit into every project, and no other program knows the other two keys. */
function isFormer(table: Record<string, unknown>): boolean {
  return (
    table['token_rate_limit'] === FORMER_RATE_LIMIT ||
    Object.hasOwn(table, 'haiku_model') ||
    Object.hasOwn(table, 'subtask_token_budget')
  );
}

function readKey(file: ConfigFile, layer: 'global' | 'project', key: string, value: unknown): void {
  const former = FORMER_KEYS[key];
  if (former !== undefined) return void file.notices.push(`${file.place(key)}: ${former}`);
  if (key === 'api_key') {
    return void file.notices.push(
      `${file.place(key)}: \`api_key\` is never read from a file. Remove the line, and set ANTHROPIC_API_KEY instead.`,
    );
  }
  if (key === 'safety') return readSafety(file, value);
  if (key === 'prices') return readPrices(file, layer, value);
  const row = SETTINGS.find((candidate) => candidate.key === (key === 'haiku_model' ? 'light_model' : key));
  if (!row) {
    throw new NexError('config', `${file.place(key)}: unknown key \`${key}\`.`, {
      hint: `Known keys: ${SETTINGS.map((known) => known.key).join(', ')}, [safety], [prices.MODEL].`,
    });
  }
  if (key === 'haiku_model') {
    file.notices.push(
      `${file.place(key)}: \`haiku_model\` is now \`light_model\`${layer === 'project' ? ", and is the user's to choose: ignored" : ''}.`,
    );
    if (layer === 'project') return;
  }
  if (key === 'token_rate_limit' && layer === 'project' && value === FORMER_RATE_LIMIT) {
    return void file.notices.push(
      `${file.place(key)}: \`token_rate_limit = 20000\` is Nex AI's old default and is ignored; any other number is obeyed.`,
    );
  }
  // Nex AI wrote switches as texts and then took every text for true.
  if (row.shape.type === 'switch' && typeof value === 'string' && /^(true|false)$/i.test(value)) {
    const meant = value.toLowerCase() === 'true';
    file.notices.push(`${file.place(key)}: \`${key} = "${value}"\` is read as ${meant}; write it without quotes.`);
    if (layer === 'global' || meant) file.values[row.name] = meant;
    return;
  }
  const fitted = fitValue(row.shape, value);
  if (fitted === undefined) {
    throw new NexError('config', `${file.place(key)}: \`${key}\` cannot be ${JSON.stringify(value)}.`, {
      hint: `\`${key}\` takes ${allowedIn(row.shape)}.`,
    });
  }
  file.values[row.name] = fitted;
}

function readSafety(file: ConfigFile, value: unknown): void {
  const table = isTable(value) ? value : {};
  for (const [key, list] of Object.entries(table)) {
    if ((key !== 'ask' && key !== 'deny') || fitValue({ type: 'list' }, list) === undefined) {
      throw new NexError('config', `${file.place(key)}: \`[safety] ${key}\` is not understood.`, {
        hint: '[safety] takes `ask` and `deny`, each a list of regular expressions.',
      });
    }
  }
  file.safety = { ask: texts(table['ask']), deny: texts(table['deny']) };
}

function readPrices(file: ConfigFile, layer: 'global' | 'project', value: unknown): void {
  if (layer === 'project')
    throw new NexError('config', `${file.place('prices')}: a project may not set prices.`, {
      hint: 'Move [prices] into your own global config.toml.',
    });
  const allowed = ['input', 'output', 'cache_write_5m', 'cache_write_1h', 'cache_read'];
  const prices: Record<string, Record<string, number>> = {};
  for (const [model, row] of Object.entries(isTable(value) ? value : {})) {
    const entries = Object.entries(isTable(row) ? row : {});
    const wrong = entries.find(([key, price]) => !allowed.includes(key) || typeof price !== 'number' || !(price >= 0));
    if (wrong || entries.length === 0) {
      throw new NexError(
        'config',
        `${file.place('prices')}: [prices.${model}] is not understood${wrong ? ` at \`${wrong[0]}\`` : ''}.`,
        { hint: `It takes ${allowed.join(', ')}, each in US dollars a million tokens.` },
      );
    }
    prices[model] = Object.fromEntries(entries.map(([key, price]) => [key, Number(price)]));
  }
  file.prices = prices as PriceOverrides;
}

/** What is said of a file that is no TOML. */
export function notToml(path: string, error: unknown): NexError {
  // smol-toml's error says where; its class would load the parser for each start.
  const line = error instanceof Error && 'line' in error ? `:${String(error.line)}` : '';
  const what = messageOf(error)
    .split('\n', 1)[0]
    ?.replace(/^Invalid TOML document: /, '');
  return new NexError('config', `${path}${line} is not valid TOML: ${what}`, {
    hint: 'Mend the line, or move the file away.',
    cause: error,
  });
}

/** The text of a settings file; undefined when there is none. Throws NexError 'config' when it cannot be read. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw new NexError('config', `${path} cannot be read: ${messageOf(error)}`, {
      hint: 'Mend its permissions, or move it away.',
      cause: error,
    });
  }
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}
