/** How a command ended and what it printed. */
export interface CommandResult {
  /** The exit status; null when it was ended by a signal or never started. */
  exit: number | null;
  /** The signal that ended it, such as `SIGKILL`. */
  signal: string | null;
  timedOut: boolean;
  /** Stdout and stderr in the order they came, control sequences kept; the first and the last part when long. */
  output: string;
  /** Bytes printed in all. */
  bytes: number;
  /** Lines printed in all. */
  lines: number;
  /** Set when `output` is not all of it: what is missing, and at which offset. */
  omitted?: { at: number; characters: number; lines: number };
  /** Where the whole output lies when `output` is not all of it. */
  spool?: string;
  /** Processes that outlived the command and were ended. */
  leftovers: number;
  /** True when it was ended because it printed more than anybody could want. */
  flooded: boolean;
  durationMs: number;
}

/** Rewrites text that arrives in pieces, such as taking secrets out; what it is not sure of waits for the next piece. */
export interface TextFilter {
  push(text: string): string;
  /** The rest, once no more comes. */
  end(): string;
}

export interface CommandOptions {
  cwd: string;
  timeoutMs: number;
  signal: AbortSignal;
  /** Hears the output as it comes. */
  onOutput?: (text: string) => void;
  /** All output passes it before anybody sees or stores it. */
  filter?: TextFilter;
  /** Characters of output kept in memory, half of them from the beginning, half from the end. Default 400,000. */
  keep?: number;
  /** File for the whole output, created only when it is longer than what is kept in memory. */
  spool?: string;
  /** Added to the scrubbed environment. */
  env?: Readonly<Record<string, string>>;
}

/** Runs commands for the model and for the checks, each in its own process group, never with a terminal. */
export interface Shell {
  /** As the model is told: `bash`, `sh`, `Git Bash`, `PowerShell`. */
  readonly name: string;
  /** Resolves however the command ends; rejects only when the shell cannot start or the signal aborts. */
  run(command: string, options: CommandOptions): Promise<CommandResult>;
}
