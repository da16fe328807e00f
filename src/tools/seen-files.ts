import { createHash } from '../platform/crypto.ts';

interface Sight {
  sha256: string;
  /** Line ranges that the model knows, 1-based and inclusive. */
  ranges: Array<[number, number]>;
  /** Those of them that stand in the conversation as they are in the file, rather than as an edit of it. */
  shown: Array<[number, number]>;
  lines: number;
}

/** What the model has seen of each file in this conversation. */
export class SeenFiles {
  readonly #sights = new Map<string, Sight>();

  /** Notes that lines `from` to `to` (of `lines` in all) of this content were shown. */
  note(path: string, content: Buffer, from: number, to: number, lines: number): void {
    this.#add(path, content, from, to, lines, true);
  }

  /** Notes that the model itself made this content: it knows all of it, but has not been shown it. */
  noteWritten(path: string, content: Buffer, lines: number): void {
    this.#add(path, content, 1, lines, lines, false);
  }

  #add(path: string, content: Buffer, from: number, to: number, lines: number, shown: boolean): void {
    const sha256 = digest(content);
    const known = this.#sights.get(path);
    const same = known?.sha256 === sha256 ? known : undefined;
    this.#sights.set(path, {
      sha256,
      lines,
      ranges: [...(same?.ranges ?? []), [from, to]],
      shown: [...(same?.shown ?? []), ...(shown ? [[from, to] as [number, number]] : [])],
    });
  }

  /** True when all lines from `from` to `to` of this content stand in the conversation already. */
  shows(path: string, content: Buffer, from: number, to: number): boolean {
    const sight = this.#sights.get(path);
    return sight !== undefined && sight.sha256 === digest(content) && covers(sight.shown, from, to);
  }

  /** The conversation was begun anew: nothing of what was seen stands in it. */
  clear(): void {
    this.#sights.clear();
  }

  /** What the model knows of this content: all of it, part of it, an older state, or nothing. */
  of(path: string, content: Buffer): 'whole' | 'part' | 'stale' | 'never' {
    const sight = this.#sights.get(path);
    if (!sight) return 'never';
    if (sight.sha256 !== digest(content)) return 'stale';
    return covers(sight.ranges, 1, sight.lines) ? 'whole' : 'part';
  }
}

function digest(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function covers(ranges: ReadonlyArray<[number, number]>, first: number, last: number): boolean {
  let next = first;
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    if (from > next) return false;
    next = Math.max(next, to + 1);
  }
  return next > last;
}
