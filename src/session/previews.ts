import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, NexError } from '../errors.ts';
import { isJsonObject } from '../model/message.ts';

/** A file that a dry run would write; base64, so that every byte survives. `before` is undefined for a new file. */
export interface PlannedFile {
  path: string;
  before?: string;
  after: string;
}

/** What a dry run would do, made to be applied later without asking the model again. */
export interface Preview {
  version: 1;
  id: string;
  task: string;
  files: PlannedFile[];
  /** Commands in their order; each is judged again before it runs. */
  commands: string[];
}

/** Writes a preview below `.nex/previews` and returns its path. */
export function savePreview(dir: string, preview: Preview): string {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const path = join(dir, `${preview.id}.json`);
  writeFileSync(path, `${JSON.stringify(preview, null, 2)}\n`, { mode: 0o600 });
  return path;
}

/** The preview of that id, or the last one. Throws NexError 'usage' when there is none, or it cannot be read. */
export function readPreview(dir: string, id: string | undefined): Preview {
  const name = id ?? previewIds(dir).at(-1);
  if (name === undefined || !/^[\w-]+$/.test(name)) {
    throw new NexError(
      'usage',
      name === undefined ? 'There is no dry run to apply.' : `"${name}" is no id of a dry run.`,
      { hint: 'Make one first: nex --dry-run "task".' },
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(join(dir, `${name}.json`), 'utf8'));
  } catch (error) {
    const gone = codeOf(error) === 'ENOENT';
    const known = previewIds(dir);
    throw new NexError('usage', gone ? `There is no dry run "${name}".` : `The dry run "${name}" cannot be read.`, {
      hint: known.length === 0 ? 'Make one first: nex --dry-run "task".' : `There are: ${known.join(', ')}.`,
      cause: error,
    });
  }
  if (isPreview(value)) return value;
  throw new NexError('usage', `The dry run "${name}" was not written by this nex.`, {
    hint: 'Make it again: nex --dry-run "task".',
  });
}

/** Ids of all previews, oldest first: they begin with their time. */
function previewIds(dir: string): string[] {
  try {
    return readdirSync(dir)
      .filter((name) => name.endsWith('.json'))
      .map((name) => name.slice(0, -'.json'.length))
      .sort();
  } catch {
    return []; // no folder: no previews
  }
}

function isPreview(value: unknown): value is Preview {
  if (!isJsonObject(value)) return false;
  const { version, id, task, files, commands } = value;
  const isText = (item: unknown) => typeof item === 'string';
  const isFile = (item: unknown) =>
    isJsonObject(item) &&
    isText(item['path']) &&
    isText(item['after']) &&
    (item['before'] === undefined || isText(item['before']));
  return (
    version === 1 &&
    isText(id) &&
    isText(task) &&
    Array.isArray(files) &&
    files.every(isFile) &&
    Array.isArray(commands) &&
    commands.every(isText)
  );
}
