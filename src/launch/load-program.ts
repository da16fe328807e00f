import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import type { RunTaskOptions } from '../cli/api-types.ts';
import type { AskedGit } from '../cli/asked-git.ts';
import type { StampedEvent } from '../session/events.ts';
import type { ProgramFiles } from './program-files.ts';

/** What the program offers to its entry. */
export interface Program {
  /** Runs nex and sets the exit status; never rejects. `asked` is what git was asked already. */
  runCli(argv: readonly string[], asked?: AskedGit): Promise<void>;
  /** One task for a program that embeds nex. */
  runTask(
    options: RunTaskOptions,
    place: { env: Readonly<Record<string, string | undefined>>; cwd: string },
  ): AsyncIterable<StampedEvent>;
}

type Wrapper = (exports: object, require: NodeJS.Require, module: object, file: string, folder: string) => void;

/**
 * Loads the program with the code that V8 compiled from it before: the build leaves that for the Node it ran on, and
 * under another Node the first run leaves it in the user's cache folder. `kind` says what is about to run, since
 * compiled code holds only the functions that were called in the run that made it, and a task calls most.
 */
export function loadProgram(files: ProgramFiles, kind: 'task' | 'command'): Program {
  const bytes = files.read('program.cjs');
  if (bytes === undefined) throw new Error(`${files.path('program.cjs')} is missing: install nex again.`);
  // The bundle is plain ASCII, so V8 can take the bytes as they are.
  const source = bytes.toString('latin1');
  const compiled = `${process.version}-${process.platform}-${process.arch}`;
  const shipped = files.read(`program.${compiled}.${kind}.cache`) ?? files.read(`program.${compiled}.task.cache`);
  const own = files.cache === undefined ? undefined : `${files.cache}/program-${bytes.length}-${compiled}`;
  const kept = shipped ?? readOwn(own, kind);
  const filename = files.path('program.cjs');
  const script = new Script(source, { filename, ...(kept === undefined ? {} : { cachedData: kept }) });
  if (own !== undefined && (kept === undefined || script.cachedDataRejected === true)) {
    process.on('exit', () => keep(`${own}.${kind}`, script));
  }
  const module = { exports: {} };
  const wrapper: Wrapper = script.runInThisContext();
  wrapper(module.exports, files.require, module, filename, files.path('.'));
  return module.exports as Program;
}

/** Compiled code of this user, never of another: it would be run as it is. */
function readOwn(own: string | undefined, kind: 'task' | 'command'): Buffer | undefined {
  if (own === undefined) return undefined;
  for (const name of kind === 'task' ? [`${own}.task`] : [`${own}.task`, `${own}.command`]) {
    try {
      const { uid, mode } = lstatSync(name);
      if (process.getuid !== undefined && (uid !== process.getuid() || (mode & 0o022) !== 0)) continue;
      return readFileSync(name);
    } catch {
      // Not there yet.
    }
  }
  return undefined;
}

function keep(file: string, script: Script): void {
  const draft = `${file}.${process.pid}`;
  try {
    mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 });
    writeFileSync(draft, script.createCachedData(), { mode: 0o600, flag: 'wx' });
    renameSync(draft, file);
  } catch {
    // A folder that cannot be written: the next start compiles again.
    rmSync(draft, { force: true });
  }
}
