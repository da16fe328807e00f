import type { TestSuite } from '../checks/test-runner.ts';
import type { AgentChanges } from '../history/agent-changes.ts';
import type { TaskHistory } from '../history/task-history.ts';
import type { Learner } from '../memory/learner.ts';
import type { ErrorPatterns, Pattern } from '../memory/pattern.ts';
import type { Message, ToolCall } from '../model/message.ts';
import type { Model } from '../model/model.ts';
import type { Clock } from '../platform/clock.ts';
import type { Judgement } from '../safety/policy.ts';
import type { Emit } from '../session/events.ts';
import type { Outcome, TaskUsage } from '../session/outcome.ts';
import type { Settings } from '../settings-table.ts';
import type { Tool, ToolContext } from '../tools/tool.ts';
import type { Asker } from './ask.ts';

/** The real world, as a task needs it; built in `cli/compose.ts`, or by a test. */
export interface World {
  version: string;
  /** This process, by which a later one sees that it is gone. */
  pid: number;
  root: string;
  /** Working directory relative to the root. */
  cwd: string;
  settings: Settings;
  clock: Clock;
  main: Model;
  light: Model;
  tools: readonly Tool[];
  contextFor: (call: ToolCall) => ToolContext;
  judge: (call: ToolCall) => Promise<Judgement>;
  redact: (text: string) => string;
  asker: Asker;
  emit: Emit;
  /** True when this repository's own code may run; asks once, when it must. */
  trusted: (signal: AbortSignal) => Promise<boolean>;
  /** True when that was already so, without asking. */
  isTrusted: () => boolean;
  /** Whether `--yes` was given. */
  yes: boolean;
  shellName: string;
  /** Opens the history at the first change. Undefined outside a repository: then nothing may be changed. */
  history: TaskHistory | undefined;
  /** True when an earlier run of this session left changes that belong to the task. */
  leftChanges: () => Promise<boolean>;
  /** Set in a dry run. */
  preview: PreviewPort | undefined;
  context: (
    task: string,
    signal: AbortSignal,
  ) => Promise<{ text: string; files: Array<{ path: string; mode: string; tokens: number }>; tokens: number }>;
  memory: (task: string) => Promise<{ text: string; tokens: number }>;
  /** Whether anything was ever learned here; asked without opening the store. */
  hasLessons: () => boolean;
  /** The store of lessons; undefined when it cannot be used. */
  patterns: () => Promise<ErrorPatterns | undefined>;
  learner: (patterns: ErrorPatterns, task: string, recalled: readonly Pattern[]) => Promise<Learner>;
  /** One line on branch and dirty files; empty outside a repository. */
  gitSummary: () => Promise<string>;
  /** Where this branch could be pushed to. */
  remoteFor: (branch: string | undefined) => Promise<Outcome['remote']>;
  checks: ChecksPort;
  records: RecordsPort;
  /** A tool's result as it is sent: in few words when the conversation holds the same already. */
  sendOnce: (call: ToolCall, text: string) => string;
  /** Tokens at which a conversation is begun anew from a summary. */
  compactAt: number;
  /** What the model has seen is no longer in front of it: files must be read again, results sent again. */
  forget: () => void;
  journal: { prefix(system: readonly string[]): void; message(message: Message): void; sync(): void };
  usage: () => TaskUsage & { costUsd: number | null };
  /** A secret that the patch would add, for the commit check. */
  newSecrets: (patch: string) => Array<{ file: string; line: number; kind: string }>;
  exitCode: (end: Pick<Outcome, 'outcome' | 'tests' | 'review'> & { needsPerson: boolean }) => number;
}

export interface ChecksPort {
  /** The suite nearest to these files; `fromProject` when the project's config names it, which needs approval by its exact text. */
  suite(changed: readonly string[]): (TestSuite & { fromProject: boolean }) | undefined;
  linter(): { command: string; fromProject: boolean } | undefined;
  formatter(): { command: string; fromProject: boolean } | undefined;
  /** Whether this command of the project's config was approved, asking once. */
  approved(command: string, signal: AbortSignal): Promise<boolean>;
  /** Runs a command in a folder of the project; the output comes cleaned and without secrets. */
  run(
    command: string,
    cwd: string,
    timeoutSeconds: number,
    signal: AbortSignal,
  ): Promise<{ exit: number | null; shown: string }>;
  /**
   * Runs a suite on the files as they were before the task, in a temporary folder, never among the user's. `exportTo`
   * puts them there, and answers false when it cannot. Undefined when it could not be run.
   */
  runBefore(
    suite: TestSuite,
    exportTo: (folder: string) => Promise<boolean>,
    timeoutSeconds: number,
    signal: AbortSignal,
  ): Promise<{ exit: number | null; shown: string } | undefined>;
}

/** The records of a finished task. Each part may be impossible; the task is done all the same. */
export interface RecordsPort {
  sessionLine(line: string): Promise<void>;
  decisions(task: string, decisions: ReadonlyArray<{ decision: string; reasoning: string }>): Promise<void>;
}

export interface PreviewPort {
  /** Notes a command that would have run. */
  plan(command: string): void;
  /** False once the overlay has changes that a command could not see. */
  mayRead(): boolean;
  changes(): AgentChanges;
  commands(): readonly string[];
  /** Saves it for `nex apply`; returns its id. */
  save(task: string): string;
}
