import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { brotliDecompressSync } from 'node:zlib';
import { Language as Grammar, Parser, Query } from 'web-tree-sitter';
import { readShipped } from '../platform/shipped-files.ts';
import type { Language } from './languages/language.ts';

/** A grammar ready to parse and to be asked. */
export interface LoadedGrammar {
  parser: Parser;
  query: Query;
}

/** Loads grammars one by one, when the first file of a language comes: each costs 6 to 25 ms and 4 to 25 MB. */
export interface Grammars {
  /** Undefined when the language has no grammar or it cannot be loaded; `notes` then says why. */
  load(language: Language): Promise<LoadedGrammar | undefined>;
  readonly notes: readonly string[];
}

let started: Promise<void> | undefined;

/**
 * V8 takes up to 200 MB (C++), or 3.4 GB (Swift), to optimise the lexer of a grammar, for files that parse in
 * milliseconds without; and what that takes in time, a project of some thousand files does not give back.
 */
const LIGHT = ['--liftoff-only', '--no-wasm-tier-up', '--no-wasm-dynamic-tiering', '--no-wasm-lazy-compilation'];
const USUAL = ['--no-liftoff-only', '--wasm-tier-up', '--wasm-dynamic-tiering', '--wasm-lazy-compilation'];

/** Grammars are 0.2 to 5 MB: in one piece nothing has to be joined; in the usual ones of 16 kB they take a third longer. */
const CHUNK = 8 << 20;

type CompiledGrammar = Parameters<typeof Grammar.loadSync>[0];
/** Known to Node, but not to the types of a program that has no browser in it. */
declare const WebAssembly: { readonly Module: new (bytes: Uint8Array) => CompiledGrammar };

/** Compiles with the baseline compiler alone, at once and for good; the flags count only while it does. */
function compileLightly(bytes: Uint8Array): CompiledGrammar {
  for (const flag of LIGHT) setFlagsFromString(flag);
  try {
    return new WebAssembly.Module(bytes);
  } finally {
    for (const flag of USUAL) setFlagsFromString(flag);
    // V8 has a copy; what the collector would find only after a while is given back at once.
    if (bytes.buffer instanceof ArrayBuffer) bytes.buffer.transfer(0);
  }
}

/** `folder` holds LANG.wasm.br; `engine` is the path of web-tree-sitter.wasm. */
export function openGrammars(folder: string, engine: string): Grammars {
  const loaded = new Map<string, Promise<LoadedGrammar | undefined>>();
  const notes: string[] = [];

  async function read(name: string, query: string): Promise<LoadedGrammar | undefined> {
    try {
      // One engine per process: emscripten keeps it in a module variable.
      started ??= Parser.init({ wasmBinary: readShipped(engine) });
      await started;
      const bytes = brotliDecompressSync(readShipped(join(folder, `${name}.wasm.br`)), { chunkSize: CHUNK });
      const grammar = Grammar.loadSync(compileLightly(bytes));
      const parser = new Parser();
      parser.setLanguage(grammar);
      return { parser, query: new Query(grammar, query) };
    } catch (error) {
      notes.push(`The ${name} grammar cannot be used: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }

  return {
    notes,
    async load({ grammar, query }) {
      if (grammar === undefined || query === undefined) return undefined;
      // TypeScript and its components share a grammar and a query.
      const entry = loaded.get(grammar) ?? read(grammar, query);
      loaded.set(grammar, entry);
      return entry;
    },
  };
}
