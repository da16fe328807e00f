import { readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ToolCall } from '../model/message.ts';
import { judgeCall } from '../safety/judge-call.ts';
import type { JudgeContext, Judgement } from '../safety/policy.ts';
import { compileUserRules, joinUserRules } from '../safety/user-rules.ts';
import type { CliContext } from './context.ts';
import type { Project } from './project.ts';

/** A script larger than this is not read for judging; bytes. */
const LARGEST_SCRIPT = 200_000;

/** Settings of git that name a program: reading commands then run it, too. */
const NAMES_A_PROGRAM =
  /^\s*(fsmonitor|textconv|external|pager|sshcommand|askpass|hookspath|editor|command|process|clean|smudge|helper)\s*=|^\s*\[alias/im;

/** What every judgement in this project depends on. Throws NexError 'config' for a rule that is no expression. */
export function judgeContext(context: CliContext, project: Project): JudgeContext {
  const { root, repository, config } = project;
  const { safety, guarded } = config.settings;
  return {
    root,
    cwd: root,
    home: context.folders.home,
    rules: joinUserRules(
      compileUserRules(safety.global, 'global config.toml'),
      compileUserRules(safety.project, '.nex/config.toml'),
    ),
    guarded,
    realPath,
    gitRunsPrograms: repository !== undefined && NAMES_A_PROGRAM.test(readOr(join(repository.commonDir, 'config'), '')),
  };
}

/** Judges the calls of a task. Scripts that were written or changed since it began are looked into before they run. */
export function createJudge(context: CliContext, project: Project, began: Date): (call: ToolCall) => Judgement {
  const ground: JudgeContext = { ...judgeContext(context, project), changedFile: (path) => changedSince(path, began) };
  return (call) => judgeCall(call, ground);
}

/** The content of a file that changed since then; undefined when it did not, or is too large to be a script. */
function changedSince(path: string, time: Date): string | undefined {
  try {
    const info = statSync(path);
    // File systems keep times in steps of up to two seconds.
    const changed = info.isFile() && info.mtimeMs >= time.getTime() - 2000 && info.size <= LARGEST_SCRIPT;
    return changed ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return undefined; // not there
  }
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function readOr(path: string, fallback: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return fallback;
  }
}
