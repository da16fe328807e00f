import type { Style } from './paint.ts';
import { clustersOf, widthOf } from './width.ts';

/** A piece of text that looks the same all through. It holds no escapes: they are put around it when its lines are known. */
export interface Span {
  text: string;
  style?: Style | undefined;
}

interface Cell {
  text: string;
  width: number;
  style: Style | undefined;
}

/** Signs that may not begin a line. */
const CLINGS = /^[、。，．・：；？！）」』】〕〉》ー]/;

/**
 * Breaks text into painted lines of at most `columns`: between words, between wide characters, and inside a word
 * only when it is longer than a line. `first` and `rest` stand before the first line and the others. What a line
 * holds depends on nothing behind the first character of the next one, so all lines but the last are final while
 * text still comes in.
 */
export function wrap(
  spans: readonly Span[],
  columns: number,
  { first = [], rest = first }: { first?: readonly Span[]; rest?: readonly Span[] } = {},
): string[] {
  const lines: string[] = [];
  let line: Cell[] = [];
  let width = 0;
  let breakAt = 0;
  const lead = () => (lines.length === 0 ? first : rest);
  let room = Math.max(1, columns - widthOf(textOf(first)));

  const breakLine = () => {
    const at = breakAt > 0 ? breakAt : line.length;
    lines.push(paintLine(lead(), line.slice(0, at)));
    line = line.slice(at);
    width = line.reduce((sum, cell) => sum + cell.width, 0);
    breakAt = 0;
    room = Math.max(1, columns - widthOf(textOf(rest)));
  };

  for (const cell of cellsOf(spans)) {
    const before = line.at(-1);
    if (cell.text === ' ') {
      if (!before && lines.length > 0) continue;
    } else {
      const afterSpace = before?.text === ' ' && line.some(({ text }) => text !== ' ');
      const besideWide = before && (cell.width === 2 || before.width === 2) && !CLINGS.test(cell.text);
      if (afterSpace || besideWide) breakAt = line.length;
      while (line.length > 0 && width + cell.width > room) breakLine();
    }
    line.push(cell);
    width += cell.width;
  }
  lines.push(paintLine(lead(), line));
  return lines;
}

/**
 * Breaks text into painted lines of at most `columns` at whatever character comes there. Nothing is dropped, blanks
 * least of all: for code and commands, where each character counts.
 */
export function fold(
  spans: readonly Span[],
  columns: number,
  { first = [], rest = first }: { first?: readonly Span[]; rest?: readonly Span[] } = {},
): string[] {
  const lines: Cell[][] = [[]];
  let width = widthOf(textOf(first));
  for (const cell of cellsOf(spans)) {
    if (width + cell.width > columns && (lines.at(-1)?.length ?? 0) > 0) {
      lines.push([]);
      width = widthOf(textOf(rest));
    }
    lines.at(-1)?.push(cell);
    width += cell.width;
  }
  return lines.map((cells, index) => paintCells(index === 0 ? first : rest, cells));
}

/** A tab is blanks here: how far it would reach depends on where it stands. */
function cellsOf(spans: readonly Span[]): Cell[] {
  return spans.flatMap(({ text, style }) =>
    Array.from(clustersOf(text.replaceAll('\t', '    ')), (cluster) => ({
      text: cluster,
      width: widthOf(cluster),
      style,
    })),
  );
}

/** Blanks at the end go. */
function paintLine(lead: readonly Span[], cells: readonly Cell[]): string {
  const end = cells.findLastIndex(({ text }) => text !== ' ') + 1;
  return end === 0 ? paintSpans(lead).trimEnd() : paintCells(lead, cells.slice(0, end));
}

/** Escapes are put around each run as a whole. */
function paintCells(lead: readonly Span[], cells: readonly Cell[]): string {
  const runs: Span[] = [];
  for (const { text, style } of cells) {
    const run = runs.at(-1);
    if (run?.style === style && run) run.text += text;
    else runs.push({ text, style });
  }
  return paintSpans([...lead, ...runs]);
}

/** The text with its escapes. */
export function paintSpans(spans: readonly Span[]): string {
  return spans.map(({ text, style }) => (style && text !== '' ? style(text) : text)).join('');
}

/** The text alone. */
export function textOf(spans: readonly Span[]): string {
  return spans.map(({ text }) => text).join('');
}
