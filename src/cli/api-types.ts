// What the package's types are made of; nothing here reaches into the program.
import type { JsonObject } from '../model/message.ts';

/** What a program may say of a task; each is a flag of `nex run`, too. */
export interface RunTaskOptions {
  /** What to do, in words. May be left out with `resume`. */
  task?: string;
  /** More for the model to see, as a pipe beside a task. */
  input?: string;
  /** The project's folder; the process's own when absent. */
  cwd?: string;
  /** In place of the process's environment. */
  env?: Readonly<Record<string, string | undefined>>;
  model?: string;
  /** The light model does it. */
  fast?: boolean;
  effort?: 'low' | 'medium' | 'high';
  maxIterations?: number;
  /** US dollars. */
  maxCost?: number;
  plan?: 'auto' | 'always' | 'never';
  /** Changes nothing, shows what would happen. */
  dryRun?: boolean;
  /** Yes to harmless questions; never to a flagged command. */
  yes?: boolean;
  /** All true when absent. */
  tests?: boolean;
  review?: boolean;
  wrapUp?: boolean;
  commit?: boolean;
  /** Folders that may be read, never written. */
  addDirs?: readonly string[];
  /** The id of a session to go on with, or true for the last one. */
  resume?: string | true;
  /** The final answer as JSON of this schema. */
  jsonSchema?: JsonObject;
  /** Also yields the pieces of a text while it streams, marked by `delta`; the whole follows. */
  deltas?: boolean;
  /** Stops the task; it stays resumable. */
  signal?: AbortSignal;
  /** Answers what a person would be asked. Without it every answer is no, except what `yes` covers. */
  ask?: (question: CallerQuestion) => CallerAnswer | Promise<CallerAnswer>;
}

/** What an embedding program is asked. */
export interface CallerQuestion {
  /** `approve`: a flagged command. `confirm`: a harmless yes or no. `text`: the model wants to know something. */
  kind: 'approve' | 'confirm' | 'text';
  /** The tool call's, or the question's own. */
  id: string;
  /** The exact command, or the question in words. */
  text: string;
  rule?: string;
  reason?: string;
  safer?: string;
}

/** Its answer. The reason is read by the model; for a `text` question it is the answer itself. */
export interface CallerAnswer {
  answer: 'yes' | 'no';
  reason?: string;
}
