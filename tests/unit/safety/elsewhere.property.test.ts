import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeCommand } from '../../../src/safety/policy.ts';

const ROOT = '/home/user/shop';
const verdictOf = (command: string) => judgeCommand(command, { root: ROOT, home: '/home/user' }).verdict;

const name = fc.constantFrom('a', 'b', 'src', 'lib');
const inside = fc.array(name, { maxLength: 3 }).map((parts) => [ROOT, ...parts].join('/'));
const outside = fc
  .tuple(
    fc.constantFrom('/srv', '/home/user', '/home/user/shop-old', '/tmp', '/var/lib'),
    fc.array(name, { maxLength: 2 }),
  )
  .map(([top, parts]) => [top, ...parts].join('/'));

/** One step of a shell's way through folders, and where it leads. */
type Step = { text: string; go: (way: Way) => void };
interface Way {
  here: string;
  before: string;
  pushed: string[];
}

const moved = (way: Way, to: string) => {
  way.before = way.here;
  way.here = to;
};

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.oneof(inside, outside).map((to) => ({ text: `cd ${to}`, go: (way: Way) => moved(way, to) })),
  name.map((to) => ({ text: `cd ${to}`, go: (way: Way) => moved(way, `${way.here}/${to}`) })),
  fc.oneof(inside, outside).map((to) => ({
    text: `pushd ${to}`,
    go: (way: Way) => {
      way.pushed.push(way.here);
      moved(way, to);
    },
  })),
  fc.constant({
    text: 'popd',
    go: (way: Way) => {
      moved(way, way.pushed.pop() ?? way.here);
    },
  }),
  fc.constant({ text: 'cd -', go: (way: Way) => moved(way, way.before) }),
);

describe('a file lies where the shell has gone to', () => {
  it('through cd, cd -, pushd and popd', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 7 }), (steps) => {
        const way: Way = { here: ROOT, before: ROOT, pushed: [] };
        const texts = [`cd ${ROOT}`];
        for (const { text, go } of steps) {
          // Without a folder to go back to the shell fails and stays.
          if (text === 'popd' && way.pushed.length === 0) continue;
          go(way);
          texts.push(text);
        }
        const kept = way.here === ROOT || way.here.startsWith(`${ROOT}/`) || /^\/tmp(?:\/|$)/.test(way.here);
        const command = [...texts, 'touch file'].join('; ');
        expect({ command, verdict: verdictOf(command) }).toEqual({ command, verdict: kept ? 'allow' : 'ask' });
      }),
      { numRuns: 400, seed: 20_261_127 },
    );
  });
});

describe('code from outside the project', () => {
  const ways = fc.constantFrom<(folder: string) => string>(
    (folder) => `PYTHONPATH=${folder} python3 app.py`,
    (folder) => `PYTHONPATH=src:${folder} python3 app.py`,
    (folder) => `export NODE_PATH='${folder}'; node app.js`,
    (folder) => `env PERL5LIB=${folder} perl app.pl`,
    (folder) => `node --import=${folder}/x.js app.js`,
    (folder) => `mocha --require ${folder}/x.js`,
    (folder) => `gcc -fplugin=${folder}/x.so a.c`,
    (folder) => `java -javaagent:${folder}/x.jar Main`,
    (folder) => `gradle -I ${folder}/x.gradle build`,
  );

  it('is asked about wherever it lies', () => {
    fc.assert(
      fc.property(ways, outside, (command, folder) => {
        expect({ command: command(folder), verdict: verdictOf(command(folder)) }).toMatchObject({ verdict: 'ask' });
      }),
      { numRuns: 200, seed: 20_261_127 },
    );
  });

  it('is no matter when it is the own', () => {
    fc.assert(
      fc.property(ways, inside, (command, folder) => {
        expect({ command: command(folder), verdict: verdictOf(command(folder)) }).toMatchObject({ verdict: 'allow' });
      }),
      { numRuns: 200, seed: 20_261_127 },
    );
  });
});
