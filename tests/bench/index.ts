// What the index costs, beside what the same machine needs at least in the same minute.
//   node tests/bench/index.ts FOLDER [FOLDER …]     each a project; its `.nex` is built anew
import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assembleContext } from '../../src/context/assemble.ts';
import { openGrammars } from '../../src/indexer/grammars.ts';
import { languageOfPath } from '../../src/indexer/languages/all.ts';
import { openIndex } from './benchmark-tasks.ts';

const ROUNDS = 5;
const TASK = 'fix the parser so that it reports the line of an unexpected token';

for (const root of process.argv.slice(2)) {
  const list = () =>
    execFileSync('git', ['-C', root, 'ls-files', '-coz', '--exclude-standard'], { maxBuffer: 1 << 30 })
      .toString()
      .split('\0');
  const paths = list().filter(
    (path) =>
      typeof languageOfPath(path) === 'object' && lstatSync(join(root, path), { throwIfNoEntry: false })?.isFile(),
  );
  const bytes = paths.reduce((sum, path) => sum + statSync(join(root, path)).size, 0);
  console.log(`\n${root}: ${paths.length} source files, ${(bytes / 1e6).toFixed(1)} MB`);

  const floor = await median(() => {
    for (const path of list()) lstatSync(join(root, path), { throwIfNoEntry: false });
  });
  console.log(`  git ls-files and lstat of all        ${floor} ms`);
  const parseMs = await parseOnly(root, paths);
  console.log(`  parsing alone, one thread            ${Math.round(parseMs)} ms`);

  rmSync(join(root, '.nex'), { recursive: true, force: true });
  const report = await openIndex(root).refresh();
  const seconds = report.ms / 1000;
  console.log(
    `  full build                           ${report.ms} ms, ${Math.round(report.files / seconds)} files/s, ${(bytes / 1e6 / seconds).toFixed(1)} MB/s`,
  );
  const sizes = readdirSync(join(root, '.nex')).map((name) => [name, statSync(join(root, '.nex', name)).size] as const);
  const size = (wanted: (name: string) => boolean) =>
    sizes.filter(([name]) => wanted(name)).reduce((sum, [, own]) => sum + own, 0);
  const percent = (part: number) =>
    `${(part / 1e6).toFixed(1)} MB, ${((100 * part) / bytes).toFixed(1)} % of the sources`;
  console.log(
    `  side files                           ${percent(size((name) => !name.endsWith('json') && name !== 'index.d'))}`,
  );
  console.log(`  index.json                           ${percent(size((name) => name.endsWith('json')))}`);

  const refresh = async () => {
    const index = openIndex(root);
    await index.refresh();
    index.close();
  };
  await refresh();
  console.log(`  refresh, nothing changed             ${await median(refresh)} ms`);
  for (const count of [1, 10]) {
    const touched = paths
      .slice(0, count)
      .map((path) => ({ path: join(root, path), text: readFileSync(join(root, path)) }));
    const ms = await median(async () => {
      for (const { path } of touched) writeFileSync(path, `${readFileSync(path, 'utf8')}\n`);
      await refresh();
    });
    for (const { path, text } of touched) writeFileSync(path, text);
    console.log(`  refresh, ${String(count).padStart(2)} changed                 ${ms} ms`);
    await refresh();
  }
  const context = async () => {
    const index = openIndex(root);
    await index.refresh();
    await assembleContext({ root, task: TASK, budget: 24_000, index });
    index.close();
  };
  console.log(`  refresh, rank and pack               ${await median(context)} ms`);
}
console.log(`\npeak memory ${Math.round(process.resourceUsage().maxRSS / 1000)} MB`);

async function median(work: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return Math.round(times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0);
}

async function parseOnly(root: string, paths: readonly string[]): Promise<number> {
  const grammars = openGrammars(
    fileURLToPath(new URL('../../src/indexer/grammars', import.meta.url)),
    createRequire(import.meta.url).resolve('web-tree-sitter/web-tree-sitter.wasm'),
  );
  const start = performance.now();
  for (const path of paths) {
    const language = languageOfPath(path);
    if (typeof language !== 'object') continue;
    const text = readFileSync(join(root, path), 'utf8');
    const grammar = text.length > 1 << 20 ? undefined : await grammars.load(language);
    grammar?.parser.parse(text)?.delete();
  }
  return performance.now() - start;
}
