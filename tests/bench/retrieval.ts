// How well files are ranked and packed for the tasks of a benchmark.
//   node tests/bench/retrieval.ts TASKS.jsonl SNAPSHOTS     one folder per repository below SNAPSHOTS
import { join } from 'node:path';
import { assembleContext } from '../../src/context/assemble.ts';
import { rankFiles } from '../../src/context/rank.ts';
import { inWords, meanOf, namesNoFile, openIndex, readTasks, type Score, scoreOf } from './benchmark-tasks.ts';

const [tasksFile, snapshots] = process.argv.slice(2);
if (tasksFile === undefined || snapshots === undefined) {
  console.error('usage: node tests/bench/retrieval.ts TASKS.jsonl SNAPSHOTS');
  process.exit(2);
}

const BUDGETS = [8000, 24_000, 60_000];
const tasks = readTasks(tasksFile);
const all: Score[] = [];
const hard: Score[] = [];
const packed = BUDGETS.map((budget) => ({ budget, recall: 0, tokens: 0 }));
let queryMs = 0;
for (const repo of new Set(tasks.map((task) => task.repo))) {
  const root = join(snapshots, repo);
  const index = openIndex(root);
  await index.refresh();
  const scores: Score[] = [];
  for (const task of tasks.filter((each) => each.repo === repo)) {
    const start = performance.now();
    const ranked = await rankFiles(index, task.task, { limit: 200 });
    queryMs += performance.now() - start;
    const score = scoreOf(
      ranked.map(({ path }) => path),
      task.truth,
    );
    scores.push(score);
    if (namesNoFile(task)) hard.push(score);
    for (const row of packed) {
      const { files, tokens } = await assembleContext({ root, task: task.task, budget: row.budget, index });
      row.recall += task.truth.filter((path) => files.some((file) => file.path === path)).length / task.truth.length;
      row.tokens += tokens;
    }
  }
  index.close();
  all.push(...scores);
  console.log(`${repo.padEnd(18)} ${inWords(meanOf(scores))}  n ${scores.length}`);
}
console.log(`${'all'.padEnd(18)} ${inWords(meanOf(all))}  n ${all.length}`);
console.log(`${'file not named'.padEnd(18)} ${inWords(meanOf(hard))}  n ${hard.length}`);
for (const { budget, recall, tokens } of packed) {
  console.log(
    `in the prompt at ${budget}: ${(recall / tasks.length).toFixed(3)}, ${Math.round(tokens / tasks.length)} tokens on average`,
  );
}
console.log(`one query: ${(queryMs / tasks.length).toFixed(1)} ms`);
