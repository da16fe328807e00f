import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { shippedFolder } from '../platform/shipped-files.ts';

/** Files that ship with the program: grammars, the tree-sitter runtime, the index worker, the guides. */
export interface Assets {
  grammarsDir: string;
  treeSitterWasm: string;
  /** Undefined in a checkout that was not built: indexing then happens in this thread. */
  indexWorker: string | undefined;
  /** The texts of `nex help TOPIC`, in Markdown. */
  guidesDir: string;
}

/** Finds them beside or inside the built program, or in a checkout where the sources run as they are. */
export function findAssets(here: string = import.meta.dirname): Assets {
  const folder = shippedFolder(here);
  if (folder !== here || existsSync(join(here, 'grammars'))) {
    return {
      grammarsDir: join(folder, 'grammars'),
      treeSitterWasm: join(folder, 'web-tree-sitter.wasm'),
      indexWorker: join(folder, 'index-worker.cjs'),
      guidesDir: join(folder, 'guides'),
    };
  }
  const tree = createRequire(import.meta.url).resolve('web-tree-sitter');
  return {
    grammarsDir: join(here, '..', 'indexer', 'grammars'),
    treeSitterWasm: join(dirname(tree), 'web-tree-sitter.wasm'),
    indexWorker: undefined,
    guidesDir: join(here, 'guides'),
  };
}
