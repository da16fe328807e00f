import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { codeOf, Interrupted, messageOf, NexError } from '../errors.ts';
import { userFolders } from '../platform/user-folders.ts';
import { version } from '../version.ts';
import type { AskedGit } from './asked-git.ts';
import { type CliContext, complain } from './context.ts';
import { exitCodeOfError } from './exit-code.ts';
import { enterApply } from './flags/apply.ts';
import { enterAuth } from './flags/auth.ts';
import { enterChat } from './flags/chat.ts';
import { enterCompletion } from './flags/completion.ts';
import { enterConfig } from './flags/config.ts';
import { enterContext } from './flags/context.ts';
import { enterDecisions } from './flags/decisions.ts';
import { enterDemo } from './flags/demo.ts';
import { enterDoctor } from './flags/doctor.ts';
import { enterErrors } from './flags/errors.ts';
import { enterHelp } from './flags/help.ts';
import { enterIndex } from './flags/index-code.ts';
import { enterInit } from './flags/init.ts';
import { enterMemory } from './flags/memory.ts';
import { enterReview } from './flags/review.ts';
import { enterRollback } from './flags/rollback.ts';
import { enterRun } from './flags/run.ts';
import { enterSafety } from './flags/safety.ts';
import { enterSessions } from './flags/sessions.ts';
import { enterStatus } from './flags/status.ts';
import { type CommandTable, listed } from './flags/table.ts';
import { type ScriptFlags, scriptOptions } from './flags/task.ts';
import { enterUpdate } from './flags/update.ts';
import { faultOfMachine } from './machine-fault.ts';
import { nearestWord } from './nearest-word.ts';
import { listenForSignals } from './signals.ts';

/**
 * Runs nex for this command line and sets the process's exit status; resolves when everything is done and written, and
 * never rejects. The only place where everything is caught.
 * `asked` is what git was asked already.
 */
export async function runCli(argv: readonly string[], asked?: AskedGit): Promise<void> {
  const interruption = listenForSignals();
  const heard = new Set<NodeJS.WriteStream>();
  const open = (stream: NodeJS.WriteStream): NodeJS.WriteStream => {
    if (!heard.has(stream)) stream.on('error', (error) => leave(error, context, interruption.stop));
    heard.add(stream);
    return stream;
  };
  // Node opens each stream when it is first asked for, and that takes a while: many commands need one of them.
  const context: CliContext = {
    env: process.env,
    cwd: '',
    folders: userFolders(process.env),
    get stdin() {
      return process.stdin;
    },
    get stdout() {
      return open(process.stdout);
    },
    get stderr() {
      return open(process.stderr);
    },
    signal: interruption.signal,
    asked,
    openKeyring: async () => (await import('../platform/keyring.ts')).openKeyring(),
  };
  try {
    context.cwd = currentFolder();
    process.exitCode = await dispatch(argv, context);
  } catch (error) {
    process.exitCode = report(error, context);
  } finally {
    interruption.dispose();
    await Promise.all(Array.from(heard, written));
  }
}

/** Resolves when the stream has nothing left to write, or when nobody reads it any more. */
function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => void stream.write('', () => resolve()));
}

/**
 * A reader that went away (`nex … | head`) is no error of ours: a list is over, and a task that nobody hears stops as
 * for a signal, told and saved. A full disk is worth a word.
 */
function leave(error: Error, context: CliContext, stop: (name: NodeJS.Signals) => void): void {
  if (codeOf(error) === 'EPIPE') {
    if (!context.signal.aborted) stop('SIGPIPE');
    return;
  }
  if (codeOf(error) !== 'EIO')
    complain(context, `The output cannot be written: ${error.message}`, 'Look at where stdout and stderr go.');
  process.exit(1);
}

/** Throws NexError 'usage' where the folder was removed under the shell. */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw new NexError('usage', 'The folder you are in is gone.', { hint: 'Go into one that exists.', cause: error });
  }
}

function report(error: unknown, context: CliContext): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const known = [error, context.signal.reason, faultOfMachine(error)].find((each) => each instanceof NexError);
  if (known) {
    complain(context, known.message, known.hint);
    if (context.env['NEX_LOG_LEVEL'] === 'debug') context.stderr.write(`${known.stack ?? ''}\n`);
    return known instanceof Interrupted && known.signal !== 'SIGINT' ? 143 : exitCodeOfError(known.kind);
  }
  if (codeOf(error) === 'ENOSPC' || codeOf(error) === 'EDQUOT') {
    complain(
      context,
      `The disk is full: ${messageOf(error)}`,
      'Make room, then try again; `nex rollback` works then, too.',
    );
    return 1;
  }
  complain(
    context,
    `this is a bug: ${messageOf(error)}`,
    'Run it again with NEX_LOG_LEVEL=debug and report what it prints.',
  );
  if (context.env['NEX_LOG_LEVEL'] === 'debug' && error instanceof Error)
    context.stderr.write(`${error.stack ?? ''}\n`);
  return 1;
}

async function dispatch(argv: readonly string[], context: CliContext): Promise<number> {
  let status = 0;
  const finish = (code: number) => {
    status = code;
  };
  const program = createProgram(context, finish, argv[0]);
  // `nex -C dir status`: the folder is the same for every command.
  program.hook('preSubcommand', (self) => enterFolder(context, self.opts<{ cwd?: string }>().cwd));
  program.hook('preAction', (_, action) => enterFolder(context, action.opts<{ cwd?: string }>().cwd));
  refuseMistypedCommand(program, argv);
  await program.parseAsync([...argv], { from: 'user' });
  return status;
}

function enterFolder(context: CliContext, folder: string | undefined): void {
  if (folder === undefined) return;
  const target = resolve(context.cwd, folder);
  if (!statSync(target, { throwIfNoEntry: false })?.isDirectory())
    throw new NexError('usage', `There is no folder ${target}.`, { hint: 'Give -C a folder that exists.' });
  context.cwd = target;
}

type Enter = (table: CommandTable, program: Command) => void;

/** Every command, in the order in which `nex --help` shows them. */
const COMMANDS: Readonly<Record<string, Enter>> = {
  run: enterRun,
  chat: enterChat,
  init: enterInit,
  index: enterIndex,
  context: enterContext,
  status: enterStatus,
  memory: enterMemory,
  errors: enterErrors,
  decisions: enterDecisions,
  rollback: enterRollback,
  apply: enterApply,
  review: enterReview,
  safety: enterSafety,
  sessions: enterSessions,
  auth: enterAuth,
  config: enterConfig,
  doctor: enterDoctor,
  demo: enterDemo,
  completion: enterCompletion,
  update: enterUpdate,
  help: enterHelp,
};
/** They tell of the others. */
const KNOW_ALL: ReadonlySet<string> = new Set(['help', 'completion']);

/**
 * The commands that a command line beginning with this word can mean: entering all of them takes longer than loading
 * what one of them does.
 */
function possible(first: string | undefined): readonly Enter[] {
  const named = first !== undefined && Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined;
  if (named && !KNOW_ALL.has(first ?? '')) return [named];
  // No command's name has a space in it: a task.
  return first?.includes(' ') ? [] : Object.values(COMMANDS);
}

/**
 * The command line, or as much of it as one that begins with `first` can mean; what a command does is loaded when it
 * runs. `finish` takes its exit status.
 */
export function createProgram(context: CliContext, finish: (status: number) => void, first?: string): Command {
  const program = new Command('nex');
  const styled = (command: Command): Command =>
    command
      .exitOverride()
      .showHelpAfterError(false)
      // Arguments of commands would push what they do beyond 80 columns; each command's own help shows them.
      .configureHelp({ helpWidth: 80, subcommandTerm: (command) => command.name() })
      .configureOutput({
        writeOut: (text) => void context.stdout.write(text),
        writeErr: (text) => void context.stderr.write(text),
        outputError: (text, write) => write(asComplaint(text, command)),
      })
      .helpOption('-h, --help', 'show this help');
  const add: CommandTable['add'] = (name, about, example) =>
    styled(program.command(name).description(about)).addHelpText('after', `\nExample:\n  $ ${example}`);

  styled(program)
    .description(
      'The coding agent that remembers: `nex "task"` works in a git repository,\nruns the tests and commits the result on a branch of its own.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpCommand(false)
    .enablePositionalOptions()
    .addHelpText(
      'after',
      '\nExample:\n  $ nex "fix the failing test in src/cart.js"\n\n`nex COMMAND --help` shows the flags of a command, `nex help` lists the guides.',
    );
  scriptOptions(program)
    .argument('[task...]', 'what to do, in words; `-` reads it from stdin')
    .action(async (words: string[], flags: ScriptFlags) => {
      if (words.length === 0 && context.stdin.isTTY && !flags.continue && flags.resume === undefined)
        return program.outputHelp();
      if (words.length === 1) refuseMistypedCommand(program, words);
      const { runCommand } = await import('./commands/run.ts');
      finish(await runCommand(context, words, flags));
    });
  for (const enter of possible(first)) enter({ context, add, finish }, program);
  for (const command of [program, ...listed(program)]) command.option('-C, --cwd <dir>', 'work in this folder');
  return program;
}

/**
 * `nex statsu` and `nex sesions list` are more likely slips than tasks, and a task costs money. Commands and
 * what may follow them are looked at, nothing else: "test all of it" stays a task.
 */
function refuseMistypedCommand(program: Command, argv: readonly string[]): void {
  const [word = '', ...rest] = argv;
  if (!/^[a-z]+$/.test(word)) return;
  const near = nearestWord(
    word,
    listed(program).map((command) => command.name()),
  );
  const meant = program.commands.find((command) => command.name() === near);
  if (!meant) return;
  const following = rest.find((part) => !part.startsWith('-'));
  const actions = meant.registeredArguments[0]?.argChoices ?? [];
  if (following !== undefined && !actions.includes(following)) return;
  throw new NexError('usage', `There is no command "${word}".`, {
    hint: `Did you mean \`nex ${near}\`? For a task of these words: nex run "${[word, ...rest].join(' ')}".`,
  });
}

/** Commander's `error: …` and `(Did you mean …?)` as two lines of ours. */
function asComplaint(text: string, command: Command): string {
  const [message = '', ...rest] = text
    .trim()
    .replace(/^error: /, '')
    .split('\n');
  const suggestion = rest.join(' ').replace(/^\(|\)$/g, '');
  const name = command.parent === null ? '' : `${command.name()} `;
  const choices = /^missing required argument/.test(message) ? command.registeredArguments[0]?.argChoices : undefined;
  const hint = choices ? `It is one of ${choices.join(', ')}.` : suggestion || `See \`nex ${name}--help\`.`;
  return `nex: ${message}\n  hint: ${hint}\n`;
}
