import { createHash } from 'node:crypto';

interface Sight {
  sha256: string;
  /** Line ranges that were shown, 1-based and inclusive. */
  ranges: Array<[number, number]>;
  lines: number;
}

/** What the model has seen of each file in this conversation. */
export class SeenFiles {
  readonly #sights = new Map<string, Sight>();

  /** Notes that lines `from` to `to` (of `lines` in all) of this content were shown. */
  note(path: string, content: Buffer, from: number, to: number, lines: number): void {
    const sha256 = digest(content);
    const known = this.#sights.get(path);
    const ranges = known?.sha256 === sha256 ? known.ranges : [];
    this.#sights.set(path, { sha256, ranges: [...ranges, [from, to]], lines });
  }

  /** What the model knows of this content: all of it, part of it, an older state, or nothing. */
  of(path: string, content: Buffer): 'whole' | 'part' | 'stale' | 'never' {
    const sight = this.#sights.get(path);
    if (!sight) return 'never';
    if (sight.sha256 !== digest(content)) return 'stale';
    return covers(sight.ranges, sight.lines) ? 'whole' : 'part';
  }
}

function digest(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function covers(ranges: ReadonlyArray<[number, number]>, lines: number): boolean {
  let next = 1;
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    if (from > next) return false;
    next = Math.max(next, to + 1);
  }
  return next > lines;
}
