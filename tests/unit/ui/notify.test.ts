import { expect, it } from 'vitest';
import { createNotifier, type NotifyKind } from '../../../src/ui/notify.ts';

it.each<[NotifyKind, boolean, string]>([
  ['off', false, ''],
  ['bell', false, '\x07'],
  ['osc9', false, '\x1b]9;nex: done it\x07'],
  ['osc9', true, '\x1bPtmux;\x1b\x1b]9;nex: done it\x07\x1b\\'],
])('calls a person back by %s (within tmux: %s)', (kind, insideTmux, expected) => {
  let written = '';
  const write = (text: string) => {
    written += text;
  };
  createNotifier({ write }, kind, insideTmux)('nex: done\x1b]0;x\x07\n it');
  expect(written).toBe(expected);
});
