import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** A spool file takes no more than this; what comes after is counted, not kept. */
const MAX_SPOOL_BYTES = 64_000_000;

export interface KeptOutput {
  output: string;
  lines: number;
  omitted?: { at: number; characters: number; lines: number };
  spool?: string;
}

/**
 * Takes text of any length and keeps its beginning and its end: `keep` characters in all. Once there is more, all of
 * it goes to the file `spool` too, readable by its owner alone.
 */
export function keepOutput(keep: number, spool: string | undefined): { add(text: string): void; end(): KeptOutput } {
  const half = Math.ceil(keep / 2);
  let head = '';
  let tail: string[] = [];
  let tailLength = 0;
  let dropped = 0;
  let newlines = 0;
  let last = '';
  let file: SpoolFile | undefined;

  const trimTail = () => {
    for (let first = tail[0]; first !== undefined && tailLength - first.length >= keep - half; first = tail[0]) {
      tail.shift();
      tailLength -= first.length;
      dropped += first.length;
    }
  };

  return {
    add(text) {
      newlines += countNewlines(text);
      last = text.at(-1) ?? last;
      const length = head.length + tailLength + dropped + text.length;
      if (length > keep && spool !== undefined) {
        if (!file) {
          file = openSpool(spool);
          file.write(head + tail.join(''));
        }
        file.write(text);
      }
      const room = half - head.length;
      head += text.slice(0, room);
      if (text.length > room) {
        tail.push(text.slice(room));
        tailLength += text.length - room;
        // Many tiny pieces would make the list itself large.
        if (tail.length > 1_000) tail = [tail.join('')];
        trimTail();
      }
    },
    end() {
      const usable = file?.close() ?? false;
      const lines = newlines + (last === '' || last === '\n' ? 0 : 1);
      const rest = tail.join('');
      const end = rest.slice(Math.max(0, rest.length - (keep - half)));
      const characters = dropped + rest.length - end.length;
      const output = (head + end).toWellFormed();
      if (characters === 0) return { output, lines };
      const missing = newlines - countNewlines(head) - countNewlines(end);
      const omitted = { at: head.length, characters, lines: missing };
      return usable && spool !== undefined ? { output, lines, omitted, spool } : { output, lines, omitted };
    },
  };
}

interface SpoolFile {
  write(text: string): void;
  /** Closes it; false when not all could be written, and then nobody should be sent there. */
  close(): boolean;
}

/** A new file for the whole output. A full disk makes it useless, but never stops the command. */
function openSpool(path: string): SpoolFile {
  let file: number | undefined;
  let bytes = 0;
  let lost = 0;
  const attempt = (action: () => void) => {
    try {
      action();
    } catch {
      if (file !== undefined) closeSync(file);
      file = undefined;
    }
  };
  const put = (piece: Uint8Array) => {
    for (let at = 0; file !== undefined && at < piece.length; ) at += writeSync(file, piece, at);
  };
  attempt(() => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    file = openSync(path, 'wx', 0o600);
  });
  return {
    write(text) {
      const piece = Buffer.from(text, 'utf8');
      if (lost > 0 || bytes + piece.length > MAX_SPOOL_BYTES) lost += piece.length;
      else attempt(() => put(piece));
      bytes += piece.length;
    },
    close() {
      if (lost > 0) attempt(() => put(Buffer.from(`\n[nex: ${lost} bytes more were printed and not kept]\n`)));
      const usable = file !== undefined;
      attempt(() => file !== undefined && closeSync(file));
      file = undefined;
      return usable;
    },
  };
}

function countNewlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
