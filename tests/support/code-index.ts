import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CodeIndex, type CodeIndexOptions, openCodeIndex } from '../../src/indexer/code-index.ts';
import type { Evidence } from '../../src/indexer/evidence.ts';
import { FEATURES, type Feature } from '../../src/indexer/features.ts';

/** Where grammars and their engine lie in the source tree; the built program has them beside itself. */
const grammarsDir = fileURLToPath(new URL('../../src/indexer/grammars', import.meta.url));
const treeSitterWasm = createRequire(import.meta.url).resolve('web-tree-sitter/web-tree-sitter.wasm');

/** The code index of a project, with its files in `.nex`. */
export function indexOf(root: string, options: Partial<CodeIndexOptions> = {}): CodeIndex {
  return openCodeIndex({ root, dir: join(root, '.nex'), grammarsDir, treeSitterWasm, ...options });
}

/** Everything an index says about each file, by path. */
export const perFile = (evidence: Evidence | undefined) =>
  evidence &&
  Array.from(evidence.living, (file) => ({
    path: evidence.path(file),
    language: evidence.language(file),
    bytes: evidence.bytes(file),
    matched: evidence.matched(file),
    features: Object.fromEntries(FEATURES.map((feature) => [feature, evidence.columns[feature][file] ?? 0])) as Record<
      Feature,
      number
    >,
  })).sort((a, b) => (a.path < b.path ? -1 : 1));
