import type { RegexPattern, SymbolKind } from './language.ts';

/** A definition as a line pattern found it; lines are 1-based and inclusive. */
export interface RegexDefinition {
  kind: SymbolKind;
  name: string;
  lineStart: number;
  lineEnd: number;
}

/**
 * Definitions of a language that has no grammar here, by one pattern per line. A definition ends where a line
 * that is not indented deeper follows, closing brackets and `end` included: right for code that is formatted.
 */
export function findByRegex(lines: readonly string[], patterns: readonly RegexPattern[]): RegexDefinition[] {
  const found: RegexDefinition[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.length > 1000) continue;
    for (const { kind, line: pattern } of patterns) {
      const name = pattern.exec(line)?.groups?.['name'];
      if (name === undefined || name === '') continue;
      found.push({ kind, name, lineStart: index + 1, lineEnd: endOf(lines, index) });
      break;
    }
  }
  return found;
}

/** Blocks longer than this are cut: looking for the end of every definition must not read the file once each. */
const LONGEST_BLOCK = 2000;

function endOf(lines: readonly string[], start: number): number {
  const depth = indentOf(lines[start] ?? '');
  let last = start;
  const limit = Math.min(lines.length, start + LONGEST_BLOCK);
  for (let index = start + 1; index < limit; index++) {
    const line = lines[index] ?? '';
    if (line.trim() === '') continue;
    if (indentOf(line) > depth) {
      last = index;
      continue;
    }
    return /^\s*(?:[})\]]|end\b|\{)/.test(line) ? index + 1 : last + 1;
  }
  return last + 1;
}

const indentOf = (line: string) => line.length - line.trimStart().length;
