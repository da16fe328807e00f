// npm run bench:history [-- ROUNDS [TASKS]]: what a checkpoint costs beside `git status` of the same run, and beside
// the usual way to save a work tree (a temporary index, `git add -A`, `git write-tree`); then how a repository grows
// over many tasks in a row. All rows of a round are interleaved: the machine is never quiet.
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openTaskHistory, type TaskHistory } from '../../src/history/task-history.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { findRepository, type Repository } from '../../src/platform/git.ts';

const rounds = Number(process.argv[2] ?? 11);
const tasks = Number(process.argv[3] ?? 500);
const work = mkdtempSync(join(tmpdir(), 'nex-bench-'));
// The user's own settings and a global ignore file would be measured too.
Object.assign(process.env, { HOME: work, GIT_CONFIG_NOSYSTEM: '1' });

const git = (root: string, args: readonly string[], env: Record<string, string> = {}) =>
  execFileSync('git', args, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, ...env } });

/** A repository of this many small files, with 20 of them changed, 5 new ones and some build output that is ignored. */
function dirtyRepository(name: string, files: number): string {
  const root = join(work, name);
  for (let index = 0; index < files; index++) {
    const path = join(root, `src/part${index % 200}/group${index % 7}/module${index}.ts`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `export const step${index} = (value: number) => value + ${index};\n`);
  }
  writeFileSync(join(root, '.gitignore'), 'out/\n*.log\n');
  git(root, ['init', '-q', '-b', 'main']);
  git(root, ['config', 'user.name', 'bench']);
  git(root, ['config', 'user.email', 'bench@example.invalid']);
  git(root, ['add', '-A']);
  git(root, ['commit', '-q', '-m', 'bench']);
  for (let index = 0; index < 20; index++) {
    const number = (index * 37) % files;
    writeFileSync(join(root, `src/part${number % 200}/group${number % 7}/module${number}.ts`), `changed ${index}\n`);
  }
  for (let index = 0; index < 5; index++) writeFileSync(join(root, `new${index}.ts`), `new ${index}\n`);
  mkdirSync(join(root, 'out'));
  for (let index = 0; index < 50; index++) writeFileSync(join(root, `out/part${index}.js`), 'built\n');
  git(root, ['status']);
  return root;
}

/** As if nex had never been here. */
function forget(root: string): void {
  git(root, ['symbolic-ref', 'HEAD', 'refs/heads/main']);
  const branches = git(root, ['for-each-ref', '--format=%(refname)', 'refs/heads/nex/']).toString().split('\n');
  for (const branch of branches.filter(Boolean)) git(root, ['update-ref', '-d', branch]);
  rmSync(join(root, '.git/nex'), { recursive: true, force: true });
}

async function repositoryAt(root: string): Promise<Repository> {
  const repository = await findRepository(root);
  if (!repository) throw new Error(`no repository at ${root}`);
  return repository;
}

function taskIn(repository: Repository, sessionId: string): TaskHistory {
  return openTaskHistory({ repository, sessionId, task: `Task ${sessionId}`, clock: systemClock });
}

async function timed(act: () => unknown): Promise<number> {
  const began = performance.now();
  await act();
  return performance.now() - began;
}

const median = (times: readonly number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

async function measure(root: string, count: number): Promise<Map<string, number[]>> {
  const times = new Map<string, number[]>();
  const note = (name: string, ms: number) => times.set(name, [...(times.get(name) ?? []), ms]);
  const cause = { tool: 'write_file', detail: 'x' };
  for (let round = 0; round < count; round++) {
    for (const prepared of [false, true]) {
      forget(root);
      note('git status', await timed(() => git(root, ['status'], { GIT_OPTIONAL_LOCKS: '0' })));
      const index = join(work, 'index');
      copyFileSync(join(root, '.git/index'), index);
      note(
        'add -A, write-tree',
        await timed(() => {
          git(root, ['add', '-A'], { GIT_INDEX_FILE: index });
          git(root, ['write-tree'], { GIT_INDEX_FILE: index });
        }),
      );
      const task = taskIn(await repositoryAt(root), `s${round}${prepared}`);
      if (prepared) await task.prepare();
      note(prepared ? 'first, prepared' : 'first, cold', await timed(() => task.checkpoint(cause, ['new0.ts'])));
      for (const [number, name] of ['second', 'next', 'next'].entries()) {
        writeFileSync(join(root, 'new0.ts'), `${round} ${number} ${prepared}\n`);
        note('settle', await timed(() => task.settle()));
        note(name, await timed(() => task.checkpoint(cause, ['new0.ts'])));
      }
      await task.finish();
    }
  }
  return times;
}

function print(title: string, times: ReadonlyMap<string, readonly number[]>): void {
  const floor = times.get('git status') ?? [];
  process.stdout.write(`\n${title}\n`);
  for (const [name, all] of times) {
    const [middle, least] = [median(all), Math.min(...all)];
    const over = `+${(middle - median(floor)).toFixed(0)} ms, ${(middle / median(floor)).toFixed(2)} x git status`;
    process.stdout.write(
      `  ${name.padEnd(20)} median ${middle.toFixed(0).padStart(5)} ms  min ${least.toFixed(0).padStart(5)} ms   ${over}; min ${(least / Math.min(...floor)).toFixed(2)} x\n`,
    );
  }
}

function bytesBelow(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

/** Task after task in one repository, every second one committed, as a person would go on. */
async function soak(count: number): Promise<void> {
  const root = dirtyRepository('soak', 300);
  const open = () => (process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0);
  const began = performance.now();
  process.stdout.write('\ntasks in a row\n');
  for (let number = 1; number <= count; number++) {
    const task = taskIn(await repositoryAt(root), `soak-${number}`);
    await task.checkpoint({ tool: 'write_file', detail: 'a' }, ['src/part0/group0/module0.ts']);
    writeFileSync(join(root, 'src/part0/group0/module0.ts'), `task ${number}\n`);
    await task.settle();
    if (number % 2 === 0) await task.commit({ subject: `feat: ${number}`, onOverlap: async () => true });
    await task.finish();
    if (number === 1 || number % 100 === 0 || number === count) {
      const store = join(root, '.git/nex/store');
      const refs = spawnSync('git', ['for-each-ref'], { cwd: store, env: { ...process.env, GIT_DIR: store } });
      const packs = readdirSync(join(store, 'objects/pack')).filter((name) => name.endsWith('.pack')).length;
      process.stdout.write(
        `  ${String(number).padStart(4)}: open files ${open()}, refs in the store ${refs.stdout.toString().split('\n').length - 1}, packs ${packs}, store ${(bytesBelow(store) / 1e3).toFixed(0)} kB, .git ${(bytesBelow(join(root, '.git')) / 1e3).toFixed(0)} kB, ${((performance.now() - began) / number).toFixed(0)} ms a task\n`,
      );
    }
  }
}

try {
  if (rounds > 0) {
    print('10,000 files, 20 changed', await measure(dirtyRepository('ten', 10_000), rounds));
    print('100,000 files, 20 changed', await measure(dirtyRepository('hundred', 100_000), Math.ceil(rounds / 2)));
  }
  if (tasks > 0) await soak(tasks);
} finally {
  rmSync(work, { recursive: true, force: true });
}
