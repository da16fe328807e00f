// Long because it is a table: every command with its flags, in one place.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { Interrupted, messageOf, NexError } from '../errors.ts';
import { userFolders } from '../platform/user-folders.ts';
import { version } from '../version.ts';
import { type CliContext, complain } from './context.ts';
import { exitCodeOfError } from './exit-code.ts';
import { nearestWord } from './nearest-word.ts';
import { listenForSignals } from './signals.ts';
import { type TaskFlags, taskOptions, whole } from './task-flags.ts';

/** Runs nex for this command line and sets the process's exit status. The only place where everything is caught. */
export async function runCli(argv: readonly string[]): Promise<void> {
  const interruption = listenForSignals();
  const context: CliContext = {
    env: process.env,
    cwd: process.cwd(),
    folders: userFolders(process.env),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    signal: interruption.signal,
  };
  // A reader that went away (`nex … | head`) is no error of ours.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', (error) => leaveQuietly(error));
  try {
    process.exitCode = await dispatch(argv, context);
  } catch (error) {
    process.exitCode = report(error, context);
  } finally {
    interruption.dispose();
  }
}

function leaveQuietly(error: Error): void {
  if ('code' in error && error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
  throw error;
}

function report(error: unknown, context: CliContext): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const known =
    error instanceof NexError ? error : context.signal.reason instanceof NexError ? context.signal.reason : undefined;
  if (known) {
    complain(context, known.message, known.hint);
    if (context.env['NEX_LOG_LEVEL'] === 'debug') context.stderr.write(`${known.stack ?? ''}\n`);
    return known instanceof Interrupted && known.signal !== 'SIGINT' ? 143 : exitCodeOfError(known.kind);
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
  const program = createProgram(context, (code) => {
    status = code;
  });
  // `nex -C dir status`: the folder is the same for every command.
  program.hook('preSubcommand', (self) => enterFolder(context, self.opts<TaskFlags>().cwd));
  program.hook('preAction', (_, action) => enterFolder(context, action.opts<TaskFlags>().cwd));
  await program.parseAsync([...argv], { from: 'user' });
  return status;
}

function enterFolder(context: CliContext, folder: string | undefined): void {
  if (folder === undefined) return;
  const target = resolve(context.cwd, folder);
  if (!existsSync(target))
    throw new NexError('usage', `There is no folder ${target}.`, { hint: 'Give -C a folder that exists.' });
  context.cwd = target;
}

type Finish = (code: number) => void;

/** Every command and flag; what a command does is loaded when it runs. */
export function createProgram(context: CliContext, finish: Finish): Command {
  const program = new Command('nex');
  const styled = (command: Command): Command =>
    command
      .exitOverride()
      .showHelpAfterError(false)
      .configureHelp({ helpWidth: 80 })
      .configureOutput({
        writeOut: (text) => void context.stdout.write(text),
        writeErr: (text) => void context.stderr.write(text),
        outputError: (text, write) => write(asComplaint(text)),
      });
  const add = (name: string, about: string, example: string): Command => {
    const command = styled(program.command(name).description(about));
    command.addHelpText('after', `\nExample:\n  $ ${example}`);
    return command;
  };

  styled(program)
    .description(
      'The coding agent that remembers: `nex "task"` works in a git repository,\nruns the tests and commits the result on a branch of its own.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .enablePositionalOptions()
    .addHelpText('after', '\nExample:\n  $ nex "fix the failing test in src/cart.js"');
  taskOptions(program)
    .argument('[task...]', 'what to do, in words; `-` reads it from stdin')
    .action(async (words: string[], options: TaskFlags) => {
      if (words.length === 0 && context.stdin.isTTY && !options.continue && options.resume === undefined)
        return program.outputHelp();
      if (words.length === 1) refuseMistypedCommand(program, words[0] ?? '');
      const { runCommand } = await import('./commands/run.ts');
      finish(await runCommand(context, words, options));
    });

  taskOptions(add('run', 'run a task (the same as `nex "task"`)', 'nex run "add a login endpoint"'))
    .argument('[task...]', 'what to do')
    .action(async (words: string[], options: TaskFlags) => {
      const { runCommand } = await import('./commands/run.ts');
      finish(await runCommand(context, words, options));
    });

  taskOptions(add('chat', 'the same agent as a conversation', 'nex chat')).action(async (options: TaskFlags) => {
    const { chatCommand } = await import('./commands/chat.ts');
    finish(await chatCommand(context, options));
  });

  add('init', 'create .nex/ and write what the repository tells of itself', 'nex init')
    .option('--force', 'write the generated sections of memory.md again')
    .action(async (options: { force?: boolean }) => {
      const { initCommand } = await import('./commands/init.ts');
      finish(await initCommand(context, options));
    });

  add('index', 'build or refresh the code index', 'nex index --full')
    .option('--full', 'read every file again')
    .option('--json', 'print the figures as JSON')
    .option('-v, --verbose', 'name every skipped file and why')
    .action(async (options: { full?: boolean; json?: boolean; verbose?: boolean }) => {
      const { indexCommand } = await import('./commands/index-code.ts');
      finish(await indexCommand(context, options));
    });

  add('context', 'show what would be sent for a task, and why', 'nex context "add a login endpoint" --limit 20')
    .argument('<task...>', 'the task')
    .option('--budget <tokens>', 'tokens of code', whole)
    .option('--limit <files>', 'files to list', whole)
    .option('--json', 'print it as JSON')
    .action(async (words: string[], options: { budget?: number; limit?: number; json?: boolean }) => {
      const { contextCommand } = await import('./commands/context.ts');
      finish(await contextCommand(context, words.join(' '), options));
    });

  add('status', 'memory, errors, index, branch, model and key', 'nex status --cost')
    .option('--cost', 'what each task and day cost')
    .option('--json', 'print it as JSON')
    .action(async (options: { cost?: boolean; json?: boolean }) => {
      const { statusCommand } = await import('./commands/status.ts');
      finish(await statusCommand(context, options));
    });

  add('memory', 'show, edit or add to the project memory', 'nex memory add "Dates are ISO 8601 everywhere"')
    .argument('[action]', 'show, edit, add or path', 'show')
    .argument('[text...]', 'what to add')
    .action(async (action: string, words: string[]) => {
      const { memoryCommand } = await import('./commands/memory.ts');
      finish(await memoryCommand(context, action, words.join(' ')));
    });

  add('errors', 'the errors nex learned from: list, show, add, forget, export, import', 'nex errors show 3')
    .argument('[action]', 'list, show ID, add, forget ID, export or import FILE', 'list')
    .argument('[value]', 'an id or a file')
    .option('--failed <text>', 'for `add`: what went wrong')
    .option('--fixed <text>', 'for `add`: what fixed it')
    .option('--file <path>', 'for `add`: where')
    .option('-y, --yes', 'do not ask before forgetting')
    .option('--json', 'print it as JSON')
    .action(
      async (
        action: string,
        value: string | undefined,
        options: { failed?: string; fixed?: string; file?: string; yes?: boolean; json?: boolean },
      ) => {
        const { errorsCommand } = await import('./commands/errors.ts');
        finish(await errorsCommand(context, action, value, options));
      },
    );

  add('decisions', 'the decision log', 'nex decisions')
    .option('--json', 'print it as JSON')
    .action(async (options: { json?: boolean }) => {
      const { decisionsCommand } = await import('./commands/decisions.ts');
      finish(await decisionsCommand(context, options));
    });

  add('rollback', 'undo the last change of the agent', 'nex rollback --list')
    .option('--list', 'show the steps that can be gone back to')
    .option('--to <step>', 'go back to the state before this step', whole)
    .option('--redo', 'take the last rollback back')
    .option('--discard', 'back to the branch and the exact state before the task')
    .option('--prune', 'forget old steps now')
    .option('-y, --yes', 'do not ask')
    .option('--json', 'print it as JSON')
    .action(async (options: RollbackFlags) => {
      const { rollbackCommand } = await import('./commands/rollback.ts');
      finish(await rollbackCommand(context, options));
    });

  add('apply', 'apply the last dry run, without paying for it again', 'nex apply')
    .argument('[id]', 'the preview; the last one when left out')
    .option('-y, --yes', 'do not ask')
    .action(async (id: string | undefined, options: { yes?: boolean }) => {
      const { applyCommand } = await import('./commands/apply.ts');
      finish(await applyCommand(context, id, options));
    });

  add('review', 'an independent review of a diff of your own', 'nex review main..HEAD')
    .argument('[range]', 'commits; your uncommitted changes when left out')
    .option('--task <text>', 'what the diff is meant to do')
    .option('--json', 'print it as JSON')
    .action(async (range: string | undefined, options: { task?: string; json?: boolean }) => {
      const { reviewCommand } = await import('./commands/review.ts');
      finish(await reviewCommand(context, range, options));
    });

  add('safety', 'what the safety layer says: test COMMAND, rules', 'nex safety test "rm -rf build"')
    .argument('<action>', 'test or rules')
    .argument('[command]', 'the command to judge; `-` reads one JSON string a line')
    .option('--json', 'one JSON object a line')
    .action(async (action: string, command: string | undefined, options: { json?: boolean }) => {
      const { safetyCommand } = await import('./commands/safety.ts');
      finish(await safetyCommand(context, action, command, options));
    });

  add('sessions', 'what happened: list, show, resume, search, export, rm', 'nex sessions list')
    .argument('[action]', 'list, show, resume, search, export or rm', 'list')
    .argument('[value]', 'a session, or what to search for')
    .option('--markdown', 'for `export`: readable, not JSON Lines')
    .option('-y, --yes', 'do not ask before removing')
    .option('--json', 'print it as JSON')
    .action(
      async (
        action: string,
        value: string | undefined,
        options: { markdown?: boolean; yes?: boolean; json?: boolean },
      ) => {
        const { sessionsCommand } = await import('./commands/sessions.ts');
        finish(await sessionsCommand(context, action, value, options));
      },
    );

  add('config', 'settings: list, get KEY, path', 'nex config list')
    .argument('[action]', 'list, get or path', 'list')
    .argument('[key]', 'a setting')
    .option('--global', "your own file, not the project's")
    .option('--json', 'print it as JSON')
    .action(async (action: string, key: string | undefined, options: { global?: boolean; json?: boolean }) => {
      const { configCommand } = await import('./commands/config.ts');
      finish(await configCommand(context, action, key, options));
    });

  add('doctor', 'check what nex needs, with the mend for each fault', 'nex doctor')
    .option('--json', 'print it as JSON')
    .action(async (options: { json?: boolean }) => {
      const { doctorCommand } = await import('./commands/doctor.ts');
      finish(await doctorCommand(context, options));
    });

  add('demo', 'the whole loop with a recorded model: no key, no network', 'nex demo').action(async () => {
    const { demoCommand } = await import('./commands/demo.ts');
    finish(await demoCommand(context));
  });
  return program;
}

export interface RollbackFlags {
  list?: boolean;
  to?: number;
  redo?: boolean;
  discard?: boolean;
  prune?: boolean;
  yes?: boolean;
  json?: boolean;
}

/** `nex statsu` is more likely a slip than a task of one word, and a task costs money. */
function refuseMistypedCommand(program: Command, word: string): void {
  if (!/^[a-z]+$/.test(word)) return;
  const near = nearestWord(
    word,
    program.commands.map((command) => command.name()),
  );
  if (near === undefined) return;
  throw new NexError('usage', `There is no command "${word}".`, {
    hint: `Did you mean \`nex ${near}\`? For a task of one word: nex run "${word}".`,
  });
}

/** Commander's `error: …` and `(Did you mean …?)` as two lines of ours. */
function asComplaint(text: string): string {
  const [message = '', ...rest] = text
    .trim()
    .replace(/^error: /, '')
    .split('\n');
  const suggestion = rest.join(' ').replace(/^\(|\)$/g, '');
  return `nex: ${message}\n  hint: ${suggestion === '' ? 'See `nex --help`.' : suggestion}\n`;
}
