import { type Check, readChecks } from './check.ts';
import { fold } from './fold.ts';
import { dotnet } from './toolchains/dotnet.ts';
import { goTool } from './toolchains/go.ts';
import { jest, mocha, node, nodeTest, vitest } from './toolchains/javascript.ts';
import { biome, eslint, packageManager, prettier, tsc } from './toolchains/javascript-checks.ts';
import { gradle, javac, maven } from './toolchains/jvm.ts';
import { gcc } from './toolchains/native.ts';
import { php, phpunit } from './toolchains/php.ts';
import { mypy, pytest, python, ruff, unittest } from './toolchains/python.ts';
import { rspec, ruby } from './toolchains/ruby.ts';
import { cargo } from './toolchains/rust.ts';
import { anyProgram, shell } from './toolchains/shell.ts';
import type { ErrorType, Finding, Frame, Toolchain } from './toolchains/toolchain.ts';

/** The runtimes come last: a test runner prints what the runtime says, and says more. */
// biome-ignore format: a list
const TOOLCHAINS: readonly Toolchain[] = [
  vitest, jest, nodeTest, mocha, pytest, unittest, rspec, phpunit, goTool, cargo, maven, gradle, dotnet, tsc, eslint,
  biome, prettier, mypy, ruff, javac, gcc, packageManager, python, ruby, php, node, shell,
];
const RUNTIMES: readonly Toolchain[] = [python, ruby, php, node, shell];

/** A command that was run. `exit` is null when it was ended by a signal or a time limit. */
export interface Run {
  command: string;
  exit: number | null;
  output: string;
  /** Real path of the project, to make paths relative. */
  root?: string;
}

/** A failure in the form it is remembered by. */
export interface Failure {
  toolchain: string;
  language?: string;
  errorType: ErrorType;
  /** The same for every occurrence of this failure, whatever the paths, names, lines and times. */
  signature: string;
  /** What this occurrence is about: test, names, values; tells apart failures with one signature. */
  subject: string;
  headline: string;
  frame?: Frame;
  /** The check that failed; a later success of it, or of a wider one, closes the failure. */
  check: Check;
  /** Files that a narrower run of the same check could name. */
  files: readonly string[];
  exit: number | null;
}

/** What a command's end means for the checks in it. */
export interface RunReading {
  /** The decisive failure first; at most five. */
  failures: readonly Failure[];
  /** The checks that passed. */
  passed: readonly Check[];
  /** The tool that was recognised in the output, also when all is well. */
  toolchain?: string;
}

/** The decisive failure of a run, or undefined when it passed or only looked at something. */
export function readFailure(run: Run): Failure | undefined {
  return readRun(run).failures[0];
}

/**
 * Reads a finished command. An exit status hidden by a pipe (`pytest | tail`) is worked out from the output.
 * The same failures come out whatever order the tool printed them in.
 */
export function readRun(run: Run): RunReading {
  const { checks, masked } = readChecks(run.command);
  // What a command that only looks prints is somebody's file, not its own failure.
  const check = checks.at(-1);
  if (check === undefined) return { failures: [], passed: [] };
  const lines = linesOf(run.output, run.root);
  const known = toolchainsOf(checks, lines.join('\n'));
  const named = known[0] === undefined ? {} : { toolchain: known[0].name };
  if (run.exit === 0 && !masked) return { failures: [], passed: checks, ...named };
  for (const toolchain of known) {
    const found = toolchain.read(lines);
    if (found.length === 0) continue;
    return {
      failures: failuresOf(
        found,
        toolchain,
        checks.findLast(({ program }) => toolchain.programs.includes(program)) ?? check,
        run.exit,
      ),
      passed: [],
      toolchain: toolchain.name,
    };
  }
  if (masked) {
    // Nobody knows how the check ended; its own words decide, and when they sound of failure nothing is concluded.
    const sound = run.exit === 0 && !lines.some((line) => FAILURE_WORDS.test(line));
    return { failures: [], passed: sound ? checks : [], ...named };
  }
  const found = anyProgram.read(lines);
  return {
    failures: failuresOf(found.length > 0 ? found : killed(run.exit), anyProgram, check, run.exit),
    passed: [],
    ...named,
  };
}

const FAILURE_WORDS = /\b[1-9]\d* (?:failed|failing|failures?|errors?)\b|\bFAIL(?:ED|URES?)?\b|^\s*(?:not ok|✖|✗|×) /;

/** What a status above 128 says by itself: the signal that ended the program. */
function killed(exit: number | null): Finding[] {
  const signal = { 134: 'aborted', 136: 'floating point exception', 137: 'killed', 139: 'segmentation fault' }[
    exit ?? 0
  ];
  if (signal === undefined) return [];
  return [
    { errorType: exit === 137 ? 'environment' : 'runtime', headline: `${signal} (exit status ${exit})`, exact: signal },
  ];
}

/** The tools that the command names, those that the output looks like, and last the runtimes under them. */
function toolchainsOf(checks: readonly Check[], text: string): Toolchain[] {
  const isCalled = ({ programs }: Toolchain) =>
    checks.some(({ program }) => programs.includes(program) || programs.includes(program.split(' ')[0] ?? ''));
  const called = TOOLCHAINS.filter(isCalled);
  const seen = TOOLCHAINS.filter((toolchain) => called.includes(toolchain) || toolchain.marks.test(text));
  return [...new Set([...called.filter((toolchain) => !RUNTIMES.includes(toolchain)), ...seen])];
}

/** What hides what: with a syntax error, nothing else that is said can be trusted. */
const RANK: readonly ErrorType[] = [
  'syntax',
  'import',
  'environment',
  'build',
  'type',
  'runtime',
  'test_failure',
  'logic',
  'lint',
];

function failuresOf(found: readonly Finding[], toolchain: Toolchain, check: Check, exit: number | null): Failure[] {
  const failures = new Map<string, Failure>();
  for (const one of found) {
    const headline = one.headline.replace(/\s+/g, ' ').trim().slice(0, 300);
    const signature = `${toolchain.name} ${one.errorType}: ${one.exact ?? fold(one.shape ?? one.headline).text}`;
    const subject = subjectOf(one, signature);
    const key = `${signature}\n${subject}`;
    if (failures.has(key)) continue;
    const { frame } = one;
    const places = [one.file, frame?.path].filter((path) => path !== undefined);
    const files = [...new Set(places.map((path) => path.replace(/^\.\//, '')))];
    failures.set(key, {
      toolchain: toolchain.name,
      ...(toolchain.language !== undefined && { language: languageOf(frame?.path) ?? toolchain.language }),
      errorType: one.errorType,
      signature,
      subject,
      headline,
      ...(frame !== undefined && { frame }),
      check,
      files,
      exit,
    });
  }
  return [...failures.values()]
    .sort(
      (a, b) =>
        RANK.indexOf(a.errorType) - RANK.indexOf(b.errorType) ||
        compare(a.signature, b.signature) ||
        compare(a.subject, b.subject),
    )
    .slice(0, 5);
}

/** What the signature left out: the test, the quoted and the bare names. Numbers stay out, they differ too easily. */
function subjectOf(one: Finding, signature: string): string {
  const { text, names } = fold(one.headline);
  const known = new Set(signature.match(/[\p{L}_]{2,}/gu));
  const bare = one.exact === undefined ? (text.replace(/<\w+>…?/g, ' ').match(/[\p{L}_]{2,}/gu) ?? []) : [];
  return [
    one.test ?? '',
    ...names,
    ...bare.filter((word) => !known.has(word) && !/(?:Error|Exception|Fail(?:ed|ure))$/.test(word)),
  ]
    .filter((name) => name !== '')
    .join(' | ')
    .slice(0, 200);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const ENDINGS: Readonly<Record<string, string>> = {
  bash: 'sh bash',
  c: 'c h',
  cpp: 'cc cpp cxx hpp hh',
  csharp: 'cs',
  go: 'go',
  java: 'java',
  javascript: 'js cjs mjs jsx',
  kotlin: 'kt kts',
  php: 'php',
  python: 'py pyi',
  ruby: 'rb',
  rust: 'rs',
  scala: 'scala',
  swift: 'swift',
  typescript: 'ts cts mts tsx',
};

/** The language of a file by its ending, as errors.db names languages. */
export function languageOf(path: string | undefined): string | undefined {
  const ending = /\.(\w+)$/.exec(path ?? '')?.[1]?.toLowerCase();
  return Object.keys(ENDINGS).find((language) => ENDINGS[language]?.split(' ').includes(ending ?? ''));
}

/**
 * The lines of an output without colours and progress overwritten in place, places in the project named from its
 * root (which may hold spaces, so that nothing later could tell where it ends); the middle of a huge one is left out.
 */
function linesOf(output: string, root: string | undefined): string[] {
  const limit = 200_000;
  let text = output.length <= 2 * limit ? output : `${output.slice(0, limit)}\n${output.slice(-limit)}`;
  if (root !== undefined && root.length > 1) {
    for (const place of [`file://${encodeURI(root)}`, `file://${root}`, root])
      text = text.replaceAll(`${place}/`, './');
  }
  return text
    .replace(/\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)/g, '')
    .split('\n')
    .map((line) => {
      const shown = line.endsWith('\r') ? line.slice(0, -1) : line;
      return shown.slice(shown.lastIndexOf('\r') + 1).slice(0, 1_000);
    });
}
