import { closedFolderOf } from '../platform/path-rules.ts';
import type { ProgramResult } from '../platform/run-program.ts';
import { askGit, type GitAsk } from './git-lists.ts';
import {
  BadPattern,
  type Hit,
  MAX_HITS_PER_FILE,
  SEARCH_SECONDS,
  type SearchEngine,
  type SearchQuery,
} from './search-engine.ts';

/** Searches with `git grep`, where there is no ripgrep. Serves only inside a repository. */
export function gitEngine(git: GitAsk): SearchEngine {
  return async (query) => {
    if (query.place.area === 'added' || closedFolderOf(query.place.path) === '.nex') return undefined;
    const run = (args: readonly string[]) => askGit(git, ['grep', ...args], SEARCH_SECONDS * 1_000);

    const found = await run([...argumentsFor(query), '--count', '--', query.place.path]);
    // 1 is "no match"; anything else is a repository or a git that cannot do it.
    if (found.exit !== 0 && found.exit !== 1 && !found.timedOut && !found.cut) {
      refuseBadPattern(found);
      return undefined;
    }
    return {
      counts: parseCounts(found.stdout),
      complete: !found.timedOut && !found.cut,
      async hits(paths) {
        const { stdout } = await run([...argumentsFor(query), '--line-number', '--column', '--', ...paths]);
        return firstOfEach(parseHits(stdout));
      },
    };
  };
}

function argumentsFor({ pattern, ignoredToo }: SearchQuery): string[] {
  return [
    '--no-color',
    '--untracked',
    ...(ignoredToo ? ['--no-exclude-standard'] : []),
    '-I',
    '-z',
    // Perl's patterns are what ripgrep's and JavaScript's are nearest to; extended ones lack \d and (?:…).
    '--perl-regexp',
    '-e',
    // A line may end in CR LF, as for ripgrep.
    `(*ANYCRLF)${pattern}`,
  ];
}

function refuseBadPattern({ stderr }: ProgramResult): void {
  const reason = /-e option,.*: ([^:\n]+)\n?$/s.exec(stderr)?.[1];
  if (reason !== undefined) throw new BadPattern(reason);
}

function parseCounts(output: string): Map<string, number> {
  return new Map(Array.from(output.matchAll(/([^\0]+)\0(\d+)\n/g), ([, path = '', times]) => [path, Number(times)]));
}

function parseHits(output: string): Hit[] {
  const rows = output.matchAll(/([^\0\n][^\0]*)\0(\d+)[\0:](\d+)[\0:][^\n]*(?:\n|$)/g);
  return Array.from(rows, ([, path = '', line, column]) => ({ path, line: Number(line), column: Number(column) }));
}

function firstOfEach(hits: readonly Hit[]): Hit[] {
  const perFile = Map.groupBy(hits, ({ path }) => path);
  return [...perFile.values()].flatMap((own) => own.slice(0, MAX_HITS_PER_FILE));
}
