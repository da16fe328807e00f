import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import type { WorkerReply } from '../../src/indexer/worker-pool.ts';
import { gitProject } from '../support/git-project.ts';
import { testHome } from '../support/run-nex.ts';

describe('nex index', () => {
  it('builds a large index on worker threads, which the built program brings along', async () => {
    using home = testHome();
    using project = gitProject(
      Object.fromEntries(
        Array.from({ length: 450 }, (_, index) => [`d${index % 9}/f${index}.py`, `def token${index}(): pass\n`]),
      ),
    );
    const run = await home.nex(['index', '--json'], { cwd: project.root });
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(run.stdout)).toMatchObject({ files: 450, symbols: 450 });
  });

  it('has a worker that also runs from its text, among the globals, as the executable starts it', async () => {
    using project = gitProject({ 'a.py': 'def token(): pass\n' });
    const dist = fileURLToPath(new URL('../../dist', import.meta.url));
    const worker = new Worker(readFileSync(join(dist, 'index-worker.cjs'), 'latin1'), {
      eval: true,
      workerData: {
        root: project.root,
        grammarsDir: join(dist, 'grammars'),
        treeSitterWasm: join(dist, 'web-tree-sitter.wasm'),
      },
    });
    const replied = new Promise<WorkerReply>((resolve, reject) => {
      worker.on('message', (reply: WorkerReply) => reply.type !== 'heard' && resolve(reply));
      worker.on('error', reject);
    });
    worker.postMessage({ job: 0, paths: ['a.py'], name: 'a.seg', folder: project.root });
    expect(await replied).toMatchObject({
      type: 'part',
      part: { documents: [{ path: 'a.py', symbols: 1 }] },
      notes: [],
    });
    expect(readdirSync(project.root)).toContain('a.seg');
    await worker.terminate();
  });
});
