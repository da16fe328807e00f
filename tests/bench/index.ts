// What the index costs and how that grows, beside what other programs need in the same minute.
//   npm run bench:index -- [--sizes 100,3000,20000] [--into DIR] PROJECT …
// The projects' sources are copied until a size is reached. Every figure of nex is of a process of its own, as a
// person would start it; the floor is a bare node that asks git for the list of files and looks at each of them.
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { replicate, sourcesOf } from './replicas.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sizes: { type: 'string', default: '100,3000,20000' },
    into: { type: 'string', default: join(tmpdir(), 'nex-replicas') },
    rounds: { type: 'string', default: '5' },
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
const MEMORY = `data:text/javascript,import{writeSync}from'node:fs';process.on('exit',()=>writeSync(2,'\\nrss:'+process.resourceUsage().maxRSS))`;

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
  const timed = (command: string, args: readonly string[], rounds = ROUNDS) =>
    figure(rounds, () => void execFileSync(command, args, { cwd: root, maxBuffer: 1 << 30, stdio: 'pipe' }));
  const run = (...args: string[]) => timed(process.execPath, [nex, ...args]);
  console.log(`\n${paths.length} files, ${(bytes / 1e6).toFixed(1)} MB`);
  say('git ls-files', inWords(timed('git', ['ls-files', '-co', '--exclude-standard'])));
  if (has('rg')) say('rg --files', inWords(timed('rg', ['--files'])));
  if (has('ctags')) say('ctags', inWords(timed('ctags', ['-R', '-f', '/dev/null', '.'], 1)));
  const floor = timed(process.execPath, ['-e', FLOOR]);
  say('floor: node, git ls-files, stat', inWords(floor));

  const threads = Math.min(4, Math.max(2, availableParallelism() - 1));
  const parse = await parseOnly(root, paths, threads);
  say(`parsing alone, ${threads} threads`, `${Math.round(parse)} ms`);
  rmSync(join(root, '.nex'), { recursive: true, force: true });
  const start = performance.now();
  const built = spawnSync(process.execPath, ['--import', MEMORY, nex, 'index', '--full', '--json'], { cwd: root });
  const ms = performance.now() - start;
  const rss = Number(/rss:(\d+)/.exec(built.stderr.toString())?.[1] ?? 0) / 1000;
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

  // The first refreshes look into files that are as new as the index; their times prove nothing yet.
  await new Promise((resolve) => setTimeout(resolve, 2500));
  run('index');
  const calm = run('index', '--json');
  say(
    'refresh, nothing changed',
    `${inWords(calm)}, floor ${over(calm, floor)}${goal(`+ ${Math.round(floor.median / 2)} ms`)}`,
  );
  for (const count of [1, 10]) {
    const touched = paths.filter((_, place) => place % Math.ceil(paths.length / count) === 0).slice(0, count);
    const sizes = touched.map((path) => statSync(join(root, path)).size);
    const changed = figure(ROUNDS, () => {
      for (const path of touched) appendFileSync(join(root, path), '\n');
      execFileSync(process.execPath, [nex, 'index', '--json'], { cwd: root, stdio: 'pipe' });
    });
    touched.forEach((path, place) => void truncateSync(join(root, path), sizes[place]));
    say(
      `refresh, ${count} changed`,
      `${inWords(changed)}, nothing changed ${over(changed, calm)}${goal(`+ ${count === 1 ? 30 : 100} ms`)}`,
    );
    run('index');
  }
  const context = run('context', TASK, '--json');
  say('nex context', `${inWords(context)}, floor ${over(context, floor)}${goal(`+ ${goals.context} ms`)}`);
}

function figure(rounds: number, work: () => void): Figure {
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  }).sort((a, b) => a - b);
  return { median: Math.round(times[Math.floor(rounds / 2)] ?? 0), least: Math.round(times[0] ?? 0) };
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
