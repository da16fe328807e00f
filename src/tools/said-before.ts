import { createHash } from '../platform/crypto.ts';
import { cutMark } from './cut-marks.ts';

/** A shorter result costs less than a mark and the thought about it. */
const WORTH = 400;

/** A result without what differs from run to run although nothing else does: where a long output is kept. */
export function sameness(text: string): string {
  return text.replace(/\boutput-[0-9a-f]{8}\.txt\b/g, 'output.txt');
}

/** Which results the conversation holds already, so that each is sent once. */
export class SaidBefore {
  readonly #calls = new Map<string, string>();

  /** The text as it is sent: itself, or its first line and where the same stands already. `call` is how to name it. */
  shorten(call: string, text: string): string {
    if (text.length < WORTH) return text;
    const key = createHash('sha256').update(sameness(text)).digest('base64');
    const before = this.#calls.get(key);
    this.#calls.set(key, call);
    if (before === undefined) return text;
    const [first = ''] = text.split('\n', 1);
    const kept = first.length < WORTH / 2 ? `${first}\n` : '';
    return `${kept}${cutMark(text.length - kept.length, `characters: the same as the result of your earlier ${before}`)}`;
  }

  clear(): void {
    this.#calls.clear();
  }
}
