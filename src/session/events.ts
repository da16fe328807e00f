import type { JsonObject } from '../model/message.ts';
import type { Purpose, Usage } from '../model/model.ts';
import type { Outcome, ReviewOutcome, TestsOutcome } from './outcome.ts';

/** Everything that can be heard while a task runs. Names and fields are published: scripts read them. */
export type AgentEvent =
  | {
      type: 'session.start';
      task: string;
      model: string;
      root: string;
      version: string;
      /** The process that runs it; absent in a recording. */
      pid?: number;
      resumed?: string;
      dry_run: boolean;
    }
  | {
      type: 'context';
      files: Array<{ path: string; mode: string; tokens: number }>;
      memory_tokens: number;
      errors: number;
      tokens: number;
    }
  /** Told whole when it is made, and again for each step that is `finished` (its number, from 1). */
  | { type: 'plan'; steps: Array<{ title: string; files: string[]; done: boolean }>; finished?: number }
  /** `delta` pieces are for live screens only; the whole block follows without it. */
  | { type: 'text'; text: string; delta?: true }
  | { type: 'thinking'; text: string; delta?: true }
  | { type: 'tool.call'; id: string; name: string; input: JsonObject }
  | {
      type: 'approval';
      id: string;
      command: string;
      rule: string;
      reason: string;
      safer?: string;
      part?: string;
      answer?: 'yes' | 'no';
      said?: string;
    }
  | { type: 'tool.output'; id: string; text: string }
  | {
      type: 'tool.result';
      id: string;
      name: string;
      ok: boolean;
      text: string;
      changed: string[];
      exit?: number | null;
      duration_ms: number;
    }
  | {
      type: 'usage';
      purpose: Purpose;
      model: string;
      usage: Usage;
      cost_usd: number | null;
      task_cost_usd: number | null;
      request_id?: string;
    }
  | { type: 'retry'; attempt: number; wait_ms: number; reason: string }
  | { type: 'notice'; text: string; level: 'info' | 'warning' }
  | { type: 'error.recalled'; id: number; what_failed: string; what_fixed: string; moment: 'start' | 'failure' }
  | { type: 'error.learned'; id: number; what_failed: string; what_fixed: string }
  | ({ type: 'tests'; round: number } & TestsOutcome)
  | ({ type: 'review' } & ReviewOutcome)
  | { type: 'diff'; patch: string; files: Array<{ path: string; added: number; removed: number; status: string }> }
  | { type: 'commit'; commit: string; branch: string; subject: string }
  | ({ type: 'session.end' } & Outcome);

/** An event as listeners get it. */
export type StampedEvent = AgentEvent & { time: string; session: string };

export type Emit = (event: AgentEvent) => void;
export type Listener = (event: StampedEvent) => void;
