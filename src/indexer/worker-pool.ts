import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { isInside, readShipped } from '../platform/shipped-files.ts';
import type { IndexedPart } from './index-parts.ts';

/** What a worker is started with. */
export interface WorkerSetup {
  root: string;
  grammarsDir: string;
  treeSitterWasm: string;
}

/** One segment to make. */
export interface WorkerJob {
  paths: readonly string[];
  name: string;
  folder: string;
}

export type WorkerReply =
  | { type: 'part'; job: number; part: IndexedPart; notes: readonly string[] }
  /** How many files of the job are done. */
  | { type: 'heard'; job: number; count: number }
  | { type: 'failed'; job: number; message: string };

interface Pool {
  file: string;
  threads: number;
  setup: WorkerSetup;
  jobs: readonly WorkerJob[];
  notices: string[];
  signal: AbortSignal | undefined;
  onProgress?: ((done: number, total: number) => void) | undefined;
}

/** What a worker makes is short-lived; more room for it would only be more memory. */
const YOUNG_MB = 6;
/** Far more than a worker needs; V8 collects the sooner the less it may keep, and its default is all of the memory. */
const OLD_MB = 1024;

/**
 * The lines of index.json pass through this thread, and V8 would let the space for what is new grow to 64 MB for them.
 * The workers' has reached its own limit by the time the first part is done.
 */
const STAYS = '--semi-space-growth-factor=1';
const GROWS = '--semi-space-growth-factor=2';

/**
 * Workers fill the cores, so whatever V8 does on threads of its own takes time from them. Every worker has the same
 * code compiled for itself; what is inlined less and optimised later runs as fast, and a build takes a tenth less.
 */
const BUSY = [
  '--max-inlined-bytecode-size-cumulative=100',
  '--invocation-count-for-turbofan=30000',
  '--no-parallel-scavenge',
];
const USUAL = [
  '--max-inlined-bytecode-size-cumulative=920',
  '--invocation-count-for-turbofan=3000',
  '--parallel-scavenge',
];

/** Runs jobs on worker threads and gives their results in the order of the jobs. */
export async function* startWorkers(pool: Pool): AsyncGenerator<IndexedPart> {
  const { jobs, notices, signal } = pool;
  const awaited = new Map(jobs.map((_, job) => [job, Promise.withResolvers<IndexedPart>()]));
  // Whoever waits for the first of them hears of a failure; the others must not count as unhandled.
  for (const { promise } of awaited.values()) promise.catch(() => {});
  const fail = (error: unknown) => {
    for (const { reject } of awaited.values()) reject(error);
  };
  const total = jobs.reduce((sum, { paths }) => sum + paths.length, 0);
  let next = 0;
  const done = jobs.map(() => 0);
  const hear = (job: number, count: number) => {
    done[job] = count;
    pool.onProgress?.(
      done.reduce((sum, each) => sum + each, 0),
      total,
    );
  };
  pool.onProgress?.(0, total);
  for (const flag of BUSY) setFlagsFromString(flag);
  const workers = Array.from({ length: Math.min(pool.threads, jobs.length) }, () => {
    const worker = startWorker(pool.file, pool.setup);
    const give = () => {
      if (next < jobs.length) worker.postMessage({ job: next, ...jobs[next++] });
    };
    worker.on('error', fail);
    worker.on('exit', () => fail(new Error('A worker of the code index ended early.')));
    worker.on('message', (reply: WorkerReply) => {
      if (reply.type === 'failed') return fail(new Error(reply.message));
      if (reply.type === 'heard') return hear(reply.job, reply.count);
      notices.push(...reply.notes.filter((note) => !notices.includes(note)));
      setFlagsFromString(STAYS);
      hear(reply.job, jobs[reply.job]?.paths.length ?? 0);
      awaited.get(reply.job)?.resolve(reply.part);
      give();
    });
    give();
    return worker;
  });
  const stop = () => fail(signal?.reason);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    for (const [job, { promise }] of awaited) {
      const part = await promise;
      // What was given is not kept: all parts together are larger than the index.
      awaited.delete(job);
      yield part;
    }
  } finally {
    for (const flag of [GROWS, ...USUAL]) setFlagsFromString(flag);
    signal?.removeEventListener('abort', stop);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** From a file, or from the text of it that the single executable carries. */
function startWorker(file: string, workerData: WorkerSetup): Worker {
  const options = {
    workerData,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB, maxOldGenerationSizeMb: OLD_MB },
  };
  return isInside(file)
    ? new Worker(readShipped(file).toString('latin1'), { ...options, eval: true })
    : new Worker(file, options);
}
