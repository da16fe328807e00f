import { readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ToolCall } from '../model/message.ts';
import type { JudgeContext, Judgement } from '../safety/policy.ts';
import { compileUserRules, joinUserRules } from '../safety/user-rules.ts';
import type { CliContext } from './context.ts';
import type { Project } from './project.ts';

/** Of a script no more than this is looked at; characters. The gate asks about a shell script of that size. */
const LARGEST_SCRIPT = 200_000;

/** What a build puts together; larger ones are not read for judging. */
const BUNDLE = /\.[cm]?js$/;

/** Settings of git that name a program: reading commands then run it, too. */
const NAMES_A_PROGRAM =
  /^\s*(fsmonitor|textconv|external|pager|sshcommand|askpass|hookspath|editor|command|process|clean|smudge|helper)\s*=|^\s*worktreeconfig\s*=\s*true|^\s*\[(?:alias|include)/im;

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

/**
 * Judges the calls of a task. Scripts that were written or changed since it began are looked into before they run. The
 * rules and the parser, a quarter of the program, are loaded for the first call: the first request need not wait for them.
 */
export function createJudge(
  context: CliContext,
  project: Project,
  began: Date,
): (call: ToolCall) => Promise<Judgement> {
  const ground: JudgeContext = { ...judgeContext(context, project), changedFile: (path) => changedSince(path, began) };
  return async (call) => (await import('../safety/judge-call.ts')).judgeCall(call, ground);
}

/** The content of a file that changed since then; undefined when it did not, or is too large to be written by hand. */
export function changedSince(path: string, time: Date): string | undefined {
  try {
    const info = statSync(path);
    // File systems keep times in steps of up to two seconds.
    // `touch -d` sets the one time back, nothing the other.
    const last = Math.max(info.mtimeMs, info.ctimeMs);
    if (!info.isFile() || last < time.getTime() - 2000) return undefined;
    if (info.size > LARGEST_SCRIPT && BUNDLE.test(path)) return undefined;
    return readFileSync(path, 'utf8').slice(0, LARGEST_SCRIPT);
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
