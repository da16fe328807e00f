import { expect, it } from 'vitest';
import { showsLinks } from '../../../src/platform/terminal.ts';

it.each([
  [{ TERM_PROGRAM: 'WezTerm' }, true, true],
  [{ TERM_PROGRAM: 'WezTerm' }, false, false],
  [{ TERM: 'xterm-kitty' }, true, true],
  [{ VTE_VERSION: '7200' }, true, true],
  [{ VTE_VERSION: '4602' }, true, false],
  [{ WT_SESSION: 'x', TMUX: '/tmp/tmux' }, true, false],
  [{ TERM: 'xterm-256color', TERM_PROGRAM: 'Apple_Terminal' }, true, false],
  [{ TERM: 'xterm-kitty', FORCE_HYPERLINK: '0' }, true, false],
  [{ FORCE_HYPERLINK: '1' }, false, true],
])('with %j (a terminal: %s) links are shown: %s', (env, isTTY, expected) => {
  expect(showsLinks(env, isTTY)).toBe(expected);
});
