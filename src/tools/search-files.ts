import * as z from 'zod';
import { escapePattern } from '../platform/escape-pattern.ts';
import { closedFolderOf } from '../platform/path-rules.ts';
import { decodeText, linesOf } from '../platform/text-file.ts';
import { type Place, type Workspace, WorkspaceError } from '../platform/workspace.ts';
import { counted } from './counted.ts';
import { globFilter } from './glob-filter.ts';
import { ignoreRules } from './ignore-rules.ts';
import { didYouMean } from './near-names.ts';
import { builtinEngine, lineMatcher } from './search-builtin.ts';
import {
  BadPattern,
  type Findings,
  type Hit,
  MAX_HITS_PER_FILE,
  type SearchEngine,
  type SearchQuery,
} from './search-engine.ts';
import { defineTool, type Tool, type ToolContext } from './tool.ts';

const MAX_MATCHES = 50;
const CONTEXT_LINES = 2;
const MAX_LINE = 240;
/** Characters of matches shown; long lines reach it before their number does. */
const MAX_CHARACTERS = 16_000;
const MAX_COUNTED_FILES = 60;

/** The engines to try, best first; the built-in one, which always works, need not be among them. */
export type ChooseEngines = (workspace: Workspace, signal: AbortSignal) => Promise<readonly SearchEngine[]>;

export function searchFiles(chooseEngines: ChooseEngines): Tool {
  return defineTool({
    name: 'search_files',
    description:
      'Search file contents line by line for a regular expression ((?i) in front ignores case). Ignored files are left out.',
    effect: 'read',
    input: z.object({
      pattern: z.string(),
      path: z.string().optional(),
      glob: z.string().optional().describe('such as *.ts or src/**/*.{js,jsx}'),
    }),
    async run({ pattern, path = '.', glob }, context) {
      const wrong = patternProblem(pattern);
      if (wrong !== undefined) return { ok: false, error: wrong };
      const place = await placeToSearch(path, context);
      const ignored = ignoreRules(context.workspace);
      const ignoredToo =
        place.area === 'added' ||
        (place.path !== '.' && ((await ignored(place.path, true)) || (await ignored(place.path, false))));
      const query: SearchQuery = { pattern, place, ignoredToo, glob, signal: context.signal };
      const builtin = builtinEngine({ workspace: context.workspace, ignored, isSecret: context.isSecret });
      try {
        const findings = await search(query, [...(await chooseEngines(context.workspace, context.signal)), builtin]);
        return { ok: true, output: await report(withPending(findings, query, context), query, context) };
      } catch (error) {
        if (!(error instanceof BadPattern)) throw error;
        return {
          ok: false,
          error: `${JSON.stringify(pattern)} is no regular expression: ${error.message}. For this text itself, search for ${escapePattern(pattern)}`,
        };
      }
    },
  });
}

function patternProblem(pattern: string): string | undefined {
  if (pattern === '') return 'The pattern is empty.';
  if (/[\n\r\0]/.test(pattern) || /(?<!\\)(?:\\\\)*\\[nr]/.test(pattern))
    return 'The search goes line by line: the pattern cannot hold a line break. Search for one of the lines.';
  return undefined;
}

async function placeToSearch(path: string, { workspace, isSecret }: ToolContext): Promise<Place> {
  const place = await workspace.locate(path, 'read');
  const info = await workspace.stat(path);
  if (!info)
    throw new WorkspaceError('missing', `There is no ${place.path}.${await didYouMean(workspace, place.path)}`);
  if (isSecret(place.path))
    throw new WorkspaceError('protected', `${place.path} looks like a file of secrets, which a search never reads.`);
  return place;
}

async function search(query: SearchQuery, engines: readonly SearchEngine[]): Promise<Findings> {
  for (const engine of engines) {
    const findings = await engine(query);
    if (findings) return findings;
  }
  throw new Error('no search engine serves here');
}

/** Puts in what a dry run would have written, which no program can find on disk. */
function withPending(findings: Findings, { pattern, place }: SearchQuery, { workspace }: ToolContext): Findings {
  const pending = workspace.pending();
  if (pending.size === 0) return findings;
  const match = lineMatcher(pattern);
  const counts = new Map([...findings.counts].filter(([path]) => !pending.has(path)));
  const found = new Map<string, Hit[]>();
  for (const [path, { after }] of pending) {
    if (place.path !== '.' && path !== place.path && !path.startsWith(`${place.path}/`)) continue;
    const content = decodeText(after);
    const matches = content.kind === 'text' ? match([content.text]) : [];
    const lines = matches === 'too slow' ? [] : (matches[0] ?? []);
    if (lines.length === 0) continue;
    counts.set(path, lines.length);
    found.set(
      path,
      lines.slice(0, MAX_HITS_PER_FILE).map((hit) => ({ path, ...hit })),
    );
  }
  return {
    ...findings,
    counts,
    hits: async (paths) => {
      const onDisk = paths.filter((path) => !found.has(path));
      return [
        ...(onDisk.length > 0 ? await findings.hits(onDisk) : []),
        ...paths.flatMap((path) => found.get(path) ?? []),
      ];
    },
  };
}

/** The answer: the first matches with their surroundings, and when there are more, how many each file has. */
async function report(
  findings: Findings,
  { pattern, place, glob }: SearchQuery,
  context: ToolContext,
): Promise<string> {
  const wanted = glob === undefined || glob === '' ? () => true : globFilter(glob, place.path);
  const files = [...findings.counts]
    .filter(([path]) => closedFolderOf(path) === closedFolderOf(place.path) && !context.isSecret(path) && wanted(path))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const unfinished = findings.complete
    ? []
    : ['The search took too long and was not finished: give a path or glob, or a simpler pattern.'];
  if (files.length === 0) {
    const where = `${place.path === '.' ? '' : ` in ${place.path}`}${glob === undefined ? '' : ` (glob ${glob})`}`;
    const hint = /\p{Lu}/u.test(pattern) && !pattern.startsWith('(?') ? ' Case matters; (?i) in front ignores it.' : '';
    return [`No matches for ${pattern}${where}.${hint}`, ...unfinished].join('\n');
  }

  const matches = files.reduce((sum, [, count]) => sum + count, 0);
  const shown = await showMatches(files, findings, context);
  const heading = `${counted(matches, 'match', 'matches')} in ${counted(files.length, 'file')}${shown.count < matches ? `; the first ${shown.count} are shown` : ''}.`;
  return [heading, ...unfinished, ...shown.blocks, ...(shown.count < matches ? ['', ...countsOf(files)] : [])].join(
    '\n',
  );
}

async function showMatches(
  files: ReadonlyArray<[string, number]>,
  findings: Findings,
  context: ToolContext,
): Promise<{ count: number; blocks: string[] }> {
  const chosen: string[] = [];
  for (let at = 0, sum = 0; at < files.length && sum < MAX_MATCHES; at++) {
    const [path, count] = files[at] ?? ['', 0];
    chosen.push(path);
    sum += count;
  }
  const hits = Map.groupBy(await findings.hits(chosen), ({ path }) => path);
  const blocks: string[] = [];
  let count = 0;
  let room = MAX_CHARACTERS;
  for (const path of chosen) {
    if (room <= 0 || count >= MAX_MATCHES) break;
    const block = await showFile(path, (hits.get(path) ?? []).slice(0, MAX_MATCHES - count), room, context);
    blocks.push('', path, ...block.lines);
    count += block.count;
    room -= block.lines.join('\n').length;
  }
  return { count, blocks };
}

/** The matches of one file, `12:` before a matching line and `13-` before its neighbours, as far as there is room. */
async function showFile(
  path: string,
  hits: readonly Hit[],
  room: number,
  { workspace, seen }: ToolContext,
): Promise<{ count: number; lines: string[] }> {
  const bytes = await workspace.read(path).catch((error) => {
    if (error instanceof WorkspaceError) return error.message;
    throw error;
  });
  if (typeof bytes === 'string') return { count: hits.length, lines: [`(${bytes})`] };
  const content = decodeText(bytes);
  if (content.kind === 'binary') return { count: hits.length, lines: ['(not text)'] };
  const text = linesOf(content.text);
  const columns = new Map(hits.map(({ line, column }) => [line, column]));
  const lines: string[] = [];
  let left = room;
  let count = 0;
  let until = 0;
  for (const { line } of hits) {
    if (left <= 0) break;
    count++;
    const from = Math.max(until + 1, line - CONTEXT_LINES);
    const to = Math.min(text.length, line + CONTEXT_LINES);
    if (until > 0 && from > until + 1) lines.push('--');
    for (let number = from; number <= to; number++) {
      const column = columns.get(number);
      const shown = `${number}${column === undefined ? '-' : ':'}${windowOf(text[number - 1] ?? '', column ?? 1)}`;
      lines.push(shown);
      left -= shown.length;
    }
    if (from <= to) seen.note(path, bytes, from, to, text.length);
    until = Math.max(until, to);
  }
  return { count, lines };
}

/** A line, or what of it lies round the match. `column` counts bytes from 1. */
function windowOf(line: string, column: number): string {
  if (line.length <= MAX_LINE) return line;
  const at = Buffer.from(line)
    .subarray(0, column - 1)
    .toString().length;
  const from = Math.min(Math.max(0, at - MAX_LINE / 3), line.length - MAX_LINE);
  const part = line.slice(from, from + MAX_LINE).toWellFormed();
  return `${from > 0 ? '…' : ''}${part}${from + MAX_LINE < line.length ? '…' : ''}`;
}

function countsOf(files: ReadonlyArray<[string, number]>): string[] {
  const most = files.toSorted(([, a], [, b]) => b - a).slice(0, MAX_COUNTED_FILES);
  const rest = files.length - most.length;
  return [
    'Matches by file:',
    ...most.map(([path, count]) => `${count} ${path}`),
    ...(rest > 0 ? [`… ${rest} more files`] : []),
  ];
}
