import { mkdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CART_TASK, cartProject } from '../support/cart-project.ts';
import type { GitProject } from '../support/git-project.ts';
import { type GitShim, gitShim, killingAtFile, processesWith } from '../support/git-shim.ts';
import { type ModelServer, startModelServer } from '../support/model-server/server.ts';
import { calls, says, type Turn, turn } from '../support/model-server/turns.ts';
import { type Run, type TestHome, testHome } from '../support/run-nex.ts';
import { worldHash } from '../support/world-hash.ts';

/**
 * `KILLS=all` takes every step with every signal, `KILLS=20` twenty times; every day only a few do. A step is a call
 * of git's, a file that is put in its place, a request to the model, or a place inside a command.
 */
const KILLS = process.env['KILLS'] ?? '';
const TIMES = Number(KILLS) || 1;
const SIGNALS = ['SIGKILL', 'SIGTERM', 'SIGINT'] as const;

const SCRIPT: Turn[] = [
  turn(calls('read_file', { path: 'src/cart.js' })),
  turn(
    calls('write_file', {
      path: 'src/cart.js',
      edits: [{ old_text: 'sum += line.price;', new_text: 'sum += line.price * line.quantity;' }],
    }),
  ),
  turn(calls('run_command', { command: './build.sh' })),
  turn(says('`total` left out the quantity (src/cart.js:5).')),
];

/** A command of the project's that changes much, and can be told to stop in the middle. */
const BUILD = `#!/bin/sh
mkdir -p lib && mv data/one.txt lib/one.txt && rm data/two.txt notes.txt && echo built >>data/log.txt
if [ -e "$HOME/stop-here" ]; then echo stopping; sleep 1000; fi
echo done >lib/done.txt
`;

interface Step {
  name: string;
  /** Runs nex on the project, and kills it there. */
  run(setting: Setting, signal: NodeJS.Signals): Promise<Run>;
}

interface Setting {
  home: TestHome;
  project: GitProject;
  shim: GitShim;
}

const ARGS = ['--yes', '--plan', 'always', CART_TASK];

/** A project with changes of every kind that a user can have. */
function dirtyProject(): GitProject {
  const project = cartProject();
  project.write('data/one.txt', 'one\n');
  project.write('data/two.txt', 'two\n');
  project.write('data/log.txt', 'log\n');
  writeFileSync(project.path('build.sh'), BUILD, { mode: 0o755 });
  project.git('add', '-A');
  project.git('commit', '-qm', 'second');
  project.write('README.md', '# cart\n\nStaged by me.\n');
  project.git('add', 'README.md');
  project.write('README.md', '# cart\n\nStaged by me.\nNot staged.\n');
  project.write('src/cart.js', `// my own note\n${readFileSync(project.path('src/cart.js'), 'utf8')}`);
  project.write('notes.txt', 'mine\n');
  return project;
}

type Moment = { when: 'before' | 'after'; nth: number } & ({ call: string } | { file: string });

/** A call of one of git's commands, or a file whose path has this in it and gets its name. */
const nameOf = (at: Moment) => `${at.when} ${'call' in at ? `git ${at.call}` : at.file} ${at.nth}`;

const killing = (shim: GitShim, at: Moment, signal: NodeJS.Signals) =>
  'call' in at ? shim.killing(at, signal) : { ...shim.env, ...killingAtFile(at, signal) };

/** A task whose process gets a signal at a moment. */
function inTask(at: Moment): Step {
  return {
    name: `task: ${nameOf(at)}`,
    async run({ home, project, shim }, signal) {
      await using server = await startModelServer({ script: SCRIPT, allowViolations: true });
      return await home.nex(ARGS, { cwd: project.root, url: server.url, env: killing(shim, at, signal) });
    },
  };
}

/** A task whose process gets a signal when the model is asked. */
function atRequest(kind: 'main' | 'side', nth: number): Step {
  return {
    name: `task: ${kind === 'main' ? 'request' : 'plan, review or wrap-up'} ${nth}`,
    async run({ home, project, shim }, signal) {
      let child: { kill(signal: NodeJS.Signals): boolean } | undefined;
      const seen = { main: 0, side: 0 };
      const hit = (which: 'main' | 'side') => {
        if (++seen[which] === nth && which === kind) child?.kill(signal);
      };
      await using server = await startModelServer({
        script: () => {
          hit('main');
          return SCRIPT[Math.min(seen.main, SCRIPT.length) - 1] ?? turn(says('Done.'));
        },
        side: () => {
          hit('side');
          return undefined;
        },
        allowViolations: true,
      });
      return await home.nex(ARGS, {
        cwd: project.root,
        url: server.url,
        env: shim.env,
        onStart: (started) => {
          child = started;
        },
      });
    },
  };
}

/** A task whose process gets a signal in the middle of a command. */
const inCommand: Step = {
  name: 'task: in the middle of a command',
  async run({ home, project, shim }, signal) {
    await using server = await startModelServer({ script: SCRIPT, allowViolations: true });
    writeFileSync(`${home.path}/stop-here`, '');
    let stop = () => false;
    let told = '';
    // With -v what a command prints is told as it comes.
    return await home.nex(['-v', ...ARGS], {
      cwd: project.root,
      url: server.url,
      env: shim.env,
      onStart: (child) => {
        stop = () => child.kill(signal);
      },
      onStderr: (text) => {
        told += text;
        if (/^ *│ stopping$/m.test(told)) stop();
      },
    });
  },
};

/** A finished task whose undoing gets a signal at a moment. */
function inRollback(args: readonly string[], at: Moment): Step {
  return {
    name: `${args.join(' ')}: ${nameOf(at)}`,
    async run({ home, project, shim }, signal) {
      await using server = await startModelServer({ script: SCRIPT, allowViolations: true });
      await home.nex(ARGS, { cwd: project.root, url: server.url });
      return home.nex([...args, '--yes'], { cwd: project.root, env: killing(shim, at, signal) });
    },
  };
}

const UNDO = ['rollback'];
const LEAVE = ['rollback', '--discard'];

const DAILY: Step[] = [
  inTask({ when: 'before', file: 'refs/sessions/', nth: 2 }),
  inTask({ when: 'after', call: 'update-ref', nth: 1 }),
  inCommand,
  inTask({ when: 'after', call: 'commit', nth: 1 }),
  inRollback(UNDO, { when: 'after', file: 'data/one.txt', nth: 1 }),
  inRollback(LEAVE, { when: 'before', call: 'update-ref', nth: 1 }),
];

const MORE: Step[] = [
  ...(['before', 'after'] as const).flatMap((when) => [
    inTask({ when, call: 'rev-parse', nth: 1 }),
    inTask({ when, call: 'status', nth: 1 }),
    inTask({ when, call: 'status', nth: 3 }),
    inTask({ when, call: 'status', nth: 5 }),
    inTask({ when, call: 'symbolic-ref', nth: 1 }),
    inTask({ when, call: 'merge-file', nth: 1 }),
    inTask({ when, call: 'pack-objects', nth: 1 }),
    inTask({ when, call: 'read-tree', nth: 1 }),
    inTask({ when, call: 'update-index', nth: 1 }),
    inTask({ when, call: 'update-index', nth: 2 }),
    inTask({ when, file: 'nex/store/objects/', nth: 1 }),
    inTask({ when, file: 'nex/store/objects/', nth: 17 }),
    inTask({ when, file: 'nex/store/objects/', nth: 28 }),
    inTask({ when, file: 'nex/last-step', nth: 1 }),
    inTask({ when, file: 'nex/last-step', nth: 2 }),
    inTask({ when, file: 'nex/last-step', nth: 3 }),
    inTask({ when, file: 'nex/last-step', nth: 5 }),
    inTask({ when, file: '/cart.js', nth: 1 }),
    inRollback(UNDO, { when, call: 'status', nth: 1 }),
    inRollback(UNDO, { when, call: 'commit-tree', nth: 1 }),
    inRollback(UNDO, { when, call: 'update-ref', nth: 1 }),
    inRollback(UNDO, { when, file: 'data/two.txt', nth: 1 }),
    inRollback(UNDO, { when, file: 'nex/last-step', nth: 2 }),
    inRollback(LEAVE, { when, call: 'symbolic-ref', nth: 1 }),
    inRollback(LEAVE, { when, call: 'pack-objects', nth: 1 }),
    inRollback(LEAVE, { when, file: '.git/index', nth: 1 }),
  ]),
  inTask({ when: 'after', file: 'refs/sessions/', nth: 2 }),
  inTask({ when: 'before', call: 'update-ref', nth: 1 }),
  inTask({ when: 'before', call: 'commit', nth: 1 }),
  ...[1, 2, 3, 4].map((nth) => atRequest('main', nth)),
  ...[1, 2, 3].map((nth) => atRequest('side', nth)),
];

const cases = (
  KILLS === ''
    ? DAILY.map((step) => [step, 'SIGKILL'] as const)
    : [...DAILY, ...MORE].flatMap((step) => SIGNALS.map((signal) => [step, signal] as const))
).flatMap(([step, signal]) =>
  Array.from({ length: TIMES }, (_, time) => ({ step, signal, time, title: `${step.name}, ${signal}` })),
);

let held = 0;
const LATER: Turn[] = [turn(says('It adds up a cart.'))];

// By `%s`: a name put in by its key is cut after 40 letters, and could not be asked for with `-t`.
it.runIf(process.platform === 'linux').each(cases.map((one) => [one.title, one] as const))(
  'loses nothing, leaves nobody behind and recovers: %s',
  async (title, { step, signal }) => {
    using home = testHome();
    using project = dirtyProject();
    mkdirSync(`${home.path}/shim`);
    const setting: Setting = { home, project, shim: gitShim(`${home.path}/shim`) };
    const before = worldHash(project.root, ['.nex']);
    const { status } = await step.run(setting, signal);
    // A signal may come before nex listens to it, and when all is done already.
    expect(signal === 'SIGKILL' ? [null] : [null, signal === 'SIGINT' ? 130 : 143, 0]).toContain(status);

    // Git ends by itself what it was at; everything else has to be gone.
    const until = Date.now() + 30_000;
    while (processesWith(home.path).length > 0 && Date.now() < until) await new Promise((done) => setTimeout(done, 20));
    expect(processesWith(home.path)).toEqual([]);
    const now = worldHash(project.root, ['.nex']);
    const { 'refs/heads/main': main, ...others } = now.refs;
    expect([main, now.stashes, now.config]).toEqual([before.refs['refs/heads/main'], before.stashes, before.config]);
    expect(Object.keys(others).filter((ref) => !ref.startsWith('refs/heads/nex/'))).toEqual([]);
    if (project.git('rev-parse', 'HEAD') !== before.refs['refs/heads/main']) {
      const changed = project.git('diff', '--name-only', '--no-renames', 'main', 'HEAD').split('\n').filter(Boolean);
      const its = ['data/log.txt', 'data/one.txt', 'data/two.txt', 'lib/done.txt', 'lib/one.txt', 'src/cart.js'];
      expect(changed.filter((path) => !its.includes(path))).toEqual([]);
      expect(project.git('show', 'HEAD:src/cart.js')).not.toContain('my own note');
      expect(project.git('show', 'HEAD:README.md')).not.toContain('taged');
    }

    await using server: ModelServer = await startModelServer({ script: LATER, allowViolations: true });
    const cutOff = now.head !== before.head && lockedBy(project);
    const next = await home.nex(['--yes', 'What is this?'], { cwd: project.root, url: server.url });
    expect(next.status).toBe(0);
    if (cutOff) expect(next.stderr).toMatch(/^nex: (The last task|An undoing) was cut off: .*\n {2}hint: .*`nex /m);
    // Unless all was left behind already, once is enough, also for a task that was rolled back.
    if (project.git('symbolic-ref', 'HEAD') !== 'refs/heads/main' || hasTaskBranch(project)) {
      const back = await home.nex(['rollback', '--discard', '--yes'], { cwd: project.root });
      expect(back.status).toBe(0);
    }
    expect(worldHash(project.root, ['.nex'])).toEqual(before);
    if (KILLS !== '') writeSync(2, `held: ${++held} of ${cases.length}, ${title}\n`);
  },
  180_000,
);

function hasTaskBranch(project: GitProject): boolean {
  return project.git('for-each-ref', 'refs/heads/nex/') !== '';
}

function lockedBy(project: GitProject): boolean {
  try {
    return readFileSync(project.path('.git/nex/lock'), 'utf8') !== '';
  } catch {
    return false;
  }
}
