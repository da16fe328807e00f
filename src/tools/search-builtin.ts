import { posix } from 'node:path';
import { createContext, Script } from 'node:vm';
import { codeOf } from '../errors.ts';
import { closedFolderOf } from '../platform/path-rules.ts';
import { decodeText, linesOf } from '../platform/text-file.ts';
import { type Workspace, WorkspaceError } from '../platform/workspace.ts';
import { globFilter } from './glob-filter.ts';
import type { Ignored } from './ignore-rules.ts';
import { BadPattern, type Hit, MAX_HITS_PER_FILE, SEARCH_SECONDS, type SearchEngine } from './search-engine.ts';

/** A pattern may take this long on one file; nested repetitions can take for ever. */
const FILE_MS = 1_000;
const READ_AT_ONCE = 32;

export interface BuiltinOptions {
  workspace: Workspace;
  ignored: Ignored;
  isSecret: (path: string) => boolean;
}

/** Searches by reading the files itself: slower than a program made for it, but always there. */
export function builtinEngine({ workspace, ignored, isSecret }: BuiltinOptions): SearchEngine {
  return async ({ pattern, place, ignoredToo, glob, signal }) => {
    const match = lineMatcher(pattern);
    const wanted = glob === undefined || glob === '' ? () => true : globFilter(glob, place.path);
    const until = performance.now() + SEARCH_SECONDS * 1_000;
    const counts = new Map<string, number>();
    const found = new Map<string, Hit[]>();
    let complete = true;
    let timeUp = false;
    const isTimeUp = () => {
      signal.throwIfAborted();
      timeUp ||= performance.now() > until;
      return timeUp;
    };

    const files: string[] = [];
    const walk = async (folder: string): Promise<void> => {
      const entries = await workspace.list(folder).catch(() => []);
      for (const { name, kind } of entries) {
        if (isTimeUp()) return;
        const path = posix.join(folder, name);
        if (closedFolderOf(path) !== closedFolderOf(place.path)) continue;
        if (!ignoredToo && (await ignored(path, kind === 'directory'))) continue;
        if (kind === 'directory') await walk(path);
        else if (kind === 'file' && !isSecret(path) && wanted(path)) files.push(path);
      }
    };
    const info = await workspace.stat(place.absolute);
    if (info?.kind === 'file') files.push(place.path);
    else await walk(place.path);

    for (let at = 0; at < files.length && !isTimeUp(); at += READ_AT_ONCE) {
      const batch = files.slice(at, at + READ_AT_ONCE);
      const texts = await Promise.all(batch.map((path) => textOf(workspace, path)));
      for (const [index, lines] of matchAll(match, texts).entries()) {
        const path = batch[index] ?? '';
        if (lines === 'too slow') complete = false;
        else if (lines.length > 0) {
          counts.set(path, lines.length);
          found.set(
            path,
            lines.slice(0, MAX_HITS_PER_FILE).map((hit) => ({ path, ...hit })),
          );
        }
      }
    }
    return {
      counts,
      complete: complete && !timeUp,
      hits: async (paths) => paths.flatMap((path) => found.get(path) ?? []),
    };
  };
}

/** The text of a file; empty when it has none that can be searched. */
async function textOf(workspace: Workspace, path: string): Promise<string> {
  try {
    const bytes = await workspace.read(path);
    const content = decodeText(bytes);
    if (content.kind === 'binary') return '';
    // As the programs see it: what is not UTF-8 matches by its ASCII part.
    return content.encoding === 'latin-1' ? bytes.toString('utf8') : content.text;
  } catch (error) {
    if (error instanceof WorkspaceError) return '';
    throw error;
  }
}

type LineMatch = { line: number; column: number };
/** Finds the lines that match in each of these texts, or gives up because it takes too long. */
type LineMatcher = (texts: readonly string[]) => LineMatch[][] | 'too slow';

/** All texts at once, since every call costs more than most texts; one by one when some of them are too much. */
function matchAll(match: LineMatcher, texts: readonly string[]): Array<LineMatch[] | 'too slow'> {
  const together = match(texts);
  if (together !== 'too slow') return together;
  return texts.map((text) => {
    const alone = match([text]);
    return alone === 'too slow' ? alone : (alone[0] ?? []);
  });
}

/** Reads a pattern; throws BadPattern when it is none. A call that takes longer than the limit is given up. */
export function lineMatcher(pattern: string, limitMs = FILE_MS): LineMatcher {
  // Run in a context of its own only because that is how V8 lets a regular expression be interrupted.
  const context: { expression: RegExp; texts: string[][] } = { expression: toRegExp(pattern), texts: [] };
  createContext(context);
  const script = new Script(
    'texts.map((lines) => lines.map((line) => expression.exec(line)?.index ?? -1).join()).join("\\n")',
  );
  return (texts) => {
    context.texts = texts.map(linesOf);
    try {
      const starts = String(script.runInContext(context, { timeout: limitMs })).split('\n');
      return context.texts.map((lines, at) => matchesIn(lines, starts[at] ?? ''));
    } catch (error) {
      if (codeOf(error) === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return 'too slow';
      throw error;
    }
  };
}

/** `starts` says for each line where the match begins in it, -1 for none, with commas between. */
function matchesIn(lines: readonly string[], starts: string): LineMatch[] {
  if (lines.length === 0) return [];
  return starts.split(',').flatMap((start, at) => {
    if (start === '-1') return [];
    return [{ line: at + 1, column: Buffer.byteLength(lines[at]?.slice(0, Number(start)) ?? '') + 1 }];
  });
}

const CLASSES: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  punct: '!-\\/:-@\\[-`{-~',
  xdigit: '0-9A-Fa-f',
  word: '\\w',
};

const ENDS: Readonly<Record<string, string>> = { '\\A': '^', '\\z': '$', '\\Z': '$' };

/** A pattern as ripgrep reads it, in JavaScript's words: leading flags, POSIX classes, the ends of the text. */
function toRegExp(pattern: string): RegExp {
  const [, flags = '', rest = ''] = /^(?:\(\?([imsu]+)\))?(.*)$/s.exec(pattern) ?? [];
  const source = rest
    .replace(/\[:(\w+):\]/g, (whole, name: string) => CLASSES[name] ?? whole)
    .replace(/\(\?P</g, '(?<')
    .replace(/\\./gs, (escaped) => ENDS[escaped] ?? escaped);
  const unicode = /\\[pP]\{|\\u\{|[^\0-\uffff]/u.test(source) ? 'u' : '';
  try {
    return new RegExp(source, [...new Set(`${flags.replace(/[mu]/g, '')}${unicode}`)].join(''));
  } catch (error) {
    throw new BadPattern(
      error instanceof Error ? error.message.replace(/^Invalid regular expression: .*: /, '') : 'it cannot be read',
    );
  }
}
