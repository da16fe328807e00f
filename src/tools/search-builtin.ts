import { posix } from 'node:path';
import { createContext, Script } from 'node:vm';
import { codeOf } from '../errors.ts';
import { closedFolderOf } from '../platform/path-rules.ts';
import { decodeText } from '../platform/text-file.ts';
import { type Workspace, WorkspaceError } from '../platform/workspace.ts';
import type { Ignored } from './ignore-rules.ts';
import { BadPattern, type Hit, MAX_HITS_PER_FILE, SEARCH_SECONDS, type SearchEngine } from './search-engine.ts';

/** A pattern may take this long on one file; nested repetitions can take for ever. */
const FILE_MS = 1_000;

export interface BuiltinOptions {
  workspace: Workspace;
  ignored: Ignored;
  isSecret: (path: string) => boolean;
}

/** Searches by reading the files itself: slower than a program made for it, but always there. */
export function builtinEngine({ workspace, ignored, isSecret }: BuiltinOptions): SearchEngine {
  return async ({ pattern, place, ignoredToo, signal }) => {
    const match = lineMatcher(pattern);
    const until = performance.now() + SEARCH_SECONDS * 1_000;
    const counts = new Map<string, number>();
    const found = new Map<string, Hit[]>();
    let complete = true;

    const look = async (path: string) => {
      const text = await textOf(workspace, path);
      const lines = text === undefined ? [] : match(text);
      if (lines === 'too slow') complete = false;
      else if (lines.length > 0) {
        counts.set(path, lines.length);
        found.set(
          path,
          lines.slice(0, MAX_HITS_PER_FILE).map((hit) => ({ path, ...hit })),
        );
      }
    };
    const walk = async (folder: string): Promise<void> => {
      const entries = await workspace.list(folder).catch(() => []);
      for (const { name, kind } of entries) {
        signal.throwIfAborted();
        if (performance.now() > until) {
          complete = false;
          return;
        }
        const path = posix.join(folder, name);
        if (closedFolderOf(path) !== closedFolderOf(place.path)) continue;
        if (!ignoredToo && (await ignored(path, kind === 'directory'))) continue;
        if (kind === 'directory') await walk(path);
        else if (kind === 'file' && !isSecret(path)) await look(path);
      }
    };

    const info = await workspace.stat(place.absolute);
    await (info?.kind === 'file' ? look(place.path) : walk(place.path));
    return { counts, complete, hits: async (paths) => paths.flatMap((path) => found.get(path) ?? []) };
  };
}

async function textOf(workspace: Workspace, path: string): Promise<string | undefined> {
  try {
    const bytes = await workspace.read(path);
    const content = decodeText(bytes);
    if (content.kind === 'binary') return undefined;
    // As the programs see it: what is not UTF-8 matches by its ASCII part.
    return content.encoding === 'latin-1' ? bytes.toString('utf8') : content.text;
  } catch (error) {
    if (error instanceof WorkspaceError) return undefined;
    throw error;
  }
}

type LineMatch = { line: number; column: number };

/** Finds the lines that match, giving up on a text where the pattern takes too long. Throws BadPattern. */
export function lineMatcher(pattern: string, limitMs = FILE_MS): (text: string) => LineMatch[] | 'too slow' {
  // Run in a context of its own only because that is how V8 lets a regular expression be interrupted.
  const context: { expression: RegExp; lines: string[] } = { expression: toRegExp(pattern), lines: [] };
  createContext(context);
  const script = new Script('lines.map((line) => expression.exec(line)?.index ?? -1).join()');
  return (text) => {
    context.lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
    if (context.lines.at(-1) === '') context.lines.pop();
    if (context.lines.length === 0) return [];
    try {
      const starts: unknown = script.runInContext(context, { timeout: limitMs });
      return String(starts)
        .split(',')
        .flatMap((start, at) => {
          if (start === '-1') return [];
          return [{ line: at + 1, column: Buffer.byteLength(context.lines[at]?.slice(0, Number(start)) ?? '') + 1 }];
        });
    } catch (error) {
      if (codeOf(error) === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return 'too slow';
      throw error;
    }
  };
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
