import { writeSync } from 'node:fs';
import { version } from '../version.ts';
import { loadProgram } from './load-program.ts';
import type { ProgramFiles } from './program-files.ts';

/**
 * Answers `--version` and `--help` at once, from texts made when nex was built; for all else it loads the program and
 * runs it; git answers its first questions meanwhile. Looks at the Node that runs it first, since the database's native part crashes an older one.
 */
export function launch(argv: readonly string[], files: ProgramFiles): void {
  const [first = '', ...rest] = argv;
  if (rest.length === 0 && (first === '--version' || first === '-V')) return say(`${version}\n`);
  if (!isNewEnough(process.versions.node)) {
    // Handled to the end there: it sets the exit status and never rejects.
    void import('../platform/older-node.ts').then(async ({ runUnderPinnedNode }) => {
      process.exitCode = await runUnderPinnedNode(process.argv);
    });
    return;
  }
  const help = helpFor(argv, files);
  if (help !== undefined) return say(help);
  void import('./ask-ahead.ts').then(async ({ askAhead }) => {
    const asked = askAhead(argv);
    await loadProgram(files, kindOf(first)).runCli(argv, asked);
    // Nothing is left to do: Node would collect garbage and take its heap apart, which takes 10 ms.
    process.exit();
  });
}

function isNewEnough(node: string): boolean {
  const [major = 0, minor = 0] = node.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 12);
}

/** The help of nex or of one command, when nothing else was asked. */
function helpFor(argv: readonly string[], files: ProgramFiles): string | undefined {
  const last = argv.at(-1);
  if (argv.length > 2 || (last !== '--help' && last !== '-h')) return undefined;
  const texts: Record<string, string> = JSON.parse(files.read('help.json')?.toString('utf8') ?? '{}');
  const name = argv.length === 2 ? (argv[0] ?? '') : '';
  return Object.hasOwn(texts, name) ? texts[name] : undefined;
}

/** A command's own name is a plain word; whatever else comes first belongs to a task. */
function kindOf(first: string): 'task' | 'command' {
  return /^[a-z]+$/.test(first) && first !== 'run' && first !== 'chat' ? 'command' : 'task';
}

/** Straight to the descriptor: setting up a stream for one text takes longer than all the rest. */
function say(text: string): void {
  try {
    writeSync(1, text);
  } catch {
    // A pipe that is full or gone: the stream knows how to wait, and when to be quiet.
    process.stdout.on('error', () => {}).write(text);
  }
}
