import { type Command, Option } from 'commander';
import { money, whole } from './values.ts';

/** The flags of a task, for `nex "task"`, `nex run` and `nex chat`. */
export interface TaskFlags {
  dryRun?: boolean;
  yes?: boolean;
  model?: string;
  fast?: boolean;
  effort?: 'low' | 'medium' | 'high';
  maxIterations?: number;
  maxCost?: number;
  plan?: 'auto' | 'always' | 'never';
  review: boolean;
  tests: boolean;
  wrapUp: boolean;
  commit: boolean;
  continue?: boolean;
  resume?: string;
  addDir?: string[];
  outputFormat: 'text' | 'json' | 'stream-json';
  logFile?: string;
  plain?: boolean;
  verbose?: boolean;
  quiet?: boolean;
}

/** Adds the flags of a task to a command. */
export function taskOptions(command: Command): Command {
  return command
    .option('--dry-run', 'show what would happen, change nothing')
    .option('--no-dry-run', 'really do it, also on the first run')
    .option('-y, --yes', 'yes to harmless questions, never to a flagged command')
    .option('-m, --model <id>', 'the main model')
    .option('--fast', 'let the light model do it')
    .addOption(new Option('--effort <level>', 'how hard the model thinks').choices(['low', 'medium', 'high']))
    .option('--max-iterations <n>', 'tool calls at most', whole)
    .option('--max-cost <usd>', 'US dollars at most', money)
    .addOption(new Option('--plan <when>', 'plan the task first').choices(['auto', 'always', 'never']))
    .option('--no-review', 'no independent review of the diff')
    .option('--no-tests', 'do not run the tests at the end')
    .option('--no-wrap-up', 'no summary call for the records')
    .option('--no-commit', 'leave the changes uncommitted')
    .option('--continue', 'go on with the last session')
    .option('--resume <id>', 'go on with that session')
    .option('--add-dir <dir>', 'a folder that may be read, never written', (dir: string, all: string[] = []) => [
      ...all,
      dir,
    ])
    .addOption(
      new Option('--output-format <format>', 'what stdout gets')
        .choices(['text', 'json', 'stream-json'])
        .default('text'),
    )
    .option('--log-file <file>', 'append every event to this file, as JSON lines')
    .option('--plain', 'no cursor tricks, for screen readers')
    .option('-v, --verbose', 'show more')
    .option('-q, --quiet', 'only the answer');
}

/** The flags of a task that a script runs. */
export interface ScriptFlags extends TaskFlags {
  jsonSchema?: string;
  inputFormat?: 'text' | 'stream-json';
}

/** Adds the flags of a task, and those for scripts. */
export function scriptOptions(command: Command): Command {
  return taskOptions(command)
    .option('--json-schema <file>', 'the final answer as JSON of this JSON Schema')
    .addOption(
      new Option('--input-format <format>', 'stdin answers approvals, one JSON object a line').choices([
        'text',
        'stream-json',
      ]),
    );
}
