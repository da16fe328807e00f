import { isAbsolute } from 'node:path';
import { closedFolderOf } from '../platform/path-rules.ts';
import { type ProgramResult, runProgram } from '../platform/run-program.ts';
import { forcedFiles, type GitAsk } from './git-lists.ts';
import {
  BadPattern,
  type Hit,
  MAX_HITS_PER_FILE,
  SEARCH_SECONDS,
  type SearchEngine,
  type SearchQuery,
} from './search-engine.ts';

export interface RipgrepOptions {
  rg: string;
  root: string;
  env: Readonly<Record<string, string | undefined>>;
  /** To ask which files are tracked although they are ignored: ripgrep itself knows nothing of git's index. */
  git: GitAsk | undefined;
}

/** Searches with ripgrep: first how often each file matches, then the lines of those files that are to be shown. */
export function ripgrepEngine({ rg, root, env, git }: RipgrepOptions): SearchEngine {
  return async (query) => {
    const run = (args: readonly string[]) =>
      runProgram(rg, args, { cwd: root, env, signal: query.signal, timeoutMs: SEARCH_SECONDS * 1_000 });
    const count = async (paths: readonly string[]) =>
      run([...argumentsFor(query), '--count', '--', ...paths.map(argumentOf)]);

    const [found, forced] = await Promise.all([
      count([query.place.path]),
      git && !query.ignoredToo ? forcedFiles(git, query.place.path) : undefined,
    ]);
    const counts = parseCounts(checked(found));
    const missed = (forced ?? []).filter((path) => !counts.has(path));
    if (missed.length > 0)
      for (const [path, times] of parseCounts(checked(await count(missed)))) counts.set(path, times);
    return {
      counts,
      complete: !found.timedOut && !found.cut,
      async hits(paths) {
        // A line of any length is "longer than 1": ripgrep then prints its place and leaves it out.
        const shape = [
          '--line-number',
          '--column',
          '--no-heading',
          '--max-columns=1',
          `--max-count=${MAX_HITS_PER_FILE}`,
        ];
        return parseHits(checked(await run([...argumentsFor(query), ...shape, '--', ...paths.map(argumentOf)])));
      },
    };
  };
}

function argumentsFor({ pattern, place, ignoredToo, glob }: SearchQuery): string[] {
  return [
    '--no-config', // a user's settings would change the answer, and can name a program to run on every file
    '--no-messages',
    '--color=never',
    '--hidden',
    '--no-require-git',
    '--no-ignore-dot', // .gitignore alone decides, as for git
    ...(ignoredToo ? ['--no-ignore'] : []),
    '--glob=!.git',
    ...(closedFolderOf(place.path) === '.nex' ? [] : ['--glob=!/.nex']),
    // A type, not --glob: that one would bring ignored files back.
    ...(glob !== undefined && /^\*\.[\w.-]+$/.test(glob) ? [`--type-add=wanted:${glob}`, '--type=wanted'] : []),
    '--crlf',
    '--engine=auto',
    '--with-filename',
    '--null',
    `--regexp=${pattern}`,
  ];
}

/** Never an option: it begins with `./` or is absolute. */
function argumentOf(path: string): string {
  if (path === '.') return './';
  return isAbsolute(path) ? path : `./${path}`;
}

function checked(result: ProgramResult): string {
  if (result.exit === 2 && /regex|pattern/i.test(result.stderr)) throw new BadPattern(reasonIn(result.stderr));
  return result.stdout;
}

/** The last `error: …` of ripgrep's long explanation, or its first line. */
function reasonIn(complaint: string): string {
  const lines = complaint.split('\n').map((line) => line.trim());
  const reason =
    lines.find((line) => line.startsWith('error: ')) ?? lines.find((line) => line !== '') ?? 'it cannot be read';
  return reason.replace(/^(error|rg): /, '');
}

function parseCounts(output: string): Map<string, number> {
  const rows = output.matchAll(/([^\0]+)\0(\d+)\r?\n/g);
  return new Map(Array.from(rows, ([, path = '', times]) => [projectPath(path), Number(times)]));
}

function parseHits(output: string): Hit[] {
  const rows = output.matchAll(/([^\0]+)\0(\d+):(\d+):[^\n]*\n/g);
  return Array.from(rows, ([, path = '', line, column]) => ({
    path: projectPath(path),
    line: Number(line),
    column: Number(column),
  }));
}

function projectPath(printed: string): string {
  const path = process.platform === 'win32' ? printed.replaceAll('\\', '/') : printed;
  return path.replace(/^\.\//, '');
}
