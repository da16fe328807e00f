/** What the safety layer says of a command or a call; the strictest part wins. */
export type Verdict = 'allow' | 'ask' | 'deny';

/** A judgement with its grounds. */
export interface Judgement {
  verdict: Verdict;
  /** Id of the rule that decided, e.g. `files.rm-recursive`; `parse` and `unresolved` for what cannot be read; undefined when allowed. */
  rule?: string;
  category?: string;
  reason?: string;
  /** What would reach the same end with less risk. */
  safer?: string;
  /** The part of the command that decided, verbatim, for marking it. */
  part?: string;
  /** Every simple command that would run, resolved, in order. */
  parts: readonly string[];
  /** True when the command provably only reads: runs unasked and needs no checkpoint. */
  readOnly: boolean;
}
