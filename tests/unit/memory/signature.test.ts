import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { languageOf, readFailure, readRun } from '../../../src/memory/signature.ts';
import { type FailingProgram, failingPrograms, variation } from './failing-outputs.ts';
import { anyText } from './markdown.ts';

const failureOf = (program: FailingProgram, seed: number) => {
  const v = variation(seed);
  return readFailure({ command: program.command(v), exit: program.exit, output: program.output(v), root: v.root });
};

describe('readFailure on failing programs', () => {
  it.each(failingPrograms)('$name', (program) => {
    const failure = failureOf(program, 0);
    expect({ toolchain: failure?.toolchain, errorType: failure?.errorType }).toEqual({
      toolchain: program.toolchain,
      errorType: program.errorType,
    });
  });

  it('gives the same signature in at least 95 % of perturbed copies', () => {
    const copies = failingPrograms.flatMap((program) =>
      [1, 2, 3, 4, 5].map((seed) => [failureOf(program, 0)?.signature, failureOf(program, seed)?.signature]),
    );
    const same = copies.filter(([one, other]) => one !== undefined && one === other).length;
    expect(failingPrograms.length).toBeGreaterThanOrEqual(60);
    expect(same / copies.length).toBeGreaterThanOrEqual(0.95);
  });

  it('confuses at most 2 % of different failures', () => {
    const signatures = failingPrograms.map((program) => failureOf(program, 0)?.signature);
    const distinct = new Set(signatures).size;
    expect(1 - distinct / signatures.length).toBeLessThanOrEqual(0.02);
  });

  it('keeps no trace of machine, project or occurrence in a signature', () => {
    for (const program of failingPrograms) {
      for (const seed of [0, 1, 2]) {
        const v = variation(seed);
        const signature = failureOf(program, seed)?.signature ?? '';
        for (const name of [v.root, v.id(1), v.id(2), v.id(3), v.file(1)]) expect(signature).not.toContain(name);
      }
    }
  });
});

describe('readFailure', () => {
  it('answers everything that is known of a failing test', () => {
    const output = [
      '=================================== FAILURES ===================================',
      '___________________________________ test_key ___________________________________',
      '/srv/shop/tests/test_cart.py:6: in test_key',
      '    total([{"cost": 1}])',
      '/srv/shop/shop/cart.py:2: in total',
      '    return sum(i["price"] for i in items)',
      "E   KeyError: 'price'",
      '=========================== short test summary info ============================',
      "FAILED tests/test_cart.py::test_key - KeyError: 'price'",
      '1 failed in 0.02s',
    ].join('\n');
    expect(readFailure({ command: 'cd /srv/shop && pytest tests', exit: 1, output, root: '/srv/shop' })).toEqual({
      toolchain: 'pytest',
      language: 'python',
      errorType: 'runtime',
      signature: 'pytest runtime: KeyError: <q>',
      subject: 'test_key | price',
      headline: "KeyError: 'price'",
      frame: { path: 'shop/cart.py', line: 2 },
      check: { name: '/srv/shop: pytest tests', program: 'pytest', targets: ['tests'], folder: '/srv/shop' },
      files: ['tests/test_cart.py', 'shop/cart.py'],
      exit: 1,
    });
  });

  it('passes over commands that only look', () => {
    for (const [command, exit, output] of [
      ['grep foo src/a.ts', 1, ''],
      ['cat missing', 1, 'cat: missing: No such file or directory'],
      ['cat build.log missing', 1, "src/a.ts(1,1): error TS2304: Cannot find name 'x'.\ncat: missing: No such file"],
      ['git diff --exit-code', 1, '+error: x'],
      ['npm test', 0, 'Error: printed on purpose\n    at x (/a.js:1:1)'],
    ] as const) {
      expect(readFailure({ command, exit, output })).toBeUndefined();
    }
  });

  it('reads an unknown program by the line that announces the error', () => {
    const output = 'step 1 ok\nfatal: schema 12 is older than 14\nbye\n';
    expect(readFailure({ command: './migrate up', exit: 3, output })).toMatchObject({
      toolchain: 'command',
      errorType: 'runtime',
      signature: 'command runtime: fatal: schema <n> is older than <n>',
      headline: 'fatal: schema 12 is older than 14',
    });
  });

  it('knows a crash by its exit status when nothing was printed', () => {
    expect(readFailure({ command: './server', exit: 139, output: '' })?.signature).toBe(
      'command runtime: segmentation fault',
    );
  });

  it('puts what hides everything else first', () => {
    const output = `src/a.ts(1,7): error TS2322: Type 'string' is not assignable to type 'number'.
src/b.ts(9,1): error TS1005: ';' expected.
`;
    const { failures } = readRun({ command: 'tsc', exit: 2, output });
    expect(failures.map(({ errorType }) => errorType)).toEqual(['syntax', 'type']);
  });

  it('finds the failure behind a pipe that hides the exit status', () => {
    const output = 'FAILED tests/test_cart.py::test_total - assert 1 == 2\n1 failed, 3 passed in 0.02s';
    expect(readFailure({ command: 'pytest -q 2>&1 | tail -2', exit: 0, output })?.signature).toBe(
      'pytest test_failure: assert <v> == <v>',
    );
  });

  it('survives any output', () => {
    const commands = fc.constantFrom(
      'npm test',
      'pytest',
      'go test ./...',
      'cargo build',
      'make',
      'mvn test',
      './x',
      'node a.js',
    );
    fc.assert(
      fc.property(commands, anyText, fc.integer({ min: 0, max: 255 }), (command, output, exit) => {
        const { failures, passed } = readRun({ command, exit, output });
        expect(failures.length).toBeLessThanOrEqual(5);
        expect(failures.length === 0 || passed.length === 0).toBe(true);
      }),
    );
  });

  it('reads a huge output by its beginning and end', () => {
    const noise = 'compiling something or other\n'.repeat(200_000);
    const output = `${noise}src/a.ts(1,7): error TS2304: Cannot find name 'foo'.\n`;
    expect(readFailure({ command: 'npx tsc', exit: 2, output })?.headline).toBe("TS2304: Cannot find name 'foo'.");
  });
});

describe('readRun', () => {
  it('says which checks passed, and with which tool', () => {
    const { passed, toolchain } = readRun({ command: 'npm test', exit: 0, output: ' Test Files  1 passed (1)\n' });
    expect({ names: passed.map(({ name }) => name), toolchain }).toEqual({ names: ['npm test'], toolchain: 'vitest' });
  });

  it('concludes nothing from a filtered output that sounds of failure', () => {
    const output = 'test result: FAILED. 0 passed; 3 failed\n';
    expect(readRun({ command: "cargo test | grep 'test result'", exit: 0, output })).toMatchObject({
      failures: [],
      passed: [],
    });
  });

  it('concludes nothing when a filter found nothing', () => {
    expect(readRun({ command: 'npm test | grep error', exit: 1, output: '' })).toMatchObject({
      failures: [],
      passed: [],
    });
  });
});

describe('languageOf', () => {
  it('goes by the ending', () => {
    expect(['a.ts', 'x/b.PY', 'c.h', 'Makefile', undefined].map(languageOf)).toEqual([
      'typescript',
      'python',
      'c',
      undefined,
      undefined,
    ]);
  });
});
