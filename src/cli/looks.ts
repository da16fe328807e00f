import { colorLevel, showsLinks } from '../platform/terminal.ts';
import { type ColorLevel, createPaint, type Paint } from '../ui/paint.ts';
import type { CliContext } from './context.ts';
import type { TaskFlags } from './flags/task.ts';

/** How a stream may be written to: what the flags, the environment and the terminal allow. */
export function looksOf(
  { env }: CliContext,
  stream: { isTTY?: boolean },
  flags: Pick<TaskFlags, 'plain'>,
): { plain: boolean; color: ColorLevel; links: boolean } {
  const { NO_COLOR, FORCE_COLOR, TERM, COLORTERM } = env;
  const plain = flags.plain === true || TERM === 'dumb';
  const isTTY = stream.isTTY === true;
  return {
    plain,
    // What the environment wishes, and nothing for what is no terminal.
    color: plain ? 0 : colorLevel({ NO_COLOR, FORCE_COLOR, TERM, COLORTERM }, isTTY),
    links: !plain && showsLinks(env, isTTY),
  };
}

/** The palette for a stream. */
export function paintFor(
  context: CliContext,
  stream: { isTTY?: boolean },
  flags: Pick<TaskFlags, 'plain'> = {},
): Paint {
  const { plain, color, links } = looksOf(context, stream, flags);
  return createPaint(color, { words: plain, links });
}
