import type { Sink } from './json.ts';
import { sanitize } from './sanitize.ts';

/** How a person is called back to the terminal: not at all, by the bell, by a notification of the desktop (OSC 9). */
export type NotifyKind = 'off' | 'bell' | 'osc9';

/** Says a few words to somebody who may look elsewhere. Within tmux the sequence is handed through to the terminal. */
export function createNotifier(out: Sink, kind: NotifyKind, insideTmux: boolean): (text: string) => void {
  switch (kind) {
    case 'off':
      return () => undefined;
    case 'bell':
      return () => void out.write('\x07');
    case 'osc9':
      return (text) => {
        const sequence = `\x1b]9;${sanitize(text).replaceAll(/\s+/g, ' ').slice(0, 120)}\x07`;
        out.write(insideTmux ? `\x1bPtmux;${sequence.replaceAll('\x1b', '\x1b\x1b')}\x1b\\` : sequence);
      };
  }
}
