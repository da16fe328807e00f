import type { Node, Range } from 'web-tree-sitter';
import { lineWalker } from '../line-walker.ts';
import { type Span, within } from '../spans.ts';

/**
 * What of a text the grammar need not see: insides of function bodies that define nothing, in some languages of lists
 * and the like, too.
 */
export interface Bodies {
  /** In order, none within another. */
  insides: readonly Span[];
  /** For each, where the body begins that the tree must show there, if one must. */
  starts: ReadonlyArray<number | undefined>;
  /** Which of those may be shown as another kind of node than a definition's body: the types, by the start. */
  nodes?: ReadonlyMap<number, readonly string[]>;
  /** Those that lie within. */
  comments: readonly Span[];
  /** So little is left to tell by that leaving it out misled the grammar that no tree with an error is trusted. */
  strict?: boolean;
  /** What ends where an inside begins, ends behind it in truth. */
  endsBehind?: boolean;
  /** Whether the definitions of a tree are as the text says, as far as the finder can tell. */
  fits?: (definitions: Iterable<{ node: Node }>) => boolean;
}

/** All of a text is for the grammar. */
export const NO_BODIES: Bodies = { insides: [], starts: [], comments: [] };

/** Where a tree does not show what was left empty: neither among the bodies found in it, nor as another node. */
export function unseen({ starts, nodes }: Bodies, root: Node, found: ReadonlySet<number | undefined>): number[] {
  const left = starts.filter((start): start is number => start !== undefined && !found.has(start));
  if (!nodes || left.length === 0) return left;
  // All at once: to look for one takes time by how deep it stands.
  const shown = new Map<number, string>();
  for (const node of root.descendantsOfType([...new Set(nodes.values())].flat()))
    if (node && nodes.has(node.startIndex)) shown.set(node.startIndex, node.type);
  return left.filter((start) => !nodes.get(start)?.includes(shown.get(start) ?? ''));
}

/** All but the bodies that begin at these places. */
export function without(bodies: Bodies, at: ReadonlySet<number>): Bodies {
  const { insides, starts, comments } = bodies;
  const isKept = (_: unknown, index: number) => !at.has(starts[index] ?? -1);
  const kept = insides.filter(isKept);
  return { ...bodies, insides: kept, starts: starts.filter(isKept), comments: within(kept, comments) };
}

/** The ranges of a text that are left without some spans of it. */
export function around(spans: readonly Span[], text: string): Range[] {
  const ranges: Range[] = [];
  const pointAt = lineWalker(text);
  let startIndex = 0;
  for (const [from, to] of [...spans, [text.length, text.length] as const]) {
    const startPosition = pointAt(startIndex);
    ranges.push({ startIndex, startPosition, endIndex: from, endPosition: pointAt(from) });
    startIndex = to;
  }
  return ranges;
}
