import type { Environment } from '../config.ts';
import { colorLevel } from '../platform/terminal.ts';
import type { ColorLevel } from '../ui/paint.ts';

/** How much colour a stream gets: what the environment wishes, and nothing for what is no terminal. */
export function colorOf(env: Environment, isTTY: boolean): ColorLevel {
  const { NO_COLOR, FORCE_COLOR, TERM, COLORTERM } = env;
  return colorLevel({ NO_COLOR, FORCE_COLOR, TERM, COLORTERM }, isTTY);
}
