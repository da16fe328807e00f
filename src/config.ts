import { join } from 'node:path';
import { type ConfigFile, emptyConfig, readConfigFile } from './config-file.ts';
import { NexError } from './errors.ts';
import type { UserFolders } from './platform/user-folders.ts';
import {
  allowedIn,
  fitText,
  isStricter,
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
  /** The project; without one, only what is the user's own counts. */
  root: string | undefined;
  flags?: Partial<Settings>;
}): Promise<Config> {
  const files = configFiles(options.folders, options.root ?? '');
  const global = await readConfigFile(files.global, 'global');
  const project = options.root === undefined ? emptyConfig() : await readConfigFile(files.project, 'project');
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
  // A small window has to hold the code, what the tools bring, and the answer.
  if (settings.contextWindow !== undefined)
    settings.contextBudget = Math.min(settings.contextBudget, Math.floor(settings.contextWindow * 0.3));
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
  // Nex AI let a project choose; its projects open, but they choose no more.
  if (file.former && row.former && !isStricter(row, value, inForce)) {
    const place = file.place(row.key);
    return void file.notices.push(`${place}: a project's \`${row.key}\` is ignored: ${whyNot(row, inForce)}.`);
  }
  refuseLoosening(row, value, inForce, `${file.place(row.key)}: `, 'Remove the line, or set it in your own');
  values[row.name] =
    row.shape.type === 'list' && Array.isArray(inForce) && Array.isArray(value) ? [...inForce, ...value] : value;
  sources[row.name] = 'project';
}

/** Throws NexError 'config' when a project's value would loosen what is in force without it. */
export function refuseLoosening(
  row: SettingRow,
  value: Settings[SettingName],
  inForce: Settings[SettingName],
  place: string,
  hint: string,
): void {
  if (isStricter(row, value, inForce)) return;
  const set = `${row.key} = ${JSON.stringify(value)}`;
  throw new NexError('config', `${place}a project may not set \`${set}\`: ${whyNot(row, inForce)}.`, {
    hint: `${hint} global config.toml.`,
  });
}

function whyNot(row: SettingRow, inForce: Settings[SettingName]): string {
  if (row.project === 'nothing') return "that is the user's to choose";
  return `it would loosen \`${row.key}\`${inForce === undefined ? '' : ` (in force: ${String(inForce)})`}`;
}

function readVariable(row: SettingRow, text: string): Settings[SettingName] {
  const value = fitText(row.shape, text);
  if (value !== undefined) return value;
  throw new NexError('config', `${row.variable}=${text} cannot be read.`, {
    hint: `${row.variable} takes ${allowedIn(row.shape)}.`,
  });
}

/** Texts for a setting, from `nex config set`: one, or one an entry of a list. Throws NexError 'config' saying what is allowed. */
export function readSetting(row: SettingRow, texts: readonly string[]): Settings[SettingName] {
  if (row.shape.type === 'list') return texts;
  const [text = ''] = texts;
  const value = texts.length === 1 ? fitText(row.shape, text) : undefined;
  if (value !== undefined) return value;
  throw new NexError('config', `\`${row.key}\` cannot be ${JSON.stringify(texts.join(' '))}.`, {
    hint: `\`${row.key}\` takes ${allowedIn(row.shape)}.`,
  });
}
