// A worker that reads and parses files, nothing else: what a build costs at least.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { openGrammars } from '../../src/indexer/grammars.ts';
import { languageOfPath } from '../../src/indexer/languages/all.ts';

const { root, paths, grammarsDir, treeSitterWasm }: Record<string, string> & { paths: string[] } = workerData;
const grammars = openGrammars(grammarsDir ?? '', treeSitterWasm ?? '');
for (const path of paths) {
  const language = languageOfPath(path);
  if (typeof language !== 'object') continue;
  const grammar = await grammars.load(language);
  grammar?.parser.parse(readFileSync(join(root ?? '', path), 'latin1'))?.delete();
}
parentPort?.postMessage('done');
