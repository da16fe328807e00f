import { commentsOf } from './comments.ts';
import { findByRegex } from './languages/by-regex.ts';
import type { Language } from './languages/language.ts';
import type { CodeSymbol, ParsedFile } from './parser.ts';

/** What lines alone say of a file whose language has no grammar, or whose grammar cannot read it. */
export function parseWithPatterns(language: Language, text: string): ParsedFile {
  const lines = text.split(/\r?\n/);
  const comments = commentsOf(text, language.lineComments ?? ['//', '#']);
  const symbols = findByRegex(lines, language.patterns ?? []).map(({ kind, name, lineStart, lineEnd }): CodeSymbol => {
    const signature = (lines[lineStart - 1] ?? '')
      .replace(/\s*\{?\s*$/, '')
      .trim()
      .slice(0, 240);
    const shape = { headEnd: lineStart, leadStart: lineStart, docstring: '', exported: true, local: false };
    return { name, kind, lineStart, lineEnd, signature, ...shape };
  });
  return { symbols, imports: [], names: [], comments, by: symbols.length > 0 ? 'patterns' : 'nothing' };
}
