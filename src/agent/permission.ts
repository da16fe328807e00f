import type { ToolCall } from '../model/message.ts';
import type { Judgement } from '../safety/policy.ts';
import type { Emit } from '../session/events.ts';
import type { Tool, ToolResult } from '../tools/tool.ts';
import type { Asker } from './ask.ts';

/** Whether a call may run. `pretend` is a dry run's answer in place of the real thing. */
export type Leave =
  | { kind: 'run'; readOnly: boolean }
  | { kind: 'refuse'; reason: string }
  | { kind: 'pretend'; result: ToolResult };

export type Permit = (call: ToolCall, tool: Tool, signal: AbortSignal) => Promise<Leave>;

/** Whom to ask about a call, and who hears of it. */
export interface Asking {
  asker: Asker;
  emit: Emit;
  /** What was refused, for the outcome. */
  refused: Array<{ command: string; rule: string; reason: string }>;
}

export interface PermissionOptions extends Asking {
  judge: (call: ToolCall) => Promise<Judgement>;
  /** Whether this repository's own code may be run; asks at most once. */
  trusted: (signal: AbortSignal) => Promise<boolean>;
  /** Set in a dry run: notes a command that would have run, and says whether a read-only one may really run now. */
  dryRun: { plan: (command: string) => void; mayRead: () => boolean } | undefined;
}

/**
 * Judges a call and asks where a person must decide. A destructive call always needs a yes from a person,
 * whatever `--yes` says; with nobody to ask it is refused, and the model is told why and what would be safer.
 */
export function createPermit(options: PermissionOptions): Permit {
  return async (call, tool, signal) => {
    const judgement = await options.judge(call);
    const shown = describe(call);
    if (judgement.verdict === 'deny') return refuse(options, shown, judgement, 'It is never run.');
    const reads = tool.effect === 'read' || judgement.readOnly;
    if (options.dryRun && tool.effect === 'run' && !(judgement.readOnly && options.dryRun.mayRead())) {
      options.dryRun.plan(shown);
      return {
        kind: 'pretend',
        result: {
          ok: true,
          output: 'Dry run: the command was noted, not run. Go on as if it had worked; its output is not known.',
        },
      };
    }
    const refusal = judgement.verdict === 'ask' ? await askAbout(options, call, judgement, signal) : undefined;
    if (refusal !== undefined) return refusal;
    if (tool.effect === 'run' && !reads && !(await options.trusted(signal))) {
      const reason = "the user has not allowed this repository's code to run";
      options.refused.push({ command: shown, rule: 'trust', reason });
      return {
        kind: 'refuse',
        reason: `Not run: ${reason}. Go on without running commands that are not plainly read-only, or say what should be run.`,
      };
    }
    return { kind: 'run', readOnly: reads };
  };
}

/** Puts a call to a person. Undefined after a yes. */
export async function askAbout(
  options: Asking,
  call: ToolCall,
  judgement: Judgement,
  signal: AbortSignal,
): Promise<Extract<Leave, { kind: 'refuse' }> | undefined> {
  const shown = describe(call);
  const said = await approve(options, call, shown, judgement, signal);
  return said === undefined ? undefined : refuse(options, shown, judgement, said);
}

/** Undefined when approved; otherwise why not, for the model. */
async function approve(
  options: Asking,
  call: ToolCall,
  shown: string,
  judgement: Judgement,
  signal: AbortSignal,
): Promise<string | undefined> {
  const question = {
    type: 'approval' as const,
    id: call.id,
    command: shown,
    rule: judgement.rule ?? 'unknown',
    reason: judgement.reason ?? '',
    ...optional(judgement),
  };
  options.emit(question);
  const { answer, said } = await options.asker.ask({ kind: 'approve', id: call.id, command: shown, judgement }, signal);
  options.emit({ ...question, answer, ...(said === undefined ? {} : { said }) });
  if (answer === 'yes') return undefined;
  if (said !== undefined && said !== '') return `The user said no: ${sentence(said)}`;
  return options.asker.present ? 'The user said no.' : 'Nobody was there to approve it.';
}

function optional({ safer, part }: Judgement): { safer?: string; part?: string } {
  return { ...(safer === undefined ? {} : { safer }), ...(part === undefined ? {} : { part }) };
}

function refuse(
  options: Asking,
  command: string,
  judgement: Judgement,
  why: string,
): Extract<Leave, { kind: 'refuse' }> {
  options.refused.push({ command, rule: judgement.rule ?? 'unknown', reason: judgement.reason ?? why });
  const safer = judgement.safer === undefined ? '' : ` Safer: ${judgement.safer}`;
  return { kind: 'refuse', reason: `Not run: ${sentence(judgement.reason ?? 'it needs approval')} ${why}${safer}` };
}

/** What a call would do, in the words a person is asked about. */
function describe(call: ToolCall): string {
  const text = (value: unknown) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
  return call.name === 'run_command' ? text(call.input['command']) : `${call.name} ${text(call.input['path'])}`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
