import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { codeOf, messageOf, NexError } from './errors.ts';
import type { PriceOverrides } from './model/prices.ts';
import {
  allowedIn,
  fitText,
  isStricter,
  type SafetyLists,
  SETTINGS,
  type SettingName,
  type SettingRow,
  type Settings,
} from './settings-table.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where a value comes from. */
export type Source = 'flag' | 'environment' | 'project' | 'global' | 'default';

export interface Config {
  settings: Settings;
  sources: Readonly<Record<SettingName, Source>>;
  /** Oddities that were put up with, each said once. */
  notices: readonly string[];
}

/** Folders of this user: XDG, or what the platform uses instead. */
export interface UserFolders {
  home: string;
  config: string;
  state: string;
  cache: string;
}

/** Where nex keeps what belongs to the user. Relative XDG values are ignored, as that standard demands. */
export function userFolders(env: Environment, platform: NodeJS.Platform = process.platform): UserFolders {
  const home = env['HOME'] || env['USERPROFILE'] || homedir();
  const xdg = (name: string, fallback: string) => {
    const value = env[name];
    return join(value?.startsWith('/') ? value : fallback, 'nex');
  };
  if (platform === 'win32') {
    const roaming = env['APPDATA'] ?? join(home, 'AppData', 'Roaming');
    const local = env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local');
    return {
      home,
      config: join(roaming, 'nex'),
      state: join(local, 'nex', 'state'),
      cache: join(local, 'nex', 'cache'),
    };
  }
  return {
    home,
    config: xdg('XDG_CONFIG_HOME', join(home, '.config')),
    state: xdg('XDG_STATE_HOME', join(home, '.local', 'state')),
    cache: xdg('XDG_CACHE_HOME', platform === 'darwin' ? join(home, 'Library', 'Caches') : join(home, '.cache')),
  };
}

/** The files that settings are read from. */
export function configFiles(folders: UserFolders, root: string): { global: string; project: string } {
  return { global: join(folders.config, 'config.toml'), project: join(root, '.nex', 'config.toml') };
}

/**
 * Puts the settings together: flag > environment > project > global > default. A project can only make nex
 * stricter or cheaper. Throws NexError 'config' naming file, line, key and what is allowed.
 */
export async function loadConfig(options: {
  env: Environment;
  folders: UserFolders;
  root: string;
  flags?: Partial<Settings>;
}): Promise<Config> {
  const files = configFiles(options.folders, options.root);
  const global = await readConfigFile(files.global, 'global');
  const project = await readConfigFile(files.project, 'project');
  const values: Partial<Record<SettingName, Settings[SettingName]>> = {};
  const sources: Partial<Record<SettingName, Source>> = {};
  for (const row of SETTINGS) {
    const set = (value: Settings[SettingName], source: Source) => {
      if (value === undefined) return;
      values[row.name] = value;
      sources[row.name] = source;
    };
    values[row.name] = row.fallback;
    sources[row.name] = 'default';
    set(global.values[row.name], 'global');
    const variable = row.variable === undefined ? undefined : options.env[row.variable];
    const fromVariable = variable === undefined || variable === '' ? undefined : readVariable(row, variable);
    applyProject(row, project, values, sources);
    // The project's stricter value holds against a looser global one, never against what this user says right now.
    set(fromVariable, 'environment');
    set(options.flags?.[row.name], 'flag');
  }
  const settings: Settings = {
    ...(values as Settings),
    safety: { global: global.safety, project: project.safety },
    prices: global.prices,
  };
  // Other models bring no light one along; the main one does everything then.
  if (settings.lightModel === undefined)
    settings.lightModel = settings.model.startsWith('claude-') ? 'claude-haiku-5-5' : settings.model;
  settings.compactAt = Math.max(settings.compactAt, 2 * settings.contextBudget);
  return {
    settings,
    sources: sources as Record<SettingName, Source>,
    notices: [...global.notices, ...project.notices],
  };
}

function applyProject(
  row: SettingRow,
  file: ConfigFile,
  values: Partial<Record<SettingName, Settings[SettingName]>>,
  sources: Partial<Record<SettingName, Source>>,
): void {
  const value = file.values[row.name];
  if (value === undefined) return;
  const inForce = values[row.name];
  if (!isStricter(row, value, inForce)) {
    const why =
      row.project === 'nothing'
        ? `\`${row.key}\` is the user's to choose`
        : `it would loosen \`${row.key}\` (in force: ${String(inForce)})`;
    throw new NexError(
      'config',
      `${file.place(row.key)}: a project may not set \`${row.key} = ${JSON.stringify(value)}\`: ${why}.`,
      {
        hint: `Remove the line, or set it in your own global config.toml.`,
      },
    );
  }
  values[row.name] =
    row.shape.type === 'list' && Array.isArray(inForce) && Array.isArray(value) ? [...inForce, ...value] : value;
  sources[row.name] = 'project';
}

function readVariable(row: SettingRow, text: string): Settings[SettingName] {
  const value = fitText(row.shape, text);
  if (value !== undefined) return value;
  throw new NexError('config', `${row.variable}=${text} cannot be read.`, {
    hint: `${row.variable} takes ${allowedIn(row.shape)}.`,
  });
}

/** A text for a setting, from `nex config set` or a flag. Throws NexError 'config' saying what is allowed. */
export function readSetting(key: string, text: string): { row: SettingRow; value: Settings[SettingName] } {
  const row = SETTINGS.find((candidate) => candidate.key === key);
  if (!row)
    throw new NexError('config', `There is no setting \`${key}\`.`, {
      hint: `Settings: ${SETTINGS.map((known) => known.key).join(', ')}.`,
    });
  const value = fitText(row.shape, text);
  if (value === undefined)
    throw new NexError('config', `\`${key}\` cannot be ${JSON.stringify(text)}.`, {
      hint: `\`${key}\` takes ${allowedIn(row.shape)}.`,
    });
  return { row, value };
}

interface ConfigFile {
  values: Partial<Record<SettingName, Settings[SettingName]>>;
  safety: SafetyLists;
  prices: PriceOverrides;
  notices: string[];
  /** `file:line` of a key. */
  place: (key: string) => string;
}

/** Keys of Nex AI that no longer do anything, with what to say about them. */
const FORMER_KEYS: Readonly<Record<string, string>> = {
  subtask_token_budget: '`subtask_token_budget` is ignored; `context_budget` says how much code is sent.',
};

/** Nex AI wrote this limit into every project; it would make each larger call wait a minute. */
const FORMER_RATE_LIMIT = 20_000;

async function readConfigFile(path: string, layer: 'global' | 'project'): Promise<ConfigFile> {
  const file: ConfigFile = { values: {}, safety: { ask: [], deny: [] }, prices: {}, notices: [], place: () => path };
  const text = readIfThere(path);
  if (text === undefined) return file;
  const { parse } = await import('smol-toml');
  let table: Record<string, unknown>;
  try {
    table = parse(text);
  } catch (error) {
    throw new NexError('config', `${path} is not valid TOML: ${messageOf(error).split('\n')[0]}`, {
      hint: 'Mend the line, or move the file away.',
      cause: error,
    });
  }
  file.place = (key) => {
    const line = text
      .split('\n')
      .findIndex((candidate) => new RegExp(`^\\s*(\\[\\s*)?"?${key}"?\\s*[=\\].]`).test(candidate));
    return line < 0 ? path : `${path}:${line + 1}`;
  };
  for (const [key, value] of Object.entries(table)) readKey(file, layer, key, value);
  return file;
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

function readIfThere(path: string): string | undefined {
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

/** How nex proves who it is to the model's server. */
export interface Credential {
  kind: 'apiKey' | 'authToken';
  value: string;
  /** Where it was found, for `nex status`. */
  source: string;
}

/**
 * The key for the model's server, from the environment only. A server on this machine may need none.
 * Throws NexError 'config' when there is none.
 */
export function findCredential(env: Environment, baseUrl: string | undefined): Credential {
  const key = env['ANTHROPIC_API_KEY'];
  if (key) return { kind: 'apiKey', value: key, source: 'ANTHROPIC_API_KEY' };
  const token = env['ANTHROPIC_AUTH_TOKEN'];
  if (token) return { kind: 'authToken', value: token, source: 'ANTHROPIC_AUTH_TOKEN' };
  if (baseUrl !== undefined && /^https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])([:/]|$)/.test(baseUrl)) {
    return { kind: 'apiKey', value: 'not-needed', source: 'a local server, which needs none' };
  }
  throw new NexError('config', 'No API key found.', {
    hint: 'Set ANTHROPIC_API_KEY (or try `nex demo`, which needs none).',
  });
}
