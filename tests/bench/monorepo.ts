// What a query costs in a project of any size, simulated: the segments of an indexed project are opened many times
// over, as if each were another part of a larger one.
//   node tests/bench/monorepo.ts INDEXED_PROJECT [--copies 1,5,50]
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { rankEvidence, WEIGHTS } from '../../src/context/rank.ts';
import { openDocuments } from '../../src/indexer/documents.ts';
import { gatherEvidence } from '../../src/indexer/evidence.ts';
import { readState } from '../../src/indexer/index-state.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { copies: { type: 'string', default: '1,5,50' } },
});
const TASK = 'report the line of an unexpected token when the parser of the configuration fails';
const folder = join(positionals[0] ?? '.', '.nex');
const state = readState(folder);
if (!state) throw new Error(`${folder} holds no index; run nex index there first.`);

for (const copies of values.copies.split(',').map(Number)) {
  const stamps = new Uint32Array(state.stamps.length * copies);
  for (let copy = 0; copy < copies; copy++) stamps.set(state.stamps, copy * state.stamps.length);
  const segments = Array.from({ length: copies }, () => state.segments).flat();
  const bytes = segments.reduce((sum, { name }) => sum + statSync(join(folder, name)).size, 0);
  const opening = cpu();
  const documents = openDocuments(folder, { ...state, segments, stamps });
  const opened = cpu() - opening;
  const ranking = cpu();
  rankEvidence(gatherEvidence(documents, TASK), WEIGHTS, 120);
  const ranked = cpu() - ranking;
  documents.close();
  console.log(
    `${stamps.length} files, ${segments.length} segments, ${(bytes / 1e6).toFixed(1)} MB: opened in ${Math.round(opened)} ms, ranked in ${Math.round(ranked)} ms of CPU, ${Math.round(process.memoryUsage.rss() / 1e6)} MB`,
  );
}

function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
