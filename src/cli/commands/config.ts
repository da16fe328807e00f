import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Config, configFiles, type Environment, loadConfig, readSetting, refuseLoosening } from '../../config.ts';
import { notToml, readConfigFile, readIfThere } from '../../config-file.ts';
import { messageOf, NexError } from '../../errors.ts';
import { ensurePrivateFolder } from '../../memory/init-project.ts';
import { replaceFile } from '../../platform/replace-file.ts';
import { type SafetyLists, SETTINGS, type SettingName, type SettingRow, type Settings } from '../../settings-table.ts';
import { type CliContext, complain, print } from '../context.ts';
import { removeFromToml, setInToml, type TomlPlace } from '../edit-toml.ts';
import type { ConfigAction, ConfigFlags } from '../flags/config.ts';
import { nearestWord } from '../nearest-word.ts';
import { findRoot } from '../project.ts';
import { printTable } from '../table.ts';

interface Files {
  root: string;
  global: string;
  project: string;
}

/** `nex config list|get|set|unset|path`: what is in force, where each value comes from, and how to change it. */
export async function configCommand(
  context: CliContext,
  action: ConfigAction,
  { key, values }: { key: string | undefined; values: readonly string[] },
  flags: ConfigFlags,
): Promise<number> {
  const root = await findRoot(context);
  const files = { root, ...configFiles(context.folders, root) };
  switch (action) {
    case 'list':
      return list(context, files, flags);
    case 'get':
      return get(context, files, wanted(key), flags);
    case 'set':
      return set(context, files, wanted(key), values, flags);
    case 'unset':
      return unset(context, files, wanted(key), flags);
    case 'path':
      print(context, flags.global ? files.global : files.project);
      return 0;
  }
}

interface Row {
  key: string;
  value: unknown;
  source: string;
  about: string;
}

/** In force for this folder, or what one's own file alone says. */
async function load(context: CliContext, { root }: Files, global: boolean): Promise<{ config: Config; rows: Row[] }> {
  const config = global
    ? await loadConfig({ env: {}, folders: context.folders, root: undefined })
    : await loadConfig({ env: context.env, folders: context.folders, root });
  const { settings, sources } = config;
  const rows: Row[] = SETTINGS.map(({ name, key, about }) => ({
    key,
    value: settings[name] ?? null,
    source: sources[name],
    about,
  }));
  for (const layer of ['global', 'project'] as const)
    for (const list of ['ask', 'deny'] as const)
      if (settings.safety[layer][list].length > 0)
        rows.push({ key: `safety.${list}`, value: settings.safety[layer][list], source: layer, about: SAFETY[list] });
  return { config, rows };
}

const SAFETY: Readonly<Record<keyof SafetyLists, string>> = {
  ask: 'commands that are asked about',
  deny: 'commands that never run',
};

async function list(context: CliContext, files: Files, flags: ConfigFlags): Promise<number> {
  const { config, rows } = await load(context, files, flags.global === true);
  for (const notice of config.notices) complain(context, notice);
  if (flags.json) print(context, JSON.stringify(rows));
  else
    printTable(
      context,
      ['setting', 'value', 'from', 'what it is'],
      rows.map(({ key, value, source, about }) => [key, show(value), source, about]),
    );
  return 0;
}

async function get(context: CliContext, files: Files, key: string, flags: ConfigFlags): Promise<number> {
  const { rows } = await load(context, files, flags.global === true);
  const row = rows.find((candidate) => candidate.key === key);
  if (!row) throw unknown(key);
  print(context, flags.json ? JSON.stringify(row) : show(row.value));
  return 0;
}

async function set(
  context: CliContext,
  files: Files,
  key: string,
  texts: readonly string[],
  flags: ConfigFlags,
): Promise<number> {
  if (key === 'api_key')
    throw new NexError('config', 'A key is never kept in a file.', {
      hint: '`nex auth` puts it into the keyring of your system; or set ANTHROPIC_API_KEY.',
    });
  if (texts.length === 0)
    throw new NexError('usage', `Which value for \`${key}\`?`, { hint: `nex config set ${key} VALUE` });
  const safety = safetyList(key);
  const row = safety === undefined ? rowOf(key) : undefined;
  const value = row ? readSetting(row, texts) : texts;
  if (row && !flags.global) await refuseInProject(files, row, value);
  const path = flags.global ? files.global : files.project;
  const text = await read(path);
  const { stringify } = await import('smol-toml');
  const literal = stringify({ key: value })
    .trim()
    .replace(/^key = /, '');
  await write(path, setInToml(text, placeOf(key), literal), flags.global ? undefined : files);
  print(context, `${key} = ${show(value)}, in ${path}`);
  if (row) tellWhoWins(context, row, flags.global === true ? await projectValue(files, row.name) : undefined);
  return 0;
}

async function unset(context: CliContext, files: Files, key: string, flags: ConfigFlags): Promise<number> {
  const path = flags.global ? files.global : files.project;
  const text = removeFromToml(await read(path), placeOf(key));
  if (text === undefined) {
    if (safetyList(key) === undefined) rowOf(key);
    print(context, `${key} is not set in ${path}; nothing was changed.`);
    return 0;
  }
  await write(path, text, flags.global ? undefined : files);
  print(context, `${key} is no longer set in ${path}`);
  return 0;
}

/** A project can only make nex stricter or cheaper; the reason is said before anything is written. */
async function refuseInProject(files: Files, row: SettingRow, value: Settings[SettingName]): Promise<void> {
  const { values } = await readConfigFile(files.global, 'global');
  refuseLoosening(row, value, values[row.name] ?? row.fallback, '', 'Add --global to set it in your own');
}

async function projectValue(files: Files, name: SettingName): Promise<Settings[SettingName]> {
  return (await readConfigFile(files.project, 'project')).values[name];
}

/** A value that is written but does not count is a riddle to whoever wrote it. */
function tellWhoWins(context: CliContext, row: SettingRow, inProject: Settings[SettingName]): void {
  const variable = setVariable(context.env, row);
  const lost = inProject === undefined || row.project === 'nothing';
  const winner = variable ?? (lost ? undefined : "this project's .nex/config.toml");
  if (winner !== undefined && row.shape.type !== 'list') complain(context, `${winner} says otherwise here, and wins.`);
}

function setVariable(env: Environment, { variable }: SettingRow): string | undefined {
  return variable !== undefined && env[variable] ? variable : undefined;
}

function safetyList(key: string): keyof SafetyLists | undefined {
  return key === 'safety.ask' ? 'ask' : key === 'safety.deny' ? 'deny' : undefined;
}

function placeOf(key: string): TomlPlace {
  const list = safetyList(key);
  return list === undefined ? { key } : { section: 'safety', key: list };
}

function rowOf(key: string): SettingRow {
  if (key.startsWith('prices'))
    throw new NexError('config', 'Prices are tables; they are set in the file itself.', {
      hint: 'Write [prices."MODEL"] with input and output, into the file that `nex config path --global` names.',
    });
  const row = SETTINGS.find((candidate) => candidate.key === key);
  if (!row) throw unknown(key);
  return row;
}

function unknown(key: string): NexError {
  const near = nearestWord(
    key,
    SETTINGS.map((row) => row.key),
  );
  return new NexError('config', `There is no setting \`${key}\`.`, {
    hint: near === undefined ? '`nex config list` shows them.' : `Did you mean \`${near}\`?`,
  });
}

function wanted(key: string | undefined): string {
  if (key !== undefined) return key;
  throw new NexError('usage', 'Which setting?', { hint: '`nex config list` shows them.' });
}

/** The file as it is, which must be TOML: only then is it known where a key stands. */
async function read(path: string): Promise<string> {
  const text = readIfThere(path) ?? '';
  const { parse } = await import('smol-toml');
  try {
    parse(text);
    return text;
  } catch (error) {
    throw notToml(path, error);
  }
}

/** `project` is given for the project's own file, whose folder git must not see before `nex init`. */
async function write(path: string, text: string, project: Files | undefined): Promise<void> {
  try {
    if (project) await ensurePrivateFolder(dirname(path));
    else mkdirSync(dirname(path), { recursive: true });
    // A file kept elsewhere and linked here stays a link.
    await replaceFile(
      existsSync(path) ? realpathSync(path) : join(realpathSync(dirname(path)), basename(path)),
      Buffer.from(text),
    );
  } catch (error) {
    throw new NexError('config', `${path} cannot be written: ${messageOf(error)}`, {
      hint: 'Mend the permissions of its folder.',
      cause: error,
    });
  }
}

function show(value: unknown): string {
  if (value === null) return '(not set)';
  return Array.isArray(value) ? value.join(', ') || '(none)' : String(value);
}
