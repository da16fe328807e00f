import { cleanComment, firstParagraph } from './comments.ts';
import type { Above } from './leads.ts';
import { lineWalker } from './line-walker.ts';
import type { Described } from './nest.ts';
import type { Span } from './spans.ts';

/** Macros by their lines; what looks like one in a comment is none. */
export function describeMacros(text: string, pattern: RegExp, comments: readonly Span[], above: Above): Described[] {
  const found: Described[] = [];
  const pointAt = lineWalker(text);
  let comment = 0;
  for (const match of text.matchAll(pattern)) {
    const [whole, name = ''] = match;
    const start = match.index;
    const end = start + whole.length;
    while ((comments[comment]?.[1] ?? end) <= start) comment++;
    if ((comments[comment]?.[0] ?? end) <= start) continue;
    const { row } = pointAt(start);
    const lead = above(row);
    const lines = whole.trimEnd().split('\n').length;
    const lineStart = row + 1;
    const signature = whole
      .slice(0, 2000)
      .replace(/\\\r?\n/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, 240);
    found.push({
      symbol: {
        name,
        kind: 'macro',
        lineStart,
        lineEnd: lineStart + lines - 1,
        signature,
        headEnd: lineStart,
        leadStart: lead.row + 1,
        docstring: firstParagraph(lead.comments.map(cleanComment).join('\n')),
        exported: true,
        local: false,
      },
      start,
      end,
    });
  }
  return found;
}
