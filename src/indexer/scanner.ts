import { lstatSync, type Stats } from 'node:fs';
import { createHash } from '../platform/crypto.ts';
import { gitOutput } from './git-output.ts';
import { languageOfPath, languageOfScript, languages } from './languages/all.ts';
import { looksLikeCpp } from './languages/cpp.ts';
import type { Language } from './languages/language.ts';
import { decode, readPlain } from './read-file.ts';
import { HASH_BYTES } from './segment-file.ts';
import { walk } from './walk.ts';

/** Larger files are data, whatever their name says. */
const LARGEST = 1 << 20;

/**
 * The paths of a project, sorted, relative, with forward slashes: in a git repository what
 * `git ls-files -co --exclude-standard` prints, elsewhere what a walk finds.
 */
export async function listFiles(root: string, options: { git?: boolean; signal?: AbortSignal }): Promise<string[]> {
  const args = ['ls-files', '-co', '-z', '--exclude-standard'];
  const printed = options.git === false ? undefined : await gitOutput(root, args, options.signal);
  return inOrder(printed ? printed.toString('utf8').split('\0') : await walk(root, options.signal));
}

/** Sorted, each once, without nex's own: git lists untracked files before tracked ones, and a file in conflict once for each side. */
export function inOrder(paths: readonly string[]): string[] {
  const sorted = paths.filter((path) => path !== '' && !path.startsWith('.nex/')).sort();
  return sorted.filter((path, index) => path !== sorted[index - 1]);
}

/** Whether a path may be source, by its name alone. */
export const maySource = (path: string) => languageOfPath(path) !== undefined;

/** `lstat`, or undefined when there is nothing (a deleted file that git still tracks). */
export function statOf(root: string, path: string): Stats | undefined {
  try {
    // Joined by hand: `join` would take as long as the call itself, for every file of the project.
    return lstatSync(`${root}/${path}`, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** A file that belongs into the index, or why it does not; an empty reason is a file that is no source at all. */
export type Source =
  | { ok: true; language: Language; text: string; size: number; hash: string }
  | { ok: false; reason: string };

/** Reads a file and decides what it is. Links are not followed: they could lead out of the project. */
export function readSource(root: string, path: string, stats: Stats): Source {
  const skip = (reason: string): Source => ({ ok: false, reason });
  if (path.includes('\ufffd')) return skip('its name is not UTF-8');
  if (stats.isSymbolicLink()) return skip('a symbolic link');
  if (!stats.isFile()) return skip(stats.isDirectory() ? 'a repository of its own' : 'not a regular file');
  const byName = languageOfPath(path);
  if (byName === undefined) return skip('');
  // A large file without an ending is no script: do not read it to find out.
  if (stats.size > LARGEST) return skip(byName === 'ask' ? '' : 'larger than 1 MB');
  const bytes = readPlain(root, path);
  if (!bytes) return skip('cannot be read');
  const text = decode(bytes);
  if (text === undefined) return skip(byName === 'ask' ? '' : 'binary');
  const language = byName === 'ask' ? languageOfScript(text) : refine(byName, text);
  if (language === undefined) return skip('');
  const reason = unwanted(path, text);
  if (reason !== undefined) return skip(reason);
  const hash = createHash('sha256')
    .update(bytes)
    .digest('hex')
    .slice(0, 2 * HASH_BYTES);
  return { ok: true, language, text, size: bytes.length, hash };
}

const named = (name: string) => languages.find((language) => language.name === name);

/** A `.h` file is C, C++ or Objective-C, and only its content tells. */
function refine(language: Language, text: string): Language | undefined {
  if (language.name !== 'c') return language;
  if (/^@(?:interface|protocol|import)\b/m.test(text)) return named('objective-c');
  return looksLikeCpp(text) ? named('cpp') : language;
}

const GENERATED_NAME =
  /(?:\.min\.(?:js|css|mjs)|\.pb\.(?:go|cc|h)|_pb2(?:_grpc)?\.pyi?|\.g\.dart|\.freezed\.dart|\.designer\.cs|\.generated\.\w+)$/i;
/** Marks that generators put at the head of what they write. */
const GENERATED_HEAD =
  /^\W*Code generated .{0,120}DO NOT EDIT|@generated\b|\b(?:auto-?generated|automatically generated|generated (?:by|from|file))\b[\s\S]{0,300}\bdo not (?:edit|modify)|\bdo not (?:edit|modify)\b[\s\S]{0,300}\b(?:auto-?generated|automatically generated|generated (?:by|from|file))/im;

function unwanted(path: string, text: string): string | undefined {
  if (/\.min\.\w+$/.test(path)) return 'minified';
  if (GENERATED_NAME.test(path) || GENERATED_HEAD.test(text.slice(0, 1000))) return 'generated';
  // One line of code of 500 signs happens; a file of such lines was not written by a person.
  if (text.length > 5000 && text.length / (text.split('\n', text.length / 500 + 2).length || 1) > 500)
    return 'minified';
  return undefined;
}
