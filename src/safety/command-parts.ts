import type { SimpleCommand } from './command.ts';
import type { Ground } from './paths.ts';
import { runCall, runOtherShell } from './run-call.ts';
import { newScope } from './scope.ts';
import type { Finding } from './walk.ts';
import { type Frame, LONGEST_TEXT, walkText } from './walk.ts';

/** Steps taken through one text; what needs more of them is asked about. */
const MOST_STEPS = 1500;

/** What a command line comes down to. */
export interface CommandParts {
  /** Every program call that would happen, in order, unwrapped and resolved. */
  readonly commands: readonly SimpleCommand[];
  /** What cannot be read or resolved, and dangers that show only between commands. */
  readonly findings: readonly Finding[];
  /** Names of the variables that it sets. */
  readonly assigned: ReadonlySet<string>;
}

/** What the parts of a command depend on beside its text. */
export interface PartsOptions {
  readonly ground: Ground;
  /** Where the command starts; the project when not given. */
  readonly cwd?: string | undefined;
  readonly changedFile?: ((path: string) => string | undefined) | undefined;
  /** The shell that will run it. */
  readonly shell?: 'bash' | 'powershell' | undefined;
}

/** Parses a command and walks everything that it would run. Throws on no input: what goes wrong is a finding. */
export function commandParts(source: string, options: PartsOptions): CommandParts {
  const commands: SimpleCommand[] = [];
  const findings: Finding[] = [];
  const assigned = new Set<string>();
  const { ground, cwd = ground.root, changedFile = () => undefined, shell = 'bash' } = options;
  const frame: Frame = {
    walk: { ground, changedFile, commands, findings, assigned, left: MOST_STEPS, run: runCall },
    scope: newScope(cwd, []),
    input: { text: '' },
    depth: 0,
    nesting: 0,
    text: source,
    place: 'here',
    concurrent: false,
    calls: [],
    source,
    guessed: false,
  };
  try {
    if (source.length > LONGEST_TEXT) findings.push({ rule: 'unresolved.too-long', source: '' });
    else if (shell === 'powershell') runOtherShell('powershell', source, frame);
    else walkText(source, frame);
  } catch (error) {
    // A parser that fails on some input must not become a way past the gate.
    findings.push({ rule: 'unresolved.parse', source, detail: error instanceof Error ? error.message : '' });
  }
  return { commands, findings, assigned };
}
