import { escapePattern } from '../platform/escape-pattern.ts';
import type { Span } from './spans.ts';

/** The words of a comment without what marks it as one. */
export function cleanComment(comment: string): string {
  return comment
    .replace(/^@(?:module|type)?doc\s+(?:"(?!"")([\s\S]*)"$)?/, '$1')
    .replace(/^(?:\/\*+!?|\/\/[/!]?|#+!?|--+|;+|%+|"""|~[sS]""")/, '')
    .replace(/(?:\*+\/|""")$/, '')
    .split('\n')
    .map((line) =>
      line
        .replace(/^\s*(?:\*(?!\/)|\/\/[/!]?|#+|--+)? ?/, '')
        // What a comment of C#, Java or Kotlin names by a tag.
        .replace(/<(?:see|paramref|typeparamref)\s+(?:cref|name|langword)="([^"]*)"\s*\/>/g, '$1')
        .replace(/\{@(?:code|link|linkplain|literal)\s+([^{}]*)\}/g, '$1')
        .replace(/<\/?(?:summary|remarks|para|see|c|param)\b[^>]*>/g, '')
        // Rules are no words.
        .replace(/(?:^|\s)[-=*#~]{3,}\s*$/, ''),
    )
    .join('\n')
    .trim();
}

/**
 * Where the comments of a text lie when no grammar knows: lines that begin with one of the signs, and blocks
 * of the common shapes. Strings that look like comments are taken for comments; it only weighs words.
 */
export function commentsOf(text: string, lineSigns: readonly string[]): Span[] {
  const signs = lineSigns.map(escapePattern).join('|');
  const line = signs === '' ? '' : `|^[ \\t]*(?:${signs}).*$`;
  const pattern = new RegExp(
    `/\\*[\\s\\S]*?\\*/|<!--[\\s\\S]*?-->|\\{-[\\s\\S]*?-\\}|\\(\\*[\\s\\S]*?\\*\\)${line}`,
    'gim',
  );
  return Array.from(text.matchAll(pattern), (match): Span => [match.index, match.index + match[0].length]);
}

/** Up to the first empty line or tag (`@param`), on one line, at most 240 characters. */
export function firstParagraph(text: string): string {
  const [paragraph = ''] = text.trim().split(/\n\s*\n|\n\s*(?=@\w)/);
  return paragraph.replace(/\s+/g, ' ').slice(0, 240).trim();
}

/** Finds where a head ends whose body begins at `at`: before comments that stand between the two. */
export function headEnds(comments: readonly Span[], text: string): (at: number) => number {
  const starts = new Map(comments.map(([from, to]) => [to, from]));
  return (at) => {
    for (;;) {
      let end = at;
      while (end > 0 && /\s/.test(text[end - 1] ?? '')) end--;
      const start = starts.get(end);
      if (start === undefined) return at;
      at = start;
    }
  };
}
