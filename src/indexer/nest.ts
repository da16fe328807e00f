import { type SymbolKind, TYPE_KINDS } from './languages/language.ts';
import type { CodeSymbol } from './parser.ts';

/** A definition and where it stands. */
export interface Described {
  symbol: CodeSymbol;
  start: number;
  end: number;
}

/** Kinds that nothing belongs to: the struct of a `typedef struct a {…} b` stands beside `b`, not in it. */
const CLOSED_KINDS: ReadonlySet<SymbolKind> = new Set(['type', 'macro', 'property', 'rule'] as const);

/** Gives every symbol its parent, functions in types their kind, and marks what sits inside a function. */
export function nest(
  described: readonly Described[],
  exportedNames: ReadonlySet<string>,
  asPublicAs: readonly SymbolKind[] = [],
): CodeSymbol[] {
  const open: Described[] = [];
  for (const entry of described) {
    while (open.length > 0 && (open.at(-1)?.end ?? 0) <= entry.start) open.pop();
    const { symbol } = entry;
    const around = open.at(-1)?.symbol;
    if (around) {
      symbol.parent ??= around.name;
      symbol.local = around.local || around.kind === 'function' || around.kind === 'method';
      if (symbol.kind === 'function' && TYPE_KINDS.has(around.kind)) symbol.kind = 'method';
      if (asPublicAs.includes(around.kind) && !/\b(?:private|protected|internal)\b/.test(symbol.signature))
        symbol.exported = around.exported;
    }
    if (!symbol.local && exportedNames.has(symbol.name)) symbol.exported = true;
    if (!CLOSED_KINDS.has(symbol.kind)) open.push(entry);
  }
  return described.map(({ symbol }) => symbol);
}
