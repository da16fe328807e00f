import type { WireStyle } from './events.ts';
import type { Fault } from './faults.ts';
import type { HostQuirks } from './host.ts';
import type { ModelRules } from './models.ts';
import type { SeenRequest } from './request.ts';
import type { Turn } from './turns.ts';

/** The main model's turns in order, or a function that is asked for each. */
export type Script = readonly Turn[] | ((request: SeenRequest) => Turn | Promise<Turn>);

export interface ModelServerOptions {
  /**
   * A repeated request gets the same turn again: the turn is the number of this server's replies found in the
   * request's conversation, not a counter. Running out of listed turns is a violation.
   */
  script: Script;
  /**
   * Answers the calls beside the main conversation (planner, reviewer, wrap-up). Without it, or where it returns
   * undefined, they get the smallest value that fits their schema, or `Done.` without a schema.
   */
  side?: (request: SeenRequest) => Turn | undefined | Promise<Turn | undefined>;
  /** Which calls are beside the main conversation; those with a schema or without tools when absent. */
  isSide?: (body: SeenRequest['body']) => boolean;
  faults?: readonly Fault[];
  /** An account that the check of thinking prefixes is not enforced for. */
  oldAccount?: boolean;
  /** Instead of each model's own least cacheable prefix. */
  minCacheTokens?: number;
  /** Between a request and the first byte of its answer. */
  latencyMs?: number;
  /** The keys that are accepted; any but an empty one when absent. */
  keys?: readonly string[];
  /** Changed or further models; a new one starts from the main model's rules. */
  models?: Readonly<Record<string, Partial<ModelRules>>>;
  /** Refuses beta names that it does not know. */
  strictBetas?: boolean;
  wire?: WireStyle;
  host?: HostQuirks;
  /** 0, the default, takes a free port. */
  port?: number;
  /** The clock of the prompt cache, in milliseconds. */
  now?: () => number;
  /** Hears of each request when its answer is over. */
  onAnswered?: (request: SeenRequest) => void;
  /**
   * True, or the numbers of the rules that may be broken. Otherwise `close()` throws when a request broke one,
   * so that the test which sent it fails.
   */
  allowViolations?: boolean | readonly number[];
}
