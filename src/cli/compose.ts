import { join } from 'node:path';
import type { Asker } from '../agent/ask.ts';
import { nothingKept } from '../agent/kept.ts';
import type { AgentSession } from '../agent/task-state.ts';
import type { World } from '../agent/world.ts';
import { findCredential } from '../credential.ts';
import type { Action } from '../history/step-log.ts';
import { ensurePrivateFolder } from '../memory/init-project.ts';
import type { Learner } from '../memory/learner.ts';
import type { ErrorPatterns } from '../memory/pattern.ts';
import type { Meter } from '../model/meter.ts';
import { systemClock } from '../platform/clock.ts';
import { explained } from '../platform/file-errors.ts';
import type { GitStanding } from '../platform/git-standing.ts';
import { isSecretPath } from '../safety/secret-paths.ts';
import { createRedactor, newSecretsInPatch } from '../safety/secrets.ts';
import type { Emit, Listener } from '../session/events.ts';
import { createJournal, newSessionId } from '../session/journal.ts';
import { version } from '../version.ts';
import { createChecks } from './checks-port.ts';
import { createCodeContext } from './code-context.ts';
import type { CliContext } from './context.ts';
import { exitCodeOfOutcome } from './exit-code.ts';
import { openHands } from './hands.ts';
import { createJudge } from './judge.ts';
import { createEmitter } from './listeners.ts';
import { compactAtFor, composeModels, type Models } from './models.ts';
import { createPreview } from './preview-port.ts';
import type { Project } from './project.ts';
import { createMemory, createRecords, hasLessons, openPatterns } from './project-memory.ts';
import { createRepositoryPort } from './repository-port.ts';
import { createTokenFactor } from './token-factor.ts';
import { createTrust } from './trust.ts';

export interface ComposeOptions {
  task: string;
  dryRun: boolean;
  yes: boolean;
  fast: boolean;
  addDirs: readonly string[];
  /** Whom to ask; one that tells its questions as events gets to know how. */
  asker: Asker | ((emit: Emit) => Asker);
  listeners: readonly Listener[];
  /** The session to go on with; a new one when absent. */
  resume?: AgentSession;
  /** `apply` when a dry run's plan is carried out. */
  action?: Action;
  /** How the repository stands, when git was asked already: of the first turn alone. */
  standing?: Promise<GitStanding | undefined>;
  /** In place of the real models: a recording. */
  models?: (onUsage: Parameters<typeof composeModels>[0]['onUsage']) => Models;
}

/** The real world of a task, and how to let go of it. */
export interface Composition {
  world: World;
  session: AgentSession;
  /** A world for the next turn of a chat: the same, with a history of its own. */
  nextTurn(task: string, signal: AbortSignal): World;
  /** Figures of all turns together. */
  totals(): ReturnType<Meter['session']>;
  /** The conversation begins anew from nothing. */
  forget(): void;
  /** What is uncommitted, for people. */
  diff(): Promise<string>;
  /** Branch and dirty files as they are now, not as the turn found them. */
  gitNow(): Promise<string>;
  close(): Promise<void>;
}

/** Builds the real world for one task or one chat. Writes nothing that git sees. */
export async function composeTask(
  context: CliContext,
  project: Project,
  options: ComposeOptions,
): Promise<Composition> {
  const clock = systemClock;
  const { root, nexDir, config, state } = project;
  const { settings } = config;
  const sessionId = options.resume?.id ?? newSessionId(clock, Math.random);
  const { emit, add } = createEmitter(sessionId, clock);
  const asker = typeof options.asker === 'function' ? options.asker(emit) : options.asker;
  const notice = (text: string) => emit({ type: 'notice', text, level: 'warning' });
  const credential = options.models
    ? undefined
    : await findCredential(context.env, settings.baseUrl, context.openKeyring);
  // A key of the keyring is as secret as one of the environment.
  const env = { ...context.env, NEX_KEPT_KEY: credential?.value };
  const redactor = createRedactor({ env, salt: state.placeholderKey() });
  const redact = (text: string) => redactor.redact(text);

  const hands = await openHands(context, project, {
    sessionId,
    dryRun: options.dryRun,
    addDirs: options.addDirs,
    redactor,
    emit,
  });
  const { tools, contextFor } = hands;
  const past = createRepositoryPort(project, {
    sessionId,
    clock,
    dryRun: options.dryRun,
    redact,
    action: options.action,
    standing: options.standing,
  });

  const session: AgentSession = options.resume ?? { id: sessionId, system: [], conversation: [], kept: nothingKept() };
  const tokenFactor = createTokenFactor(session, tools);
  const makeModels =
    options.models ??
    ((onUsage) => {
      if (!credential) throw new Error('a model without a key');
      return composeModels({ settings, credential, env: context.env, clock, state, onUsage, fast: options.fast });
    });
  const models = makeModels((record) => {
    if (record.purpose === 'main') tokenFactor.learn(record.usage);
    emit({
      type: 'usage',
      purpose: record.purpose,
      model: record.model,
      usage: record.usage,
      cost_usd: record.costUsd,
      task_cost_usd: record.taskCostUsd,
      ...(record.requestId === undefined ? {} : { request_id: record.requestId }),
    });
  });

  const folder = await ensurePrivateFolder(nexDir).catch((error: unknown) => ({
    notice: `${explained(error, '.nex', 'written').message} The task goes on, but nex may keep nothing of it: no session to resume, no lesson, no index. Nor can git be told to pass over the folder.`,
    broken: true,
  }));
  // One cause, one note: whatever goes into the folder would tell of it again.
  const ofFolder = 'broken' in folder ? () => {} : notice;
  const journal = createJournal({ dir: join(nexDir, 'sessions'), id: sessionId, redact, onFailure: ofFolder });
  for (const listener of options.listeners) add(listener);
  add((event) => journal.record(event));
  for (const text of config.notices) notice(text);
  if (folder.notice !== undefined) notice(folder.notice);

  const judge = createJudge(context, project, clock.now());
  const { isTrusted, trusted } = createTrust({ state, root, yes: options.yes, asker });

  const code = createCodeContext({
    project,
    redact,
    isSecret: isSecretPath,
    tokenFactor: tokenFactor.now,
    seen: hands.seen,
    notice: ofFolder,
    standing: past.standing,
  });
  let patterns: ErrorPatterns | undefined;
  let learner: Learner | undefined;

  const world: World = {
    version,
    pid: process.pid,
    root,
    cwd: project.cwd,
    settings,
    clock,
    main: models.main,
    light: models.light,
    tools,
    contextFor,
    judge,
    redact,
    asker,
    emit,
    trusted,
    isTrusted,
    yes: options.yes,
    shellName: hands.shell.name,
    history: past.historyOf(options.task),
    leftChanges: past.leftChanges,
    preview: options.dryRun ? createPreview({ overlay: hands.workspace, nexDir, sessionId }) : undefined,
    context: code.context,
    memory: createMemory(project, notice),
    hasLessons: () => hasLessons(project),
    patterns: async () => {
      patterns ??= options.dryRun ? undefined : await openPatterns(project, clock, ofFolder);
      return patterns;
    },
    learner: async (store, task, recalled) => {
      const { createLearner } = await import('../memory/learner.ts');
      if (learner === undefined) learner = createLearner({ patterns: store, task: redact(task), root, recalled });
      else learner.begin(redact(task), recalled);
      return learner;
    },
    remoteFor: past.remoteFor,
    gitSummary: past.gitSummary,
    checks: createChecks({ root, config, state, asker, tools, contextFor, shellName: hands.shell.name }),
    records: createRecords(project, sessionId, clock, ofFolder),
    sendOnce: hands.sendOnce,
    compactAt: compactAtFor(models.main.id, settings),
    forget: hands.forget,
    journal: {
      prefix: (system) => journal.prefix({ model: models.main.id, system, tools: tools.map(({ spec }) => spec) }),
      message: (message) => journal.message(message),
      sync: () => journal.sync(),
    },
    usage: () => models.meter.task(),
    newSecrets: (patch) => newSecretsInPatch(patch, redactor.find),
    exitCode: exitCodeOfOutcome,
  };
  return {
    world,
    session,
    nextTurn: (task, signal) => {
      models.meter.startTask();
      past.lookAgain();
      hands.stopWith(signal);
      return { ...world, history: past.historyOf(task) };
    },
    totals: () => models.meter.session(),
    gitNow: () => {
      past.lookAgain();
      return past.gitSummary();
    },
    forget() {
      session.conversation.length = 0;
      session.system.length = 0;
      session.kept = nothingKept();
      session.counted = undefined;
      hands.forget();
    },
    diff: past.diff,
    async close() {
      hands.close();
      await code.close();
      patterns?.dispose();
      journal.close();
    },
  };
}
