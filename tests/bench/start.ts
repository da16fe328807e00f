// npm run bench:start: how long until nex says its version, helps, and sends the first request, beside what bare Node
// needs in the same run. Medians; the runs of all rows are interleaved, because the machine is never quiet.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { startModelServer } from '../support/model-server/server.ts';
import { says, turn } from '../support/model-server/turns.ts';
import { homeEnvironment } from '../support/run-nex.ts';

const runs = Number(process.argv[2] ?? 21);
const program = resolve(import.meta.dirname, '..', '..', 'dist', 'nex.js');
const work = mkdtempSync(join(tmpdir(), 'nex-bench-'));

interface Row {
  name: string;
  measure: () => Promise<number>;
  times: number[];
}

function timed(args: readonly string[], home: string): Promise<number> {
  const began = performance.now();
  spawnSync(process.execPath, args, { cwd: home, env: homeEnvironment(home, undefined), stdio: 'ignore' });
  return Promise.resolve(performance.now() - began);
}

/** A repository of small modules that import each other, as many as asked. */
function repository(name: string, files: number): string {
  const root = join(work, name);
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

/** Milliseconds from the start of the process to the arrival of its first request. */
function toFirstRequest(root: string, home: string): () => Promise<number> {
  return async () => {
    const server = await startModelServer({ script: [turn(says('Done.'))], allowViolations: true });
    const began = performance.timeOrigin + performance.now();
    const child = spawn(process.execPath, [program, '--no-dry-run', 'What does step12 do?'], {
      cwd: root,
      env: homeEnvironment(home, server.url),
      stdio: 'ignore',
      detached: true,
    });
    await new Promise((done) => child.on('close', done));
    const arrived = server.requests[0]?.arrivedAt;
    await server.close();
    if (arrived === undefined) throw new Error('no request arrived');
    return arrived - began;
  };
}

const home = join(work, 'home');
mkdirSync(join(home, 'tmp'), { recursive: true });
const small = repository('small', 5);
const large = repository('large', 3000);
for (const root of [small, large])
  spawnSync(process.execPath, [program, 'index'], {
    cwd: root,
    env: homeEnvironment(home, undefined),
    stdio: 'ignore',
  });

const rows: Row[] = [
  { name: 'bare node -e 0', measure: () => timed(['-e', '0'], home), times: [] },
  { name: 'nex --version', measure: () => timed([program, '--version'], home), times: [] },
  { name: 'nex --help', measure: () => timed([program, '--help'], home), times: [] },
  { name: 'to the first request, 5 files', measure: toFirstRequest(small, home), times: [] },
  { name: 'to the first request, 3,000 files', measure: toFirstRequest(large, home), times: [] },
];
for (let run = -1; run < runs; run++) {
  for (const row of rows) {
    const time = await row.measure();
    if (run >= 0) row.times.push(time);
  }
}
const median = (times: readonly number[]) =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
const floor = median(rows[0]?.times ?? []);
console.log(`medians of ${runs} runs, Node ${process.version}`);
for (const { name, times } of rows)
  console.log(
    `${name.padEnd(36)} ${median(times).toFixed(0).padStart(5)} ms  ${(median(times) / floor).toFixed(2).padStart(6)} x bare node`,
  );
rmSync(work, { recursive: true, force: true });
