import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type GitProject, gitProject } from '../../support/git-project.ts';
import { killOwner, rollback, taskAt } from '../../support/task-script.ts';
import { type WorldHash, worldHash } from '../../support/world-hash.ts';

/**
 * `WORLD_STATES=1000 npm test` looks at a thousand states for each property instead of every day's dozen, from
 * `WORLD_SEED` on when that is set; how far it is goes to stderr, and so does every state that fails.
 */
const STATES = Number(process.env['WORLD_STATES'] ?? 12);
const SEED = process.env['WORLD_SEED'];
const TIMEOUT = 10_000 + STATES * 20_000;

async function everyState<T>(name: string, states: fc.Arbitrary<T>, holds: (state: T) => Promise<void>): Promise<void> {
  let held = 0;
  const failed: string[] = [];
  const tell = (text: string) => {
    if (STATES > 12) writeSync(2, `${name}: ${text}\n`);
  };
  await fc.assert(
    fc.asyncProperty(states, async (state) => {
      try {
        await holds(state);
      } catch (cause) {
        if (STATES <= 12) throw cause;
        // Looked at one by one later; the others are worth knowing too.
        tell(`a state after ${held} good ones fails: ${fc.stringify(state)}\n${String(cause)}`);
        failed.push(fc.stringify(state));
        return;
      }
      if (++held % 25 === 0) tell(`${held} states hold`);
    }),
    { numRuns: STATES, ...(SEED === undefined ? {} : { seed: Number(SEED) }) },
  );
  tell(`${held} states hold at the end`);
  expect(failed).toEqual([]);
}

const PATHS = [
  'a.txt',
  'b c.txt',
  'dir/one.txt',
  'dir/two.txt',
  'dir/deep/x.txt',
  '-dash',
  'ü.txt',
  'q"uote.txt',
  'i.log',
];
const path = fc.constantFrom(...PATHS);
const lines = fc
  .array(fc.constantFrom('alpha', 'beta', 'gamma', 'delta', ''), { maxLength: 12 })
  .map((all) => all.map((line) => `${line}\n`).join(''));
const content = fc.oneof(
  { weight: 6, arbitrary: lines },
  { weight: 1, arbitrary: fc.constant('one\r\ntwo\r\n') },
  { weight: 1, arbitrary: fc.constant('\0\u0001binary\u00ff') },
);

type Edit =
  | { do: 'write'; path: string; content: string }
  | { do: 'append'; path: string; content: string }
  | { do: 'remove'; path: string }
  | { do: 'rename'; path: string; to: string }
  | { do: 'mode'; path: string; mode: number }
  | { do: 'link'; path: string; target: string };
type Git =
  | { do: 'add'; path: string }
  | { do: 'add-all' }
  | { do: 'intend'; path: string }
  | { do: 'forget'; path: string }
  | { do: 'assume'; path: string }
  | { do: 'ignore'; rule: string };
type Action = Edit | Git;

const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('write' as const), path, content }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('append' as const), path, content: lines }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), path }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rename' as const), path, to: path }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('mode' as const), path, mode: fc.constantFrom(0o755, 0o644, 0o600) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('link' as const),
      path,
      target: fc.constantFrom('a.txt', 'dir', 'nowhere'),
    }),
  },
);
const index: fc.Arbitrary<Git> = fc.oneof(
  fc.record({ do: fc.constant('add' as const), path }),
  fc.constant({ do: 'add-all' as const }),
  fc.record({ do: fc.constant('intend' as const), path }),
  fc.record({ do: fc.constant('forget' as const), path }),
  fc.record({ do: fc.constant('ignore' as const), rule: fc.constantFrom('dir/', '*.txt', '*.log', '') }),
);
const assume: fc.Arbitrary<Git> = fc.record({ do: fc.constant('assume' as const), path });
const userActions = fc.array(
  fc.oneof({ weight: 4, arbitrary: edit }, { weight: 2, arbitrary: index }, { weight: 1, arbitrary: assume }),
  { maxLength: 8 },
);
const agentEdits = fc.array(fc.array(edit, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 });
const agentSteps = fc.array(
  fc.array(fc.oneof({ weight: 5, arbitrary: edit }, { weight: 1, arbitrary: index }), { minLength: 1, maxLength: 3 }),
  { minLength: 1, maxLength: 4 },
);

function perform(project: GitProject, action: Action): void {
  const at = (name: string) => project.path(name);
  const clear = (name: string) => {
    // Whatever lies in the way of a file's folders or of the file itself.
    for (let folder = dirname(name); folder !== '.'; folder = dirname(folder)) {
      const info = lstatSync(at(folder), { throwIfNoEntry: false });
      if (info && !info.isDirectory()) rmSync(at(folder));
    }
    mkdirSync(dirname(at(name)), { recursive: true });
  };
  const isFile = (name: string) => lstatSync(at(name), { throwIfNoEntry: false })?.isFile() ?? false;
  const git = (...args: string[]) => {
    try {
      project.git(...args);
    } catch {
      // Not every random path can be staged; git's refusal is fine.
    }
  };
  switch (action.do) {
    case 'write':
      clear(action.path);
      if (!isFile(action.path)) rmSync(at(action.path), { recursive: true, force: true });
      return writeFileSync(at(action.path), action.content, 'latin1');
    case 'append':
      if (isFile(action.path)) writeFileSync(at(action.path), action.content, { flag: 'a' });
      return;
    case 'remove':
      return rmSync(at(action.path), { recursive: true, force: true });
    case 'rename':
      if (!isFile(action.path) || existsSync(at(action.to)) || action.path === action.to) return;
      clear(action.to);
      return renameSync(at(action.path), at(action.to));
    case 'mode':
      if (isFile(action.path)) chmodSync(at(action.path), action.mode);
      return;
    case 'link':
      clear(action.path);
      rmSync(at(action.path), { recursive: true, force: true });
      return symlinkSync(action.target, at(action.path));
    case 'add':
      return git('add', '-f', '--', `:(literal)${action.path}`);
    case 'add-all':
      return git('add', '-A');
    case 'intend':
      return git('add', '-f', '-N', '--', `:(literal)${action.path}`);
    case 'forget':
      return git('rm', '-q', '-f', '--cached', '--', `:(literal)${action.path}`);
    case 'assume':
      return git('update-index', '--assume-unchanged', '--', action.path);
    case 'ignore':
      return writeFileSync(at('.gitignore'), `${action.rule}\n`);
  }
}

const committed = fc.dictionary(path, content, { maxKeys: 6 });

it(
  'a discarded task leaves the world exactly as it was, and redo brings the task back exactly',
  async () => {
    await everyState(
      'discard',
      fc.record({
        committed,
        unborn: fc.boolean(),
        detached: fc.boolean(),
        before: userActions,
        steps: agentSteps,
        between: userActions,
        commits: fc.boolean(),
        prepared: fc.boolean(),
        killed: fc.constantFrom('never', 'between', 'within'),
      }),
      async ({ committed: files, unborn, detached, before, steps, between, commits, prepared, killed }) => {
        using project = gitProject(files, { commit: !unborn });
        if (detached && !unborn) project.git('checkout', '-q', '--detach');
        for (const action of before) perform(project, action);
        const world = worldHash(project.root);
        const ignored = new Set(ignoredIn(project));

        const task = await taskAt(project.root);
        if (prepared) await task.prepare();
        for (const [at, step] of steps.entries()) {
          const acts = () => {
            for (const action of step) perform(project, action);
          };
          if (killed === 'within' && at === steps.length - 1) {
            // The step's end is never saved, and nothing is committed any more.
            await task.checkpoint({ tool: 'run_command', detail: 'a change' }, step.flatMap(pathsOf));
            acts();
          } else await task.does(acts, step.flatMap(pathsOf));
          if (at === 0) for (const action of between.slice(0, 3)) perform(project, action);
        }
        if (commits && killed !== 'within')
          await task.commit({ subject: 'feat: something', onOverlap: async () => true });
        if (killed === 'never') await task.finish();
        else killOwner(project.path('.git'));
        if (task.branch === undefined) {
          expect(worldHash(project.root).refs).toEqual(world.refs);
          return;
        }
        const done = worldHash(project.root);
        for (const name of ignoredIn(project)) ignored.add(name);

        await rollback(project.root, { kind: 'discard' });
        const back = worldHash(project.root);
        for (const name of ignoredIn(project)) ignored.add(name);
        expect(covered(back, ignored)).toEqual(covered(world, ignored));

        await rollback(project.root, { kind: 'redo' });
        expect(covered(worldHash(project.root), ignored)).toEqual(covered(done, ignored));
      },
    );
  },
  TIMEOUT,
);

it(
  'a commit holds what the task changed and nothing else, and everything of the user stays where it was',
  async () => {
    await everyState(
      'commit',
      fc.record({ committed, before: userActions, steps: agentEdits, between: fc.array(edit, { maxLength: 3 }) }),
      async ({ committed: files, before, steps, between }) => {
        using project = gitProject(files);
        for (const action of before) perform(project, action);
        const task = await taskAt(project.root);
        for (const [at, step] of steps.entries()) {
          await task.does(() => {
            for (const action of step) perform(project, action);
          });
          if (at === 0) for (const action of between) perform(project, action);
        }
        const start = worldHash(project.root);
        const done = await task.commit({ subject: 'feat: something', onOverlap: async () => false });
        const branch = task.branch;
        const end = worldHash(project.root);
        await task.finish();
        expect(end.files).toEqual(start.files);
        expect({ ...end.refs, [`refs/heads/${branch}`]: '' }).toEqual({
          ...start.refs,
          [`refs/heads/${branch}`]: '',
        });
        if (done.status === 'uncommitted') {
          const { head: _, refs: __, ...rest } = end;
          expect(start).toMatchObject(rest);
          return;
        }
        const mine = new Set([...before, ...between].flatMap(pathsOf));
        const its = new Set(steps.flat().flatMap(pathsOf));
        const changed = project
          .git('diff-tree', '-r', '-z', '--name-only', 'HEAD~1', 'HEAD')
          .split('\0')
          .filter(Boolean);
        const belongs = (name: string) => [...its].some((other) => isWithin(name, other) || isWithin(other, name));
        expect(changed.filter((name) => !belongs(name))).toEqual([]);
        for (const name of changed.filter((name) => !mine.has(name))) {
          const stored = project.git('ls-tree', 'HEAD', '--', `:(literal)${name}`).split(/\s/)[2];
          const info = lstatSync(project.path(name), { throwIfNoEntry: false });
          if (info?.isFile()) expect(project.git('hash-object', '--', name)).toBe(stored);
          else if (!info) expect(stored).toBeUndefined();
        }
        const untouched = (lines: string[]) => lines.filter((line) => line !== '' && !belongs(nameIn(line)));
        expect(untouched(end.status)).toEqual(untouched(start.status));
        expect(untouched(end.index)).toEqual(untouched(start.index));
      },
    );
  },
  TIMEOUT,
);

it(
  'a rollback of what was not committed brings back files and index',
  async () => {
    await everyState('rollback', fc.record({ committed, before: userActions, steps: agentSteps }), async (script) => {
      using project = gitProject(script.committed);
      for (const action of script.before) perform(project, action);
      const ignored = new Set(ignoredIn(project));
      const before = worldHash(project.root);
      const task = await taskAt(project.root);
      for (const step of script.steps) {
        await task.does(() => {
          for (const action of step) perform(project, action);
        }, step.flatMap(pathsOf));
      }
      await task.finish();
      if (task.branch === undefined) return;
      for (const name of ignoredIn(project)) ignored.add(name);
      const plan = await rollback(project.root);
      expect(plan.conflicts).toEqual([]);
      const after = covered(worldHash(project.root), ignored);
      const { files, status, index: entries } = covered(before, ignored);
      expect({ files: after.files, status: after.status, index: after.index }).toEqual({
        files,
        status,
        index: entries,
      });
    });
  },
  TIMEOUT,
);

function pathsOf(action: Action): string[] {
  if (action.do === 'rename') return [action.path, action.to];
  return 'path' in action ? [action.path] : [];
}

function isWithin(name: string, folder: string): boolean {
  return name === folder || name.startsWith(`${folder}/`);
}

/** The path in a line of a status or of an index listing. */
function nameIn(line: string): string {
  if (line.startsWith('? ')) return line.slice(2);
  return line.includes('\t') ? line.slice(line.indexOf('\t') + 1) : line.split(' ').slice(8).join(' ');
}

/** Files that git ignores: a checkpoint does not hold them, so nobody may touch them. */
function ignoredIn(project: GitProject): string[] {
  return project.git('ls-files', '-o', '-i', '-z', '--exclude-standard').split('\0').filter(Boolean);
}

/** The world without files that were ignored at some time. */
function covered(world: WorldHash, ignored: ReadonlySet<string>): WorldHash {
  return {
    ...world,
    files: Object.fromEntries(Object.entries(world.files).filter(([name]) => !ignored.has(name))),
    status: world.status.filter((line) => !line.startsWith('? ') || !ignored.has(line.slice(2))),
  };
}
