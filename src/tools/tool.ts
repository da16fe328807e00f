import * as z from 'zod';
import { messageOf, NexError } from '../errors.ts';
import type { JsonObject } from '../model/message.ts';
import type { ToolSpec } from '../model/model.ts';
import type { Shell, TextFilter } from '../platform/shell.ts';
import type { Workspace } from '../platform/workspace.ts';
import type { SeenFiles } from './seen-files.ts';

/** What a tool did, in words for the model, and what changed. */
export type ToolResult =
  | { ok: true; output: string; changed?: readonly string[]; exit?: number | null }
  | { ok: false; error: string; exit?: number | null };

/** What a tool needs of the world. */
export interface ToolContext {
  workspace: Workspace;
  shell: Shell;
  /** What the model has seen of each file, so that it cannot overwrite what it does not know. */
  seen: SeenFiles;
  signal: AbortSignal;
  /** Output as it comes, for the screen. */
  emitOutput: (text: string) => void;
  /** A new filter that takes secrets out of a command's output. */
  outputFilter: () => TextFilter;
  /** A file below the session's folder for output too long to show whole; undefined when there is none. */
  spoolFile: (name: string) => string | undefined;
  /** Text that is about to be stored: nex's own redaction placeholders put back to what they stand for. */
  restore: (text: string, path: string) => { ok: true; text: string } | { ok: false; error: string };
  /** Whether a file by its path is likely to hold secrets; a search never looks into it. */
  isSecret: (path: string) => boolean;
}

/** `read` calls of one turn run together; `write` and `run` one after the other, after a checkpoint. */
export type ToolEffect = 'read' | 'write' | 'run';

export interface Tool<Input = unknown> {
  readonly spec: ToolSpec;
  readonly effect: ToolEffect;
  /** The checked input, or one sentence on what is wrong with it. */
  parse(input: JsonObject): { ok: true; input: Input } | { ok: false; error: string };
  /** Never throws at the model: every failure is a result. Rejects only when the signal aborts. */
  run(input: Input, context: ToolContext): Promise<ToolResult>;
}

/** One tool from one schema, which describes, checks and types its input. */
export function defineTool<Shape extends z.ZodObject>(definition: {
  name: string;
  description: string;
  effect: ToolEffect;
  input: Shape;
  run: (input: z.infer<Shape>, context: ToolContext) => Promise<ToolResult>;
}): Tool<z.infer<Shape>> {
  const { $schema: _, additionalProperties: __, ...schema } = z.toJSONSchema(definition.input, { io: 'input' });
  return {
    spec: { name: definition.name, description: definition.description, schema: schema as JsonObject },
    effect: definition.effect,
    parse(input) {
      const checked = definition.input.safeParse(input);
      if (checked.success) return { ok: true, input: checked.data };
      return { ok: false, error: `Invalid input for ${definition.name}: ${z.prettifyError(checked.error)}` };
    },
    async run(input, context) {
      context.signal.throwIfAborted();
      try {
        return await definition.run(input, context);
      } catch (error) {
        context.signal.throwIfAborted();
        const hint = error instanceof NexError && error.hint !== undefined ? ` ${error.hint}` : '';
        return { ok: false, error: `${messageOf(error)}${hint}` };
      }
    },
  };
}

/**
 * A whole number in a tool's input. Zod's own integers carry their bounds of 2^53 into the schema, which costs tokens
 * in every request; numbers sent as text are taken, since smaller models send them.
 */
export function wholeNumber(): z.ZodCoercedNumber {
  return z.coerce.number().refine(Number.isInteger, 'expected a whole number').meta({ type: 'integer' });
}
