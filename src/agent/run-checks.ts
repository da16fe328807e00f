import { figuresOf } from '../checks/test-figures.ts';
import { fileWord, inFolder } from '../platform/shell-quote.ts';
import type { TestsOutcome } from '../session/outcome.ts';
import { shortened } from '../tools/shortened.ts';
import type { LoopEnd } from './loop.ts';
import { stateBefore } from './state-before.ts';
import { changesOf, noteFailure, type TaskState } from './task-state.ts';

/** How often failures go back to the model. */
const ROUNDS = 2;
/** A shell's status for a program that is not there: what was never installed cannot be mended in the code. */
const NOT_FOUND = 127;
/** Unless the task changed where the tools of a project are named. */
const NAMES_TOOLS = /(?:^|\/)(?:package\.json|Makefile|justfile|Rakefile|composer\.json|pyproject\.toml|tox\.ini)$/;
/** Characters of a failing run that go back, its failing lines among them. */
const LONGEST = 6000;

/**
 * Formatter (opt-in), linter, then the nearest tests over what changed; failures go back to the model, at most
 * twice. Sets `state.tests`. Returns the end of the last talk with the model, or undefined when there was none.
 */
export async function runChecks(
  state: TaskState,
  goOn: (note: string) => Promise<LoopEnd>,
): Promise<LoopEnd | undefined> {
  let last: LoopEnd | undefined;
  for (let round = 0; ; round++) {
    const problem = await checkOnce(state, round);
    if (problem === undefined || round === ROUNDS) return last;
    last = await goOn(problem);
    if (last.status !== 'done') return last;
  }
}

/** What failed, in words for the model; undefined when nothing did or nothing could be run. */
async function checkOnce(state: TaskState, round: number): Promise<string | undefined> {
  const { checks } = state.world;
  const changed = (await changesOf(state)).files.filter(({ status }) => status !== 'deleted').map(({ path }) => path);
  const formatter = checks.formatter();
  if (formatter && changed.length > 0)
    tellOfSkipped(
      state,
      'formatter',
      await runOne(
        state,
        `${formatter.command} ${changed.map((path) => fileWord(path, state.world.shellName)).join(' ')}`,
        '.',
        { origin: formatter, changed },
      ),
    );
  const linter = checks.linter();
  if (linter) {
    const lint = await runOne(state, linter.command, '.', { origin: linter, changed });
    if (round === 0) tellOfSkipped(state, 'linter', lint);
    if (lint.status === 'ran' && lint.exit !== 0 && !state.redBefore.has(linter.command))
      return report('The linter', linter.command, lint.shown, lint.note);
  }
  const suite = checks.suite(changed);
  if (!suite) {
    settle(state, round, { status: 'not_run', summary: 'no test suite was found' });
    return undefined;
  }
  const run = await runOne(state, suite.command, suite.cwd, { origin: suite, changed });
  if (run.status === 'not_run') {
    settle(state, round, { status: 'not_run', command: suite.command, summary: run.why });
    return undefined;
  }
  const summary = figuresOf(run.shown);
  if (run.exit === 0) {
    settle(state, round, { status: 'passed', command: suite.command, summary });
    return undefined;
  }
  const before = state.redBefore.has(suite.command);
  const told = { command: suite.command, summary };
  if (before) settle(state, round, { status: 'failed_before', ...told });
  // Found out where it has to be said, and nowhere else: it costs another run.
  else if (round < ROUNDS) settle(state, round, { status: 'failed', ...told });
  else {
    const past = await stateBefore(state, suite, run.shown);
    settle(
      state,
      round,
      past === 'failed' ? { status: 'failed_before', ...told } : { status: 'failed', before: past, ...told },
    );
  }
  return report(
    before ? 'The tests (they failed before your changes, too)' : 'The tests',
    suite.command,
    run.shown,
    run.note,
  );
}

/** A check that the user set up and that did not run must not pass for one that found nothing. */
function tellOfSkipped({ world }: TaskState, what: string, ran: Ran): void {
  if (ran.status === 'not_run') world.emit({ type: 'notice', level: 'warning', text: `${what} not run: ${ran.why}` });
}

function settle(state: TaskState, round: number, tests: TestsOutcome): void {
  state.tests = tests;
  state.world.emit({ type: 'tests', round: round + 1, ...tests });
}

type Ran =
  | { status: 'ran'; exit: number | null; shown: string; note: string | undefined }
  | { status: 'not_run'; why: string };

/** Runs a check, if the safety layer, the project's trust and the approval of a project's own command allow it. */
async function runOne(
  state: TaskState,
  command: string,
  cwd: string,
  { origin, changed }: { origin: { fromProject: boolean; command: string }; changed: readonly string[] },
): Promise<Ran> {
  const { world, signal } = state;
  const judgement = await world.judge({ id: 'check', name: 'run_command', input: { command } });
  if (judgement.verdict !== 'allow')
    return { status: 'not_run', why: `\`${command}\` needs approval: ${judgement.reason ?? 'it is flagged'}` };
  if (origin.fromProject && !(await world.checks.approved(origin.command, signal)))
    return { status: 'not_run', why: `the project's own command \`${origin.command}\` was not approved` };
  if (!(await world.trusted(signal)))
    return { status: 'not_run', why: "this repository's code was not allowed to run" };
  // Tests write files, too: what they did can then be undone like all else.
  await world.history?.checkpoint({ tool: 'checks', detail: command });
  const result = await world.checks.run(command, cwd, world.settings.testTimeout, signal);
  if (result.exit === NOT_FOUND && !changed.some((path) => NAMES_TOOLS.test(path)))
    return { status: 'not_run', why: `${missingIn(result.shown)}; are the dependencies installed?` };
  return {
    status: 'ran',
    exit: result.exit,
    shown: result.shown,
    note: await noteFailure(state, {
      command: inFolder(cwd, command, world.shellName),
      exit: result.exit,
      output: result.shown,
    }),
  };
}

function report(what: string, command: string, shown: string, note: string | undefined): string {
  return [
    `${what} failed after your changes: \`${command}\`.`,
    `\`\`\`\n${shortened(shown.trim(), LONGEST)}\n\`\`\``,
    note,
    'Find out why and mend it; do not weaken a test.',
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** What a shell said of a program that it did not find. */
function missingIn(shown: string): string {
  const lines = shown.split('\n').map((line) => line.trim());
  return (
    lines.findLast((line) => /not found|not recognized|no such file/i.test(line))?.slice(0, 200) ??
    'a program is missing'
  );
}
