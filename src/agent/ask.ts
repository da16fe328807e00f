import type { Judgement } from '../safety/policy.ts';

/** What nex may ask a person. */
export type Question =
  /** A flagged command; `--yes` never answers this one. */
  | { kind: 'approve'; id: string; command: string; judgement: Judgement }
  /** A harmless yes or no; `--yes` answers it. `detail` is shown above the question. */
  | { kind: 'confirm'; id: string; text: string; detail?: string; fallback: boolean }
  /** A line of text: the answer to the model's question, or why a diff was rejected. */
  | { kind: 'text'; id: string; text: string };

export interface Answer {
  answer: 'yes' | 'no';
  /** What the person typed beside or instead of yes or no. */
  said?: string;
}

/** Somebody to ask. Nobody there: every answer is no, except what `--yes` covers. */
export interface Asker {
  /** True when a person (or an embedding program) can answer. */
  readonly present: boolean;
  /** Rejects with the signal's reason when aborted while the question is open. */
  ask(question: Question, signal: AbortSignal): Promise<Answer>;
}
