import { join } from 'node:path';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../errors.ts';
import { createFileIndexer } from './index-files.ts';
import type { WorkerJob, WorkerReply, WorkerSetup } from './worker-pool.ts';

// The program of a worker thread: makes one segment after the other. It is started, never imported.
const setup: WorkerSetup = workerData;
const indexer = createFileIndexer(setup);
// Most of what a part leaves is garbage of middle age, which V8 would let grow to hundreds of megabytes.
setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');
const WORTH_COLLECTING = 40 << 20;

parentPort?.on('message', ({ job, paths, name, folder }: WorkerJob & { job: number }) => {
  const hear = (count: number) => reply({ type: 'heard', job, count });
  indexer.index(paths, join(folder, name), { hear }).then(
    (indexed) => {
      reply({ type: 'part', job, part: { name, ...indexed }, notes: indexer.notes });
      if (getHeapStatistics().used_heap_size > WORTH_COLLECTING) setImmediate(collect);
    },
    (error) => reply({ type: 'failed', job, message: messageOf(error) }),
  );
});

function reply(message: WorkerReply): void {
  parentPort?.postMessage(message);
}
