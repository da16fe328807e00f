import type { Variation } from '../../unit/memory/failing-outputs.ts';

/** A small program that fails for one reason, in as many variations as asked for. It is written out and really run. */
export interface FailingProgram {
  name: string;
  /** The toolchain that the failure must be recognised as. */
  toolchain: string;
  /** Programs that must be on PATH; without one of them this program is named and not counted. */
  needs: readonly string[];
  files: (v: Variation) => Readonly<Record<string, string>>;
  command: (v: Variation) => string;
}

/** Up to 40 lines of comment, so that everything behind them stands elsewhere in each variation. */
export function pad(v: Variation, index: number, comment = '//'): string {
  return `${comment} ${v.id(index)}\n`.repeat(v.line(index) % 40);
}

/** A file name that is also a module name: `cart_order`. */
export function moduleName(v: Variation, index: number): string {
  return v.file(index).replaceAll('-', '_');
}

/** Two numbers that differ, other ones in each variation. */
export function twoNumbers(v: Variation, index: number): [number, number] {
  return [v.number(index), v.number(index) + 1 + (v.line(index) % 7)];
}
