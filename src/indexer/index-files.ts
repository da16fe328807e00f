import { setImmediate } from 'node:timers/promises';
import { createTermTable } from './file-terms.ts';
import { jsonLines } from './index-json.ts';
import { type SkippedFile, stampOf } from './index-state.ts';
import type { JsonLines } from './json-splice.ts';
import { languageOfPath } from './languages/all.ts';
import { type CodeParser, createParser } from './parser.ts';
import { readSource, statOf } from './scanner.ts';
import { createSegmentWriter } from './segment-writer.ts';

/** What became of a list of files. */
export interface IndexedFiles {
  /** Files in the segment, in the order of their documents; `fresh` is the later of their times. */
  documents: Array<{ path: string; stamp: number; fresh: number; symbols: number }>;
  skipped: SkippedFile[];
  lines: JsonLines[];
}

/** Reads, parses and counts files and writes them as one segment. */
export interface FileIndexer {
  /** `hear` is told the number of files done so far. Rejects when the signal aborts. */
  index(
    paths: readonly string[],
    segment: string,
    options?: { signal?: AbortSignal; hear?: (done: number) => void },
  ): Promise<IndexedFiles>;
  /** Loads the grammars that these paths will need, as far as their names tell. */
  prepare(paths: readonly string[]): Promise<void>;
  /** Grammars that could not be used. */
  readonly notes: readonly string[];
}

/** A table with more terms than this is let go of: about 10 MB. */
const MOST_TERMS = 1 << 16;
/** The longest the event loop waits for this work, in milliseconds. */
const BREATH_MS = 12;

export function createFileIndexer(options: { root: string; grammarsDir: string; treeSitterWasm: string }): FileIndexer {
  const parser = createParser(options);
  let table = createTermTable();
  return {
    notes: parser.notes,
    async prepare(paths) {
      for (const path of paths) {
        // Of a header only the content tells.
        const language = path.endsWith('.h') ? undefined : languageOfPath(path);
        if (typeof language === 'object') await parser.prepare(language);
      }
    },
    async index(paths, segment, { signal, hear } = {}) {
      // What splits words is kept from one segment to the next, within limits.
      if (table.terms.length > MOST_TERMS) table = createTermTable();
      const writer = createSegmentWriter(table);
      const result: IndexedFiles = { documents: [], skipped: [], lines: [] };
      let breath = performance.now();
      for (const [position, path] of paths.entries()) {
        await indexFile(path, { root: options.root, parser, writer, result });
        if (performance.now() - breath < BREATH_MS) continue;
        await setImmediate();
        signal?.throwIfAborted();
        hear?.(position + 1);
        breath = performance.now();
      }
      if (writer.documents > 0) writer.write(segment);
      return result;
    },
  };
}

interface Work {
  root: string;
  parser: CodeParser;
  writer: ReturnType<typeof createSegmentWriter>;
  result: IndexedFiles;
}

async function indexFile(path: string, { root, parser, writer, result }: Work): Promise<void> {
  // The time is taken before the bytes: a change in between makes the file look changed next time.
  const stats = statOf(root, path);
  if (!stats) return;
  const stamp = stampOf(stats);
  const fresh = Math.max(stats.mtimeMs, stats.ctimeMs);
  const source = readSource(root, path, stats);
  if (!source.ok) {
    result.skipped.push({ path, reason: source.reason, stamp });
    return;
  }
  const parsed = await parser.parse(source.language, source.text);
  const file = { path, language: source.language.name, size: source.size, hash: source.hash };
  writer.add(file, source.text, parsed);
  result.documents.push({ path, stamp, fresh, symbols: parsed.symbols.length });
  result.lines.push(jsonLines({ ...file, imports: parsed.imports }, parsed.symbols));
}
