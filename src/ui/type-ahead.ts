import { StringDecoder } from 'node:string_decoder';
import type { ControllingTerminal } from '../platform/terminal.ts';

/** Keeps what is typed while nex is at work, unseen, for the next entry; a question does not get it. */
export interface TypeAhead {
  /** A question reads the keys itself meanwhile. */
  pause(): void;
  resume(): void;
  /** Ends it, and gives what was typed. */
  release(): string;
}

/** Holds the keys of a terminal; Ctrl-C is told at once and drops what was typed before it. */
export function holdKeys({ input, raw }: ControllingTerminal, interrupt: () => void): TypeAhead {
  const decoder = new StringDecoder('utf8');
  let typed = '';
  const hear = (bytes: Buffer) => {
    typed += decoder.write(bytes);
    const at = typed.lastIndexOf('\x03');
    if (at === -1) return;
    typed = typed.slice(at + 1);
    interrupt();
  };
  const resume = () => {
    raw?.(true);
    input.on('data', hear);
    input.resume();
  };
  const pause = () => {
    input.off('data', hear);
    input.pause();
    raw?.(false);
  };
  resume();
  return {
    pause,
    resume,
    release() {
      pause();
      return typed;
    },
  };
}
