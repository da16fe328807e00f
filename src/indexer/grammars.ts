import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { Language as Grammar, Parser, Query } from 'web-tree-sitter';
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

/** `folder` holds LANG.wasm.br; `engine` is the path of web-tree-sitter.wasm. */
export function openGrammars(folder: string, engine: string): Grammars {
  const loaded = new Map<string, Promise<LoadedGrammar | undefined>>();
  const notes: string[] = [];

  async function read(name: string, query: string): Promise<LoadedGrammar | undefined> {
    try {
      // One engine per process: emscripten keeps it in a module variable.
      started ??= readFile(engine).then((wasmBinary) => Parser.init({ wasmBinary }));
      await started;
      const packed = await readFile(join(folder, `${name}.wasm.br`));
      const grammar = await Grammar.load(new Uint8Array(brotliDecompressSync(packed)));
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
      let entry = loaded.get(grammar);
      if (!entry) loaded.set(grammar, (entry = read(grammar, query)));
      return entry;
    },
  };
}
