import { expect, it } from 'vitest';
import { type ColorWishes, colorLevel } from '../../../src/platform/terminal.ts';

it.each<[ColorWishes, boolean, number]>([
  [{}, false, 0],
  [{}, true, 1],
  [{ TERM: 'xterm-256color' }, true, 2],
  [{ TERM: 'xterm-256color' }, false, 0],
  [{ TERM: 'xterm', COLORTERM: 'truecolor' }, true, 3],
  [{ TERM: 'xterm', COLORTERM: '24bit' }, true, 3],
  [{ TERM: 'dumb', COLORTERM: 'truecolor' }, true, 0],
  [{ NO_COLOR: '1', COLORTERM: 'truecolor' }, true, 0],
  [{ NO_COLOR: '', TERM: 'xterm' }, true, 1],
  [{ FORCE_COLOR: '' }, false, 1],
  [{ FORCE_COLOR: '1' }, false, 1],
  [{ FORCE_COLOR: 'true' }, false, 1],
  [{ FORCE_COLOR: '2' }, false, 2],
  [{ FORCE_COLOR: '3', NO_COLOR: '1' }, false, 3],
  [{ FORCE_COLOR: '0' }, true, 0],
  [{ FORCE_COLOR: 'false' }, true, 0],
])('%j on a terminal: %s gives level %i', (wishes, isTTY, level) => {
  expect(colorLevel(wishes, isTTY)).toBe(level);
});
