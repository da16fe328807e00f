import { ByteReader, ByteWriter, DamagedIndex } from './bytes.ts';
import { SYMBOL_KINDS, type SymbolKind } from './languages/language.ts';
import type { CodeSymbol } from './parser.ts';

/** A definition as the stored index knows it; its text stands in the file. Lines are 1-based and inclusive. */
export interface StoredSymbol {
  name: string;
  kind: SymbolKind;
  lineStart: number;
  lineEnd: number;
  /** The last line of its signature. */
  headEnd: number;
  /** The first line of the comments and decorators above it. */
  leadStart: number;
  exported: boolean;
  /** Defined inside a function. */
  local: boolean;
  parent?: string;
}

/** Signatures and doc comments are not kept: they stand in the file itself, at the lines kept here. */
export function writeSymbols(own: readonly CodeSymbol[]): Buffer {
  const bytes = new ByteWriter(own.length * 16);
  const positions = new Map<string, number>();
  let line = 0;
  for (const [index, symbol] of own.entries()) {
    bytes.text(symbol.name);
    bytes.number(SYMBOL_KINDS.indexOf(symbol.kind) * 4 + (symbol.exported ? 1 : 0) + (symbol.local ? 2 : 0));
    // Nearly always a later line than the one before: even numbers go down the file, odd ones back up.
    const step = symbol.lineStart - line;
    bytes.number(step >= 0 ? step * 2 : -step * 2 - 1);
    bytes.number(symbol.lineEnd - symbol.lineStart);
    bytes.number(Math.max(0, symbol.headEnd - symbol.lineStart));
    bytes.number(Math.max(0, symbol.lineStart - symbol.leadStart));
    // A parent is nearly always a symbol before this one: its position + 2; else 1 and its name; 0 for none.
    const parent = symbol.parent === undefined ? undefined : positions.get(symbol.parent);
    bytes.number(symbol.parent === undefined ? 0 : parent === undefined ? 1 : parent + 2);
    if (symbol.parent !== undefined && parent === undefined) bytes.text(symbol.parent);
    positions.set(symbol.name, index);
    line = symbol.lineStart;
  }
  return bytes.view();
}

/** Throws DamagedIndex. */
export function readSymbols(stored: Uint8Array): StoredSymbol[] {
  const bytes = new ByteReader(stored);
  const symbols: StoredSymbol[] = [];
  let line = 0;
  while (!bytes.done) {
    const name = bytes.text();
    const head = bytes.number();
    const step = bytes.number();
    const lineStart = line + (step % 2 === 0 ? step / 2 : -(step + 1) / 2);
    const lineEnd = lineStart + bytes.number();
    const headEnd = lineStart + bytes.number();
    const leadStart = lineStart - bytes.number();
    const kind = SYMBOL_KINDS[Math.floor(head / 4)];
    if (kind === undefined) throw new DamagedIndex('a symbol has an unknown kind');
    const parentAt = bytes.number();
    const parent = parentAt === 0 ? undefined : parentAt === 1 ? bytes.text() : symbols[parentAt - 2]?.name;
    symbols.push({
      name,
      kind,
      lineStart,
      lineEnd,
      headEnd,
      leadStart,
      exported: head % 2 === 1,
      local: Math.floor(head / 2) % 2 === 1,
      ...(parent === undefined ? {} : { parent }),
    });
    line = lineStart;
  }
  return symbols;
}
