import type { Node, Range } from 'web-tree-sitter';
import { lineWalker } from './line-walker.ts';
import type { Span } from './spans.ts';

export type Above = (row: number) => { row: number; comments: string[] };

/** Finds what stands right above a row and belongs to it: doc comments, those inside of bodies too, decorators, attributes. */
export function leadFinder(
  comments: readonly Node[],
  leads: readonly Node[],
  { text, inside }: { text: string; inside: readonly Span[] },
): Above {
  const ending = new Map<number, { row: number; comment?: () => string }>();
  for (const node of leads) ending.set(lastRow(node), { row: node.startPosition.row });
  const note = (start: number, column: number, rows: { row: number; last: number }, textOf: () => string) => {
    // A comment behind code speaks of that code.
    if (text.slice(start - column, start).trim() === '') ending.set(rows.last, { row: rows.row, comment: textOf });
  };
  for (const node of comments) {
    const { row, column } = node.startPosition;
    note(node.startIndex, column, { row, last: lastRow(node) }, () => node.text);
  }
  const pointAt = lineWalker(text);
  for (const [from, to] of inside) {
    const { row, column } = pointAt(from);
    note(from, column, { row, last: pointAt(to - 1).row }, () => text.slice(from, to));
  }
  return (at) => {
    const found: string[] = [];
    let top = at;
    for (let lead = ending.get(top - 1); lead; lead = ending.get(top - 1)) {
      top = lead.row;
      if (lead.comment) found.unshift(lead.comment());
    }
    return { row: top, comments: found };
  };
}

/** The row a node's text ends on; some comments take their line break along. */
export function lastRow(node: Node): number {
  const { row, column } = node.endPosition;
  return column === 0 && row > node.startPosition.row ? row - 1 : row;
}

/** The same for a text that was parsed in ranges: what ends where one does, ends behind what was left out. */
export function lastRows(ranges: readonly Range[]): (node: Node) => number {
  const rows = new Map<number | undefined, number>();
  for (let index = 1; index < ranges.length; index++)
    rows.set(ranges[index - 1]?.endIndex, ranges[index]?.startPosition.row ?? 0);
  return (node) => rows.get(node.endIndex) ?? lastRow(node);
}
