import { closedFolderOf } from '../platform/path-rules.ts';
import type { ProgramResult } from '../platform/run-program.ts';
import { askGit, forcedFiles, type GitAsk } from './git-lists.ts';
import { BadPattern, type Hit, MAX_HITS_PER_FILE, SEARCH_SECONDS, type SearchEngine } from './search-engine.ts';

/** Searches with `git grep`, where there is no ripgrep. Serves only inside a repository. */
export function gitEngine(git: GitAsk): SearchEngine {
  return async (query) => {
    if (query.place.area === 'added' || closedFolderOf(query.place.path) === '.nex') return undefined;
    const run = (args: readonly string[]) => askGit(git, ['grep', ...args], SEARCH_SECONDS * 1_000);

    const count = (paths: readonly string[], ignoredToo: boolean) =>
      run([...argumentsFor(query.pattern, ignoredToo), '--count', '--', ...paths]);
    const [found, forced] = await Promise.all([
      count([query.place.path], query.ignoredToo),
      query.ignoredToo ? undefined : forcedFiles(git, query.place.path),
    ]);
    // 1 is "no match"; anything else is a repository or a git that cannot do it.
    if (found.exit !== 0 && found.exit !== 1 && !found.timedOut && !found.cut) {
      refuseBadPattern(found);
      return undefined;
    }
    const counts = parseCounts(found.stdout);
    // Asked for untracked files too, git goes by the ignore rules alone and forgets what it tracks in spite of them.
    if (forced && forced.length > 0) {
      for (const [path, times] of parseCounts((await count(forced, true)).stdout)) counts.set(path, times);
    }
    return {
      counts,
      complete: !found.timedOut && !found.cut,
      async hits(paths) {
        const { stdout } = await run([
          ...argumentsFor(query.pattern, true),
          '--line-number',
          '--column',
          '--',
          ...paths,
        ]);
        return firstOfEach(parseHits(stdout));
      },
    };
  };
}

function argumentsFor(pattern: string, ignoredToo: boolean): string[] {
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
