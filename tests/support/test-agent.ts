import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Asker } from '../../src/agent/ask.ts';
import { runTask, type TaskEnd } from '../../src/agent/task.ts';
import type { AgentSession } from '../../src/agent/task-state.ts';
import { type Composition, composeTask } from '../../src/cli/compose.ts';
import type { CliContext } from '../../src/cli/context.ts';
import { composeModels } from '../../src/cli/models.ts';
import { openProject } from '../../src/cli/project.ts';
import { resumeSession } from '../../src/cli/resume-session.ts';
import { findCredential } from '../../src/credential.ts';
import { userFolders } from '../../src/platform/user-folders.ts';
import type { StampedEvent } from '../../src/session/events.ts';
import type { Settings } from '../../src/settings-table.ts';
import { type ManualClock, manualClock } from './manual-clock.ts';
import { homeEnvironment } from './run-nex.ts';

/** The whole agent in this process: a real project, real tools and the real client, with nobody to ask and no waiting. */
export interface TestAgent extends AsyncDisposable {
  readonly session: AgentSession;
  readonly events: StampedEvent[];
  readonly composition: Composition;
  /** Of the model's client: retries only seem to wait. */
  readonly clock: ManualClock;
  /** A turn of the conversation. */
  turn(task: string, signal?: AbortSignal): Promise<TaskEnd>;
}

export interface TestAgentOptions {
  root: string;
  /** The user's home folder. */
  home: string;
  url: string;
  settings?: Partial<Settings>;
  /** Goes on with the last session of the project. */
  goOn?: boolean;
  idleTimeoutMs?: number;
  tests?: boolean;
  review?: boolean;
  wrapUp?: boolean;
}

const NOBODY: Asker = { present: false, ask: async () => ({ answer: 'no' }) };

export async function openAgent(options: TestAgentOptions): Promise<TestAgent> {
  const { root, home, url, idleTimeoutMs = 20_000 } = options;
  mkdirSync(join(home, 'tmp'), { recursive: true });
  const env = {
    ...homeEnvironment(home, url),
    NEX_STREAM_IDLE_TIMEOUT: String(idleTimeoutMs / 1000),
  };
  const context: CliContext = {
    env,
    cwd: root,
    folders: userFolders(env),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    signal: new AbortController().signal,
    openKeyring: () => Promise.resolve({ reason: 'none in tests' }),
  };
  const credential = await findCredential(env, url, context.openKeyring);
  const project = await openProject(context, options.settings ?? {});
  const events: StampedEvent[] = [];
  const clock = manualClock();
  const composition = await composeTask(context, project, {
    task: '',
    dryRun: false,
    yes: true,
    fast: false,
    addDirs: [],
    asker: NOBODY,
    listeners: [(event) => events.push(event)],
    ...(options.goOn ? { resume: (await resumeSession(context, project, undefined)).session } : {}),
    models: (onUsage) =>
      composeModels({
        settings: project.config.settings,
        credential,
        env,
        clock,
        state: project.state,
        onUsage,
        fast: false,
      }),
  });
  const { session } = composition;
  return {
    session,
    events,
    composition,
    clock,
    turn: (task, signal = new AbortController().signal) =>
      runTask(
        composition.nextTurn(task, signal),
        session,
        {
          task,
          piped: '',
          tests: options.tests ?? false,
          review: options.review ?? false,
          wrapUp: options.wrapUp ?? false,
          commit: true,
        },
        signal,
      ),
    [Symbol.asyncDispose]: () => composition.close(),
  };
}
