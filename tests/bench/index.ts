// What the index costs and how that grows, beside what other programs need in the same minute.
//   npm run bench:index -- [--sizes 100,3000,20000] [--into DIR] PROJECT …
// The projects' sources are copied until a size is reached. Every figure of nex is of a process of its own, as a
// person would start it; the floor is a bare node that asks git for the list of files and looks at each of them.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { languageOfPath } from '../../src/indexer/languages/all.ts';
import { replicate, sourcesOf } from './replicas.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sizes: { type: 'string', default: '100,3000,20000' },
    into: { type: 'string', default: join(tmpdir(), 'nex-replicas') },
    rounds: { type: 'string', default: '7' },
  },
});
const projects = positionals;
if (projects.length === 0) {
  console.error('usage: npm run bench:index -- [--sizes 100,3000] [--into DIR] PROJECT …');
  process.exit(2);
}
const ROUNDS = Number(values.rounds);
const TASK = 'report the line of an unexpected token when the parser of the configuration fails';
const nex = fileURLToPath(new URL('../../dist/nex.js', import.meta.url));
const FLOOR = `const{execFileSync:x}=require('child_process'),{lstatSync:s}=require('fs');
for(const p of x('git',['ls-files','-coz','--exclude-standard'],{maxBuffer:1<<30}).toString().split('\\0'))s(p,{throwIfNoEntry:false})`;

/** What the index is meant to cost at most over a floor. */
const goal = (words: string) => ` (goal: ${words})`;
const GOALS = [
  { files: 3000, context: 60, memory: 250 },
  { files: 20_000, context: 90, memory: 450 },
  { files: Number.POSITIVE_INFINITY, context: 150, memory: 800 },
] as const;
/** Milliseconds of several rounds: what counts is the median, what a busy machine leaves of it is the least. */
interface Figure {
  median: number;
  least: number;
}
const inWords = ({ median, least }: Figure) => `${median} ms (least ${least})`;
const over = (value: Figure, base: Figure) => {
  const more = (by: keyof Figure) => `${value[by] >= base[by] ? '+' : '-'} ${Math.abs(value[by] - base[by])}`;
  return `${more('median')} ms (${more('least')})`;
};
const has = (program: string) => spawnSync(program, ['--version']).status === 0;

for (const size of values.sizes.split(',').map(Number)) {
  const root = replicate(projects, size, values.into);
  const paths = sourcesOf(root);
  const bytes = paths.reduce((sum, path) => sum + statSync(join(root, path)).size, 0);
  const goals = GOALS.find(({ files }) => paths.length <= files) ?? GOALS[2];
  const say = (what: string, figure: string) => console.log(`  ${what.padEnd(34)} ${figure}`);
  const run = (command: string, ...args: string[]) =>
    void execFileSync(command, args, { cwd: root, maxBuffer: 1 << 30, stdio: 'pipe' });
  const runNex = (...args: string[]) => run(process.execPath, nex, ...args);
  console.log(`\n${paths.length} files, ${(bytes / 1e6).toFixed(1)} MB`);
  const say1 = (what: string, work: () => void, rounds = ROUNDS) => say(what, inWords(figures({ work }, rounds).work));
  say1('git ls-files', () => run('git', 'ls-files', '-co', '--exclude-standard'));
  if (has('rg')) say1('rg --files', () => run('rg', '--files'));
  if (has('ctags')) say1('ctags', () => run('ctags', '-R', '-f', '/dev/null', '.'), 1);

  const threads = Math.min(4, Math.max(2, availableParallelism() - 1));
  const parse = await parseOnly(root, paths, threads);
  say(`parsing alone, ${threads} threads`, `${Math.round(parse)} ms`);
  rmSync(join(root, '.nex'), { recursive: true, force: true });
  const { ms, rss } = await fullBuild(root);
  say(
    'full build',
    `${Math.round(ms)} ms, ${(parse / ms).toFixed(2)} of parsing alone, ${Math.round(paths.length / (ms / 1000))} files/s, ${(bytes / 1e3 / ms).toFixed(1)} MB/s, ${Math.round(rss)} MB${goal(`0.80 of parsing alone, 400 files/s, 4 MB/s, ${goals.memory} MB`)}`,
  );
  const side = sizeBelow(join(root, '.nex'), (name) => !name.endsWith('.json'));
  const json = sizeBelow(join(root, '.nex'), (name) => name.endsWith('.json'));
  say(
    'side files',
    `${(side / 1e6).toFixed(1)} MB, ${((100 * side) / bytes).toFixed(1)} % of the sources${goal('15 %')}`,
  );
  say('index.json', `${(json / 1e6).toFixed(1)} MB, ${((100 * json) / bytes).toFixed(1)} %`);

  // A refresh looks into files that are as new as the index, whose times prove nothing yet.
  const past = () => new Promise((resolve) => setTimeout(resolve, 2500));
  await past();
  runNex('index');
  const { floor, calm, context } = figures({
    floor: () => run(process.execPath, '-e', FLOOR),
    calm: () => runNex('index', '--json'),
    context: () => runNex('context', TASK, '--json'),
  });
  say('floor: node, git ls-files, stat', inWords(floor));
  say(
    'refresh, nothing changed',
    `${inWords(calm)}, floor ${over(calm, floor)}${goal(`+ ${Math.round(floor.median / 2)} ms`)}`,
  );
  say('nex context', `${inWords(context)}, floor ${over(context, floor)}${goal(`+ ${goals.context} ms`)}`);
  const change = (path: string) => appendFileSync(join(root, path), '\n');
  const touch = (path: string) => utimesSync(join(root, path), new Date(), new Date());
  // What counts for a changed file is its language: the parser takes a while to get each of them ready.
  const mixed = spread(paths, 10);
  const alike = spread(paths.filter(sameLanguage(paths)), 10);
  const languages = new Set(mixed.map((path) => languageOfPath(path))).size;
  for (const [what, write, written, most] of [
    ['1 touched', touch, alike.slice(0, 1), 30],
    ['10 touched', touch, mixed, 100],
    ['1 changed', change, alike.slice(0, 1), 30],
    ['10 changed, one language', change, alike, 100],
    [`10 changed, ${languages} languages`, change, mixed, 100],
  ] as const) {
    await past();
    runNex('index');
    const { took } = figures({
      took: () => {
        for (const path of written) write(path);
        runNex('index', '--json');
      },
    });
    say(`refresh, ${what}`, `${inWords(took)}, nothing changed ${over(took, calm)}${goal(`+ ${most} ms`)}`);
  }
  run('git', 'checkout', '--quiet', '--', '.');
}

/** Some of the paths, from all over. */
function spread(paths: readonly string[], count: number): string[] {
  const step = Math.ceil(paths.length / count);
  return paths.filter((_, place) => place % step === 0);
}

/** Whether a path is of the language that most of them are of. */
function sameLanguage(paths: readonly string[]): (path: string) => boolean {
  const counts = new Map<unknown, number>();
  for (const path of paths) counts.set(languageOfPath(path), (counts.get(languageOfPath(path)) ?? 0) + 1);
  const [most] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [];
  return (path) => languageOfPath(path) === most;
}

/** How long it takes, and the most memory that it had, in MB; 0 where the system does not say. */
async function fullBuild(root: string): Promise<{ ms: number; rss: number }> {
  const start = performance.now();
  const child = spawn(process.execPath, [nex, 'index', '--full', '--json'], { cwd: root, stdio: 'ignore' });
  let rss = 0;
  const look = () => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'latin1');
      rss = Math.max(rss, Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1000);
    } catch {
      // It has just ended, or there is no such file here.
    }
  };
  // The mark only rises, so a look now and then is enough.
  const looks = setInterval(look, 50);
  await once(child, 'exit');
  clearInterval(looks);
  return { ms: performance.now() - start, rss };
}

/** Each of some works in turn, round by round: what a busy machine does to one of them it does to the others, too. */
function figures<Name extends string | number>(
  works: Readonly<Record<Name, () => void>>,
  rounds = ROUNDS,
): Record<Name, Figure> {
  const entries = Object.entries<() => void>(works).map(([name, work]) => ({ name, work, times: [] as number[] }));
  for (let round = 0; round < rounds; round++)
    for (const { work, times } of entries) {
      const start = performance.now();
      work();
      times.push(performance.now() - start);
    }
  const figureOf = (times: number[]): Figure => {
    const sorted = times.toSorted((a, b) => a - b);
    return { median: Math.round(sorted[Math.floor(rounds / 2)] ?? 0), least: Math.round(sorted[0] ?? 0) };
  };
  return Object.fromEntries(entries.map(({ name, times }) => [name, figureOf(times)])) as Record<Name, Figure>;
}

function sizeBelow(folder: string, wanted: (name: string) => boolean): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && wanted(entry.name))
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

async function parseOnly(root: string, paths: readonly string[], threads: number): Promise<number> {
  const start = performance.now();
  await Promise.all(
    Array.from({ length: threads }, async (_, thread) => {
      const worker = new Worker(new URL('parse-only.ts', import.meta.url), {
        workerData: {
          root,
          paths: paths.filter((_path, place) => place % threads === thread),
          grammarsDir: fileURLToPath(new URL('../../src/indexer/grammars', import.meta.url)),
          treeSitterWasm: createRequire(import.meta.url).resolve('web-tree-sitter/web-tree-sitter.wasm'),
        },
      });
      await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
      await worker.terminate();
    }),
  );
  return performance.now() - start;
}
