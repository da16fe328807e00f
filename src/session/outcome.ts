/** How a task can end. */
export type OutcomeKind =
  | 'done'
  | 'preview'
  | 'needs_input'
  | 'failed'
  | 'capped'
  | 'refused'
  | 'later'
  | 'interrupted';

/** The test run at the end: green, red, red already before the task, or not run and why. */
export interface TestsOutcome {
  status: 'passed' | 'failed' | 'failed_before' | 'not_run';
  /** Of a suite that is red now: what is known of it before the task, where it was not red in the same way. */
  before?: 'passed' | 'unknown';
  command?: string;
  summary?: string;
}

/** What the reviewer said; an unreadable review is "not reviewed", never "approved". */
export interface ReviewOutcome {
  status: 'approved' | 'objections' | 'not_reviewed';
  summary?: string;
  objections: ReadonlyArray<{ file?: string; line?: number; problem: string }>;
}

/** Tokens and money of a task. */
export interface TaskUsage {
  requests: number;
  inputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  outputTokens: number;
}

/** The end of a task; `session.end` carries it, and `--output-format json` prints it. */
export interface Outcome {
  outcome: OutcomeKind;
  text: string;
  branch?: string;
  /** Branch or commit that HEAD was on when the task began. */
  base?: string;
  commit?: string;
  /** Where what was committed could be pushed to, by a person: nex never does. */
  remote?: { name: string; forge: 'github' | 'gitlab' | 'other' };
  files: readonly string[];
  tests: TestsOutcome;
  review: ReviewOutcome;
  refused: ReadonlyArray<{ command: string; rule: string; reason: string }>;
  /** Tool calls, counted one by one. */
  iterations: number;
  usage: TaskUsage;
  /** Null when a price is unknown. */
  cost_usd: number | null;
  duration_ms: number;
  exit_code: number;
  /** Why the commit was not made although files changed. */
  uncommitted?: string;
}
