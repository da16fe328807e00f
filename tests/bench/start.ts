// npm run bench:start: how long until nex says its version, helps, and sends the first request, beside what bare Node
// needs in the same run, for the built program and, where it was built, the single executable (`npm run build:binary`);
// then the memory of a whole task, and the sizes. Medians and least; the runs of all rows are interleaved, because the
// machine is never quiet.   node tests/bench/start.ts [RUNS=21]
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { CART_SCRIPT, CART_TASK, cartProject } from '../support/cart-project.ts';
import { startModelServer } from '../support/model-server/server.ts';
import { says, turn } from '../support/model-server/turns.ts';
import { homeEnvironment } from '../support/run-nex.ts';

const runs = Number(process.argv[2] ?? 21);
const top = resolve(import.meta.dirname, '..', '..');
const program = join(top, 'dist', 'nex.js');
const binary = join(top, 'build', process.platform === 'win32' ? 'nex.exe' : 'nex');
/** How nex is started: each way with its name. */
const ways: Array<[string, string, string[]]> = [
  ['nex', process.execPath, [program]],
  ...(existsSync(binary) ? [['executable', binary, []] satisfies [string, string, string[]]] : []),
];
const work = mkdtempSync(join(tmpdir(), 'nex-bench-'));

interface Row {
  name: string;
  measure: () => Promise<number>;
  times: number[];
}

function timed(file: string, args: readonly string[], home: string): Promise<number> {
  const began = performance.now();
  spawnSync(file, args, { cwd: home, env: homeEnvironment(home, undefined), stdio: 'ignore' });
  return Promise.resolve(performance.now() - began);
}

/** A repository of small modules that import each other, as many as asked. */
function repository(name: string, files: number): string {
  const root = resolve(work, name);
  for (let index = 0; index < files; index++) {
    const path = join(root, `src/part${index % 40}/module${index}.ts`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(
      path,
      `import { step${index + 1} } from './module${index + 1}.ts';\n\n/** Step ${index} of the chain. */\nexport function step${index}(value: number): number {\n  return step${index + 1}(value + ${index});\n}\n`,
    );
  }
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@example.invalid', ...args], {
      cwd: root,
      stdio: 'ignore',
    });
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-q', '-m', 'bench');
  return root;
}

/** Milliseconds from the start of a program to the arrival of its first request. */
async function toFirstRequest(root: string, home: string, file: string, args: readonly string[]): Promise<number> {
  const server = await startModelServer({ script: [turn(says('Done.'))], allowViolations: true });
  const began = performance.timeOrigin + performance.now();
  const env = homeEnvironment(home, server.url);
  const child = spawn(file, args, { cwd: root, env, stdio: 'ignore', detached: true });
  await new Promise((done) => child.on('close', done));
  const arrived = server.requests[0]?.arrivedAt;
  await server.close();
  if (arrived === undefined) throw new Error('no request arrived');
  return arrived - began;
}

/** The same in a repository that nex has never seen, by a user whom it has never seen. */
async function toFirstRequestEver(files: number, file: string, args: readonly string[]): Promise<number> {
  const name = mkdtempSync(join(work, 'new-'));
  mkdirSync(join(name, 'home', 'tmp'), { recursive: true });
  const root = repository(join(name, 'project'), files);
  const time = await toFirstRequest(root, join(name, 'home'), file, args);
  rmSync(name, { recursive: true, force: true });
  return time;
}

/** The least that Node can do: one request by its own fetch. */
const BARE_REQUEST = `fetch(process.env.ANTHROPIC_BASE_URL + '/v1/messages', { method: 'POST', body: '{}' }).then((r) => r.text())`;

/** Megabytes that the process of one whole task held at its peak: reading, a change, tests, review, commit. */
async function peakOfTask(home: string): Promise<number> {
  using project = cartProject();
  const server = await startModelServer({ script: CART_SCRIPT });
  const note = join(work, 'peak');
  const spy = join(work, 'spy.cjs');
  writeFileSync(
    spy,
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(note)}, String(process.resourceUsage().maxRSS)));`,
  );
  const child = spawn(process.execPath, ['--require', spy, program, '--yes', CART_TASK], {
    cwd: project.root,
    env: homeEnvironment(home, server.url),
    stdio: 'ignore',
    detached: true,
  });
  await new Promise((done) => child.on('close', done));
  await server.close();
  return Number(readFileSync(note, 'utf8')) / 1000;
}

const home = join(work, 'home');
mkdirSync(join(home, 'tmp'), { recursive: true });
const ask = ['--no-dry-run', '--no-wrap-up', 'What does step12 do?'];
const repositories = [5, 3000, 20_000].map((files) => ({ files, root: repository(`of-${files}`, files) }));
for (const { root } of repositories)
  spawnSync(process.execPath, [program, 'index'], {
    cwd: root,
    env: homeEnvironment(home, undefined),
    stdio: 'ignore',
  });

const row = (name: string, measure: () => Promise<number>): Row => ({ name, measure, times: [] });
const node = process.execPath;
const rows: Row[] = [
  row('bare node -e 0', () => timed(node, ['-e', '0'], home)),
  row('bare node, one request by fetch', () => toFirstRequest(work, home, node, ['-e', BARE_REQUEST])),
  ...ways.flatMap(([name, file, args]) => [
    row(`${name} --version`, () => timed(file, [...args, '--version'], home)),
    row(`${name} --help`, () => timed(file, [...args, '--help'], home)),
    ...repositories.map(({ files, root }) =>
      row(`${name}, request, ${files} files`, () => toFirstRequest(root, home, file, [...args, ...ask])),
    ),
    row(`${name}, request, all new`, () => toFirstRequestEver(5, file, [...args, ...ask])),
  ]),
];
for (let run = -1; run < runs; run++) {
  for (const { measure, times } of rows) {
    const time = await measure();
    if (run >= 0) times.push(time);
  }
}
const median = (times: readonly number[]) =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
const floor = median(rows[0]?.times ?? []);
console.log(`medians of ${runs} runs (least), Node ${process.version}`);
for (const { name, times } of rows)
  console.log(
    `${name.padEnd(34)} ${median(times).toFixed(0).padStart(5)} ms (${Math.min(...times).toFixed(0)})  ${(median(times) / floor).toFixed(2).padStart(6)} x bare node`,
  );
const peaks: number[] = [];
for (let run = 0; run < 5; run++) peaks.push(await peakOfTask(home));
console.log(`peak memory of a whole task: ${median(peaks).toFixed(0)} MB (of 120 allowed)`);
const MB = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
const [packed] = JSON.parse(
  execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: top, encoding: 'utf8' }),
) as Array<{ size: number; unpackedSize: number; files: unknown[] }>;
if (packed)
  console.log(`npm package: ${MB(packed.size)} packed, ${MB(packed.unpackedSize)} in ${packed.files.length} files`);
if (existsSync(binary)) {
  const target = `${process.platform}-${process.arch}`;
  const done = spawnSync('bash', [join('scripts', 'pack-binary.sh'), target], { cwd: top });
  const archive = join(top, 'build', 'release', `nex-${target}.tar.xz`);
  const released = done.status === 0 ? `, ${MB(statSync(archive).size)} as a release packs it, with its licences` : '';
  console.log(`executable: ${MB(statSync(binary).size)}${released}`);
}
rmSync(work, { recursive: true, force: true });
