import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Asker } from '../agent/ask.ts';
import { nothingKept } from '../agent/kept.ts';
import type { AgentSession } from '../agent/task-state.ts';
import type { World } from '../agent/world.ts';
import { estimateTokens, learnFactor } from '../context/tokens.ts';
import { findCredential } from '../credential.ts';
import { messageOf } from '../errors.ts';
import type { Action } from '../history/step-log.ts';
import { openTaskHistory, type TaskHistory } from '../history/task-history.ts';
import { ensurePrivateFolder } from '../memory/init-project.ts';
import type { Learner } from '../memory/learner.ts';
import type { ErrorPatterns } from '../memory/pattern.ts';
import type { Message, ToolCall } from '../model/message.ts';
import type { Meter } from '../model/meter.ts';
import type { Usage } from '../model/model.ts';
import { systemClock } from '../platform/clock.ts';
import { openWorkspace } from '../platform/disk-workspace.ts';
import { openGitView } from '../platform/git.ts';
import { remoteFor } from '../platform/git-remote.ts';
import { type GitStanding, readStanding, standingLine } from '../platform/git-standing.ts';
import { overlayOn } from '../platform/overlay.ts';
import { lookInto } from '../platform/project-look.ts';
import { systemShell } from '../platform/system-shell.ts';
import { isSecretPath } from '../safety/secret-paths.ts';
import { createRedactor, newSecretsInPatch } from '../safety/secrets.ts';
import type { Emit, Listener } from '../session/events.ts';
import { createJournal, newSessionId } from '../session/journal.ts';
import { SaidBefore } from '../tools/said-before.ts';
import { SeenFiles } from '../tools/seen-files.ts';
import type { ToolContext } from '../tools/tool.ts';
import { createToolbox } from '../tools/toolbox.ts';
import { version } from '../version.ts';
import { createChecks } from './checks-port.ts';
import { createCodeContext } from './code-context.ts';
import type { CliContext } from './context.ts';
import { exitCodeOfOutcome } from './exit-code.ts';
import { createJudge } from './judge.ts';
import { createEmitter } from './listeners.ts';
import { compactAtFor, composeModels, type Models } from './models.ts';
import { createPreview } from './preview-port.ts';
import type { Project } from './project.ts';
import { createMemory, createRecords, hasLessons, openPatterns } from './project-memory.ts';
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
  const { root, nexDir, repository, config, state } = project;
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

  const disk = await openWorkspace({ root, added: options.addDirs });
  const workspace = options.dryRun ? overlayOn(disk) : disk;
  const shell = systemShell({ env: context.env, marker: randomBytes(8).toString('hex') });
  // A second Ctrl-C ends the process at once; what it had started must not outlive it.
  const kill = () => shell.kill();
  process.on('exit', kill);
  const tools = createToolbox({ env: context.env, ripgrep: context.env['NEX_RG'] });
  const seen = new SeenFiles();
  const saidBefore = new SaidBefore();
  let turnSignal = context.signal;
  const contextFor = (call: ToolCall): ToolContext => ({
    workspace,
    shell,
    seen,
    signal: turnSignal,
    emitOutput: (text) => emit({ type: 'tool.output', id: call.id, text }),
    outputFilter: () => redactor.filter(),
    spoolFile: (name) => (options.dryRun ? undefined : join(nexDir, 'sessions', `${sessionId}.files`, name)),
    restore: (text, path) => redactor.restore(text, originalOf(path)),
    isSecret: isSecretPath,
  });
  const forget = () => {
    seen.clear();
    saidBefore.clear();
  };
  const lookup = lookInto(root);
  const originalOf = (path: string) => lookup.read(path);

  const session: AgentSession = options.resume ?? { id: sessionId, system: [], conversation: [], kept: nothingKept() };
  let tokenFactor = 1;
  /** The first request of a turn is the one whose size was estimated; what the server counts corrects the next. */
  const learnTokens = ({ input, cacheRead, cacheWrite5m, cacheWrite1h }: Usage) => {
    if (session.conversation.at(-1)?.role !== 'user') return;
    const text = JSON.stringify([session.system, tools.map(({ spec }) => spec), session.conversation.map(withoutSeal)]);
    const counted = (input ?? 0) + cacheRead + cacheWrite5m + cacheWrite1h;
    tokenFactor = learnFactor(tokenFactor, estimateTokens(text, 'code', tokenFactor), counted);
  };
  const makeModels =
    options.models ??
    ((onUsage) => {
      if (!credential) throw new Error('a model without a key');
      return composeModels({ settings, credential, env: context.env, clock, state, onUsage, fast: options.fast });
    });
  const models = makeModels((record) => {
    if (record.purpose === 'main') learnTokens(record.usage);
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

  const folder = await ensurePrivateFolder(nexDir).catch((error: unknown) => ({ notice: messageOf(error) }));
  const journal = createJournal({ dir: join(nexDir, 'sessions'), id: sessionId, redact, onFailure: notice });
  for (const listener of options.listeners) add(listener);
  add((event) => journal.record(event));
  for (const text of new Set([...config.notices, ...(folder.notice ? [folder.notice] : [])])) notice(text);

  const judge = createJudge(context, project, clock.now());
  const { isTrusted, trusted } = createTrust({ state, root, yes: options.yes, asker });

  const code = createCodeContext({
    project,
    redact,
    isSecret: isSecretPath,
    tokenFactor: () => tokenFactor,
    seen,
    notice,
    standing: () => standing(),
  });
  let stood = options.standing;
  /** Asked once a turn: the index and the prompt speak of the same moment. */
  const standing = () => {
    stood ??= repository === undefined ? Promise.resolve(undefined) : readStanding(root);
    return stood;
  };
  let patterns: ErrorPatterns | undefined;
  let learner: Learner | undefined;
  const historyOf = (task: string): TaskHistory | undefined =>
    repository === undefined || options.dryRun
      ? undefined
      : openTaskHistory({
          repository,
          sessionId,
          task: redact(task),
          clock,
          ...(options.action === undefined ? {} : { action: options.action }),
        });

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
    shellName: shell.name,
    history: historyOf(options.task),
    leftChanges: async () => {
      if (repository === undefined || options.dryRun) return false;
      const { listSteps } = await import('../history/step-list.ts');
      const mine = (await listSteps(repository)).filter(({ session, undone }) => session === sessionId && !undone);
      return mine.length > 0;
    },
    preview: options.dryRun ? createPreview({ overlay: workspace, nexDir, sessionId }) : undefined,
    context: code.context,
    meanwhile: code.meanwhile,
    memory: createMemory(project, notice),
    hasLessons: () => hasLessons(project),
    patterns: async () => {
      patterns ??= options.dryRun ? undefined : await openPatterns(project, clock, notice);
      return patterns;
    },
    learner: async (store, task, recalled) => {
      const { createLearner } = await import('../memory/learner.ts');
      if (learner === undefined) learner = createLearner({ patterns: store, task: redact(task), root, recalled });
      else learner.begin(redact(task), recalled);
      return learner;
    },
    remoteFor: async (branch) => (repository === undefined ? undefined : remoteFor(repository, branch)),
    gitSummary: async () => {
      const now = repository === undefined ? undefined : await standing();
      return now === undefined ? '' : standingLine(now);
    },
    checks: createChecks({ root, config, state, asker, tools, contextFor }),
    records: createRecords(project, sessionId, clock, notice),
    sendOnce: (call, text) => saidBefore.shorten(describeCall(call), text),
    compactAt: compactAtFor(models.main.id, settings),
    forget,
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
      stood = undefined;
      turnSignal = signal;
      return { ...world, history: historyOf(task) };
    },
    totals: () => models.meter.session(),
    gitNow: () => {
      stood = undefined;
      return world.gitSummary();
    },
    forget() {
      session.conversation.length = 0;
      session.system.length = 0;
      session.kept = nothingKept();
      session.counted = undefined;
      forget();
    },
    diff: async () => (repository === undefined ? '' : (await openGitView(repository)).diff()),
    async close() {
      kill();
      process.off('exit', kill);
      await code.close();
      patterns?.dispose();
      journal.close();
    },
  };
}

/** A call in a few words, for a result that stands elsewhere in the conversation. */
function describeCall({ name, input }: ToolCall): string {
  const what = [input['command'], input['path'], input['pattern']].find((value) => typeof value === 'string');
  return typeof what === 'string' ? `${name} \`${what.slice(0, 80)}\`` : name;
}

/** A message as text counts it: its words and calls, not the provider's copy of them. */
function withoutSeal(message: Message): Message {
  if (message.role !== 'assistant') return message;
  return { role: message.role, text: message.text, calls: message.calls };
}
