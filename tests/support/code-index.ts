import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CodeIndex, type CodeIndexOptions, openCodeIndex } from '../../src/indexer/code-index.ts';

/** Where grammars and their engine lie in the source tree; the built program has them beside itself. */
export const grammarsDir = fileURLToPath(new URL('../../src/indexer/grammars', import.meta.url));
export const treeSitterWasm = createRequire(import.meta.url).resolve('web-tree-sitter/web-tree-sitter.wasm');

/** The code index of a project, with its files in `.nex`. */
export function indexOf(root: string, options: Partial<CodeIndexOptions> = {}): CodeIndex {
  return openCodeIndex({ root, dir: join(root, '.nex'), grammarsDir, treeSitterWasm, ...options });
}
