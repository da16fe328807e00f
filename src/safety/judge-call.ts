import type { ToolCall } from '../model/message.ts';
import { writeRule } from './path-guard.ts';
import { locate } from './paths.ts';
import { type JudgeContext, type Judgement, judgeCommand, verdictOf } from './policy.ts';
import { ruleById } from './rules.ts';
import { literal } from './word.ts';

/** What a call depends on beside what a command does. */
export interface CallContext extends JudgeContext {
  /** Paths whose change is asked about, relative to the root; a folder ends in `/` or is named as it is. */
  guarded?: readonly string[];
}

const ALLOWED: Judgement = { verdict: 'allow', parts: [], readOnly: true };

/** Judges a call of one of the five tools by what it would do. What it does not know it asks about. */
export function judgeCall(call: Pick<ToolCall, 'name' | 'input'>, context: CallContext): Judgement {
  const { command, path } = call.input;
  const named = typeof path === 'string' ? path : '.';
  switch (call.name) {
    case 'run_command':
      return judgeCommand(typeof command === 'string' ? command : '', context);
    case 'write_file':
      return judgeWrite(named, context);
    case 'read_file':
    case 'search_files':
      return judgeRead(named, context);
    case 'list_directory':
      return ALLOWED;
    default:
      // No tool of that name exists, so nothing runs; the loop tells the model.
      return ALLOWED;
  }
}

function judgeRead(path: string, context: CallContext): Judgement {
  return targetOf(path, context).secret ? asked('secrets.read', path) : ALLOWED;
}

function judgeWrite(path: string, context: CallContext): Judgement {
  const target = targetOf(path, context);
  // Out of the project the workspace refuses by itself, with a sentence for the model.
  const rule = target.area === 'project' ? writeRule(target) : undefined;
  if (rule !== undefined) return asked(rule, path);
  const guard = context.guarded?.find((entry) => isBelow(target.inside ?? path, entry));
  if (guard === undefined) return { ...ALLOWED, readOnly: false };
  return {
    verdict: 'ask',
    rule: 'user.guarded',
    category: 'user',
    reason: `The settings guard ${guard}.`,
    part: path,
    parts: [`write_file ${path}`],
    readOnly: false,
  };
}

function targetOf(path: string, { root, home, realPath }: CallContext) {
  return locate(literal(path), [root], 'here', { root, home: home ?? root, realPath });
}

function asked(rule: string, path: string): Judgement {
  return { ...verdictOf(ruleById(rule), path), part: path, parts: [path], readOnly: false };
}

function isBelow(path: string, guarded: string): boolean {
  const folder = guarded.replace(/^\.\//, '').replace(/\/+$/, '');
  return folder === '' || folder === '.' || path === folder || path.startsWith(`${folder}/`);
}
