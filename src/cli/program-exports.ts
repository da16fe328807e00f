// What the built program offers: to its entries, and to the build, which writes the help texts and the events' schema
// down. All but the command line is loaded when it is used.
import type { StampedEvent } from '../session/events.ts';
import type { RunTaskOptions } from './api-types.ts';
import type { CliContext } from './context.ts';

export { helpTexts } from './help-texts.ts';
export { runCli } from './program.ts';

/** One task for a program that embeds nex. */
export async function* runTask(
  options: RunTaskOptions,
  place: Pick<CliContext, 'env' | 'cwd'>,
): AsyncGenerator<StampedEvent, void, undefined> {
  const api = await import('./api.ts');
  yield* api.runTask(options, place);
}

/** The JSON Schema of the events. */
export async function eventJsonSchema(): Promise<object> {
  const schema = await import('../session/event-schema.ts');
  return schema.eventJsonSchema();
}
