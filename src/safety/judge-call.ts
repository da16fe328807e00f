import type { ToolCall } from '../model/message.ts';
import { guardOf, writeRule } from './path-guard.ts';
import { locate } from './paths.ts';
import { type JudgeContext, type Judgement, judgeCommand, verdictOf } from './policy.ts';
import { ruleById } from './rules.ts';
import { literal } from './word.ts';

const ALLOWED: Judgement = { verdict: 'allow', parts: [], readOnly: true };

/** Judges a call of one of the five tools by what it would do. What it does not know it asks about. */
export function judgeCall(call: Pick<ToolCall, 'name' | 'input'>, context: JudgeContext): Judgement {
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

function judgeRead(path: string, context: JudgeContext): Judgement {
  return targetOf(path, context).secret ? asked('secrets.read', path) : ALLOWED;
}

function judgeWrite(path: string, context: JudgeContext): Judgement {
  const target = targetOf(path, context);
  // Out of the project the workspace refuses by itself, with a sentence for the model.
  const rule = target.area === 'project' ? writeRule(target) : undefined;
  if (rule !== undefined) return asked(rule, path);
  const guard = guardOf(target, context.guarded ?? []);
  return guard === undefined ? { ...ALLOWED, readOnly: false } : asked('user.guarded', path);
}

function targetOf(path: string, { root, home, realPath }: JudgeContext) {
  return locate(literal(path), [root], 'here', { root, home: home ?? root, realPath });
}

function asked(rule: string, path: string): Judgement {
  return { ...verdictOf(ruleById(rule), path), part: path, parts: [path], readOnly: false };
}
