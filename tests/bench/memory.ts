/**
 * What remembering is worth: node tests/bench/memory.ts
 * Twenty traps, each met in a first task and again in a second one, with the built program, a real repository and
 * real commands; only the model is scripted, and it follows a note when it gets one. `off` is the same second task
 * in a repository where nothing was learned: the floor.
 */
import { gitProject } from '../support/git-project.ts';
import { testHome } from '../support/run-nex.ts';
import { runTrapped, type TrapRun, traps } from '../support/traps.ts';

const sums = { off: [0, 0, 0], failure: [0, 0, 0], start: [0, 0, 0] };
const recalled = { failure: 0, start: 0 };
const add = (to: keyof typeof sums, { calls, requests, sent }: TrapRun) => {
  [calls, requests, sent].forEach((value, place) => {
    sums[to][place] = (sums[to][place] ?? 0) + value;
  });
};

for (const trap of traps) {
  using home = testHome();
  using fresh = gitProject(trap.files);
  using known = gitProject(trap.files);
  const off = await runTrapped(trap, 'second', fresh.root, home);
  await runTrapped(trap, 'first', known.root, home);
  const failure = await runTrapped(trap, 'second', known.root, home);
  const start = await runTrapped(trap, 'alike', known.root, home);
  add('off', off);
  add('failure', failure);
  add('start', start);
  recalled.failure += Number(failure.recalledAt.join() === 'failure');
  recalled.start += Number(start.recalledAt.join() === 'start' && start.checkFailed === 0);
  console.log(
    `${trap.name}: ${off.calls} calls without, ${failure.calls} told at the failure, ${start.calls} told before the task`,
  );
}

const of = traps.length;
const line = (name: string, [calls = 0, requests = 0, sent = 0]: readonly number[]) =>
  console.log(
    `${name.padEnd(34)} ${(calls / of).toFixed(1)} tool calls, ${(requests / of).toFixed(1)} requests, ${Math.round(sent / of).toLocaleString('en')} tokens sent a task`,
  );
console.log('');
line('memory off', sums.off);
line('memory on, told at the failure', sums.failure);
line('memory on, told before the task', sums.start);
console.log(
  `recalled at the failing step: ${recalled.failure} of ${of}; before a similar task, which then never failed: ${recalled.start} of ${of}`,
);
