import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runTask } from '../../agent/task.ts';
import { systemClock } from '../../platform/clock.ts';
import { git, gitText } from '../../platform/git-plumbing.ts';
import { replayModel } from '../../session/replay.ts';
import { composeTask } from '../compose.ts';
import { type CliContext, complain, print } from '../context.ts';
import { DEMO_FILES, DEMO_RECORDING, DEMO_TASK } from '../demo-recording.ts';
import { composeMeter } from '../models.ts';
import { openProject } from '../project.ts';
import { openScreen } from '../screen.ts';

/** `nex demo`: a real task on a throw-away repository. Only the model's words are recorded; needs no key, no network. */
export async function demoCommand(context: CliContext): Promise<number> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'nex-demo-')));
  try {
    const root = join(home, 'cart');
    await makeRepository(root);
    context.stderr.write(
      `The model is recorded; everything else is real: a git repository in ${root},\nits tests, the safety layer, the review and the commit. The task: ${DEMO_TASK}\n\n`,
    );
    // Its own folders: a demo leaves nothing in the user's.
    const inside: CliContext = {
      ...context,
      cwd: root,
      env: withoutNex(context),
      folders: { home, config: join(home, 'config'), state: join(home, 'state'), cache: join(home, 'cache') },
    };
    const status = await perform(inside);
    print(
      context,
      `\nWhat git says now (\`main\` did not move):\n${await gitText(['log', '--graph', '--all', '--format=%h %d %s'], { cwd: root })}`,
    );
    print(context, '\nTry it on your own: set ANTHROPIC_API_KEY, go into a repository, and run: nex "your task"');
    return status;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function perform(context: CliContext): Promise<number> {
  const project = await openProject(context);
  const screen = openScreen(context, { outputFormat: 'text', yes: true });
  try {
    const composition = await composeTask(context, project, {
      task: DEMO_TASK,
      dryRun: false,
      yes: true,
      fast: false,
      addDirs: [],
      // Nobody is asked: what needs a person is refused, as in a script.
      asker: { present: false, ask: async () => ({ answer: 'no' }) },
      listeners: screen.listeners,
      models: (onUsage) => {
        const recorded = replayModel(DEMO_RECORDING);
        return {
          main: recorded,
          light: recorded,
          meter: composeMeter({ settings: project.config.settings, clock: systemClock, state: project.state, onUsage }),
        };
      },
    });
    try {
      const request = { task: DEMO_TASK, piped: '', tests: true, review: true, wrapUp: true, commit: true };
      const { outcome, error } = await runTask(composition.world, composition.session, request, context.signal);
      if (error) complain(context, error.message, error.hint);
      return outcome.exit_code;
    } finally {
      await composition.close();
    }
  } finally {
    screen.close();
  }
}

async function makeRepository(root: string): Promise<void> {
  for (const [name, text] of Object.entries(DEMO_FILES)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  const options = { cwd: root };
  await git(['init', '-q', '-b', 'main'], options);
  await git(['config', 'user.name', 'nex demo'], options);
  await git(['config', 'user.email', 'demo@example.invalid'], options);
  await git(['config', 'commit.gpgsign', 'false'], options);
  await git(['add', '-A'], options);
  await git(['commit', '-q', '-m', 'A cart whose total forgets the quantity'], options);
}

/** The user's settings and keys have no part in a demo. */
function withoutNex({ env }: CliContext): CliContext['env'] {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(NEX_|ANTHROPIC_)/.test(name)));
}
