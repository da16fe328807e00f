// What a second nex process does in these tests: node child.ts <work> <path> <name> <rounds>
import { appendDecisions } from '../../../src/memory/decisions.ts';
import { openErrorPatterns } from '../../../src/memory/error-patterns.ts';
import { createLearner } from '../../../src/memory/learner.ts';
import type { ErrorPatterns } from '../../../src/memory/pattern.ts';
import { appendSessionLine } from '../../../src/memory/project.ts';
import { systemClock } from '../../../src/platform/clock.ts';

const [work, path = '', name = '', rounds = '1'] = process.argv.slice(2);
const times = Array.from({ length: Number(rounds) }, (_, index) => index);

if (work === 'sessions') for (const round of times) await appendSessionLine(path, `${name} ${round}`, new Date());
if (work === 'decisions') {
  for (const round of times) {
    await appendDecisions(path, [{ task: name, decision: `${name} ${round}`, reasoning: 'because' }], new Date());
  }
}
if (work === 'learn' || work === 'die') {
  const store = openErrorPatterns({ path, clock: systemClock, onNotice: (text) => console.error(text) });
  // `die` ends at the given step of the store as a kill would: between two steps, and in the middle of one.
  const patterns = work === 'die' ? dyingAt(Number(rounds), store) : store;
  for (const round of work === 'die' ? [0, 1] : times) {
    const learner = createLearner({ patterns, task: `${name} ${round}` });
    const output = `src/${name}.ts(1,1): error TS2304: Cannot find name '${name}${round}'.\n`;
    const shared = "src/shared.ts(1,1): error TS2307: Cannot find module './shared'.\n";
    learner.afterCommand({ command: 'tsc', exit: 2, output: output + shared });
    learner.afterEdit({ path: `src/${name}.ts`, patch: `+const ${name}${round} = 1;\n` });
    learner.afterCommand({ command: 'tsc', exit: 0, output: '' });
    // Tells the test how far it got, for the test that kills it.
    process.stdout.write(`${round}\n`);
  }
  patterns.dispose();
}

/** The store, whose every step is counted; at this one, or right behind it, the process kills itself. */
function dyingAt(step: number, store: ErrorPatterns): ErrorPatterns {
  let steps = 0;
  const dieAt = (now: number) => {
    if (now === step) process.kill(process.pid, 'SIGKILL');
  };
  const counted = <A extends unknown[], R>(act: (...args: A) => R) => {
    return (...args: A): R => {
      dieAt(steps++);
      const done = act(...args);
      dieAt(steps++);
      return done;
    };
  };
  return {
    ...store,
    open: counted(store.open),
    close: counted(store.close),
    hit: counted(store.hit),
    settle: counted(store.settle),
  };
}
