import type { ErrorType } from '../../../src/memory/toolchains/toolchain.ts';

/** What may differ between two occurrences of one failure. */
export interface Variation {
  /** An identifier, different in every variation. */
  id(index: number): string;
  /** A capitalised identifier. */
  Id(index: number): string;
  /** A file name without its ending. */
  file(index: number): string;
  /** The absolute folder of the project. */
  root: string;
  line(index: number): number;
  ms(index: number): string;
  number(index: number): number;
  hex(index: number): string;
  /** Blocks in another order. */
  order(blocks: readonly string[]): string;
}

/** One failing program: how it was run, what it printed, and what kind of failure it is. */
export interface FailingProgram {
  name: string;
  command: (v: Variation) => string;
  exit: number;
  toolchain: string;
  errorType: ErrorType;
  output: (v: Variation) => string;
}

const WORDS = ['cart', 'order', 'invoice', 'user', 'ledger', 'parser', 'router', 'billing', 'queue', 'token', 'report'];

/** The variation with this number: 0 is the original, every other one differs in all it can. */
export function variation(seed: number): Variation {
  const word = (index: number) => WORDS[(index * 3 + seed * 5) % WORDS.length] ?? 'cart';
  const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
  const id = (index: number) => `${word(index)}${capital(word(index + seed + 1))}${seed === 0 ? '' : `_${seed}`}`;
  return {
    id,
    Id: (index) => capital(word(index)) + capital(word(index + 2 + seed)),
    file: (index) => `${word(index)}${seed % 2 === 0 ? '-' : '_'}${word(index + 1)}`,
    root:
      [
        '/home/ana/shop',
        '/tmp/build-8f3a1c2/app',
        '/srv/x',
        'C:/Users/Jo/src/shop',
        '/srv/ci/4711/repo',
        '/Users/li/dev/web',
      ][seed % 6] ?? '/x',
    line: (index) => 3 + ((index * 17 + seed * 31) % 400),
    ms: (index) => ((index * 7.13 + seed * 3.71 + 0.4) % 90).toFixed(2),
    number: (index) => (index * 13 + seed * 29 + 2) % 997,
    hex: (index) => ((index + 1) * 0x1f35a7c1 + seed * 0x5bd1e995).toString(16).slice(-8).padStart(8, 'a'),
    order: (blocks) => (seed % 2 === 0 ? [...blocks] : [...blocks].reverse()).join(''),
  };
}

const nodeStack = (v: Variation, at: string) => `    at ${at}
    at ModuleJob.run (node:internal/modules/esm/module_job:${v.line(60)}:25)
    at async node:internal/modules/esm/loader:${v.line(61)}:26
    at async asyncRunEntryPointWithESMLoader (node:internal/modules/run_main:${v.line(62)}:5)

Node.js v24.${v.number(3) % 20}.0
`;

export const failingPrograms: readonly FailingProgram[] = [
  {
    name: 'node: property of undefined',
    command: (v) => `node src/${v.file(1)}.mjs`,
    exit: 1,
    toolchain: 'node',
    errorType: 'runtime',
    output: (v) => `file://${v.root}/src/${v.file(1)}.mjs:${v.line(1)}
function ${v.id(1)}(x) { return x.${v.id(2)}.map(i => i.price); }
                                   ^

TypeError: Cannot read properties of undefined (reading '${v.id(2)}')
${nodeStack(v, `${v.id(1)} (file://${v.root}/src/${v.file(1)}.mjs:${v.line(1)}:36)`)}`,
  },
  {
    name: 'node: not defined',
    command: (v) => `node ${v.file(2)}.mjs`,
    exit: 1,
    toolchain: 'node',
    errorType: 'runtime',
    output: (v) => `file://${v.root}/${v.file(2)}.mjs:${v.line(2)}
${v.id(4)}.bar();
^

ReferenceError: ${v.id(4)} is not defined
${nodeStack(v, `file://${v.root}/${v.file(2)}.mjs:${v.line(2)}:1`)}`,
  },
  {
    name: 'node: missing relative module',
    command: (v) => `node ${v.file(3)}.mjs`,
    exit: 1,
    toolchain: 'node',
    errorType: 'import',
    output: (v) => `node:internal/modules/esm/resolve:272
    throw new ERR_MODULE_NOT_FOUND(
          ^

Error [ERR_MODULE_NOT_FOUND]: Cannot find module '${v.root}/src/${v.file(4)}' imported from ${v.root}/src/${v.file(3)}.mjs
    at finalizeResolution (node:internal/modules/esm/resolve:272:11)
    at moduleResolve (node:internal/modules/esm/resolve:879:10) {
  code: 'ERR_MODULE_NOT_FOUND',
  url: 'file://${v.root}/src/${v.file(4)}'
}

Node.js v24.21.0
`,
  },
  {
    name: 'node: missing package',
    command: (v) => `cd ${v.file(9)} && node ${v.file(3)}.mjs 2>&1 | tail -30`,
    exit: 0,
    toolchain: 'node',
    errorType: 'import',
    output: (v) => `node:internal/modules/package_json_reader:331
  throw new ERR_MODULE_NOT_FOUND(packageName, fileURLToPath(base), null);
        ^

Error [ERR_MODULE_NOT_FOUND]: Cannot find package '${v.file(5)}' imported from ${v.root}/${v.file(3)}.mjs
    at Object.getPackageJSONURL (node:internal/modules/package_json_reader:331:9) {
  code: 'ERR_MODULE_NOT_FOUND'
}

Node.js v24.21.0
`,
  },
  {
    name: 'node: no such export',
    command: (v) => `node ${v.file(6)}.mjs`,
    exit: 1,
    toolchain: 'node',
    errorType: 'syntax',
    output: (v) => `file://${v.root}/${v.file(6)}.mjs:1
import { ${v.id(5)} } from './${v.file(7)}.mjs';
         ^^^^^^^^^^^
SyntaxError: The requested module './${v.file(7)}.mjs' does not provide an export named '${v.id(5)}'
    at #asyncInstantiate (node:internal/modules/esm/module_job:${v.line(3)}:21)
    at async ModuleJob.run (node:internal/modules/esm/module_job:553:5)

Node.js v24.21.0
`,
  },
  {
    name: 'node: port in use',
    command: () => 'npm start',
    exit: 1,
    toolchain: 'node',
    errorType: 'environment',
    output: (v) => `
> ${v.file(1)}@1.${v.number(1)}.0 start
> node server.mjs

node:events:505
    throw er; // Unhandled 'error' event
    ^

Error: listen EADDRINUSE: address already in use :::${3000 + v.number(2)}
    at Server.setupListenHandle [as _listen2] (node:net:2328:16)
    at Server.<anonymous> (file://${v.root}/server.mjs:${v.line(1)}:61)
  code: 'EADDRINUSE',

Node.js v24.21.0
`,
  },
  {
    name: 'node:test: strict equality (spec)',
    command: (v) => `node --test test/${v.file(1)}.test.mjs`,
    exit: 1,
    toolchain: 'node:test',
    errorType: 'test_failure',
    output: (v) => `▶ ${v.id(1)}
  ✖ adds ${v.id(2)} (${v.ms(1)}ms)
✖ ${v.id(1)} (${v.ms(2)}ms)
ℹ tests 3
ℹ pass 2
ℹ fail 1
ℹ duration_ms ${v.ms(3)}

✖ failing tests:

test at test/${v.file(1)}.test.mjs:${v.line(1)}:3
✖ adds ${v.id(2)} (${v.ms(1)}ms)
  AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:
  
  ${v.number(1)} !== ${v.number(2)}
  
      at TestContext.<anonymous> (file://${v.root}/test/${v.file(1)}.test.mjs:${v.line(1)}:34)
      at Test.runInAsyncScope (node:async_hooks:227:14)
      at Test.run (node:internal/test_runner/test:1402:25) {
    generatedMessage: true,
    code: 'ERR_ASSERTION',
    actual: ${v.number(1)},
    expected: ${v.number(2)},
    operator: 'strictEqual'
  }
`,
  },
  {
    name: 'node:test: two failures in TAP',
    command: () => 'npm test',
    exit: 1,
    toolchain: 'node:test',
    errorType: 'runtime',
    output: (v) => `TAP version 13
${v.order([
  `# Subtest: reads ${v.id(3)}
not ok 1 - reads ${v.id(3)}
  ---
  duration_ms: ${v.ms(1)}
  type: 'test'
  location: '${v.root}/test/${v.file(1)}.test.mjs:${v.line(2)}:3'
  failureType: 'testCodeFailure'
  error: "Cannot read properties of null (reading '${v.id(4)}')"
  code: 'ERR_TEST_FAILURE'
  name: 'TypeError'
  stack: |-
    ${v.id(5)} (file://${v.root}/src/${v.file(2)}.mjs:${v.line(3)}:30)
    TestContext.<anonymous> (file://${v.root}/test/${v.file(1)}.test.mjs:${v.line(2)}:31)
  ...
`,
  `# Subtest: deep ${v.id(6)}
not ok 2 - deep ${v.id(6)}
  ---
  duration_ms: ${v.ms(2)}
  type: 'test'
  location: '${v.root}/test/${v.file(1)}.test.mjs:${v.line(4)}:3'
  failureType: 'testCodeFailure'
  error: |-
    Expected values to be strictly deep-equal:
    + actual - expected
  code: 'ERR_ASSERTION'
  name: 'AssertionError'
  stack: |-
    TestContext.<anonymous> (file://${v.root}/test/${v.file(1)}.test.mjs:${v.line(4)}:31)
  ...
`,
])}1..2
# tests 2
# fail 2
# duration_ms ${v.ms(3)}
`,
  },
  {
    name: 'vitest: toBe',
    command: (v) => `npx vitest run tests/${v.file(1)}.test.ts`,
    exit: 1,
    toolchain: 'vitest',
    errorType: 'test_failure',
    output: (v) => `
\x1b[1m\x1b[30m\x1b[46m RUN \x1b[49m\x1b[39m\x1b[22m \x1b[36mv5.1.0 \x1b[39m\x1b[90m${v.root}\x1b[39m

 ❯ tests/${v.file(1)}.test.ts (4 tests | 1 failed) ${v.ms(1)}ms
     × adds ${v.id(1)} ${v.number(3)}ms

⎯⎯⎯⎯⎯⎯⎯ Failed Tests 1 ⎯⎯⎯⎯⎯⎯⎯

\x1b[41m\x1b[1m FAIL \x1b[22m\x1b[49m tests/${v.file(1)}.test.ts\x1b[2m > \x1b[22m${v.id(2)}\x1b[2m > \x1b[22madds ${v.id(1)}
AssertionError: expected ${v.number(1)} to be ${v.number(2)} // Object.is equality

- Expected
+ Received

- ${v.number(2)}
+ ${v.number(1)}

 ❯ tests/${v.file(1)}.test.ts:${v.line(1)}:43
      2| const total = 1;

⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯[1/1]⎯

 Test Files  1 failed (1)
      Tests  1 failed | 3 passed (4)
   Start at  09:11:${10 + (v.number(5) % 50)}
   Duration  ${v.number(4)}ms (tests 55%)
`,
  },
  {
    name: 'vitest: import that does not resolve, and a deep inequality',
    command: () => 'npm test',
    exit: 1,
    toolchain: 'vitest',
    errorType: 'import',
    output: (v) => `
 RUN  v4.1.0 ${v.root}

⎯⎯⎯⎯⎯⎯ Failed Suites 1 ⎯⎯⎯⎯⎯⎯⎯
${v.order([
  `
 FAIL  tests/${v.file(2)}.test.ts [ tests/${v.file(2)}.test.ts ]
Error: Failed to resolve import "../src/${v.file(3)}" from "tests/${v.file(2)}.test.ts". Does the file exist?
  Plugin: vite:import-analysis
  File: ${v.root}/tests/${v.file(2)}.test.ts:${v.line(1)}:22
⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯[1/2]⎯
`,
  `
 FAIL  tests/${v.file(1)}.test.ts > ${v.id(1)}
AssertionError: expected { ${v.id(2)}: ${v.number(1)} } to deeply equal { ${v.id(2)}: ${v.number(2)} }

 ❯ tests/${v.file(1)}.test.ts:${v.line(2)}:37
⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯[2/2]⎯
`,
])}
 Test Files  2 failed (2)
      Tests  1 failed (1)
`,
  },
  {
    name: 'vitest: timeout',
    command: () => 'pnpm exec vitest run',
    exit: 1,
    toolchain: 'vitest',
    errorType: 'runtime',
    output: (v) => ` RUN  v5.1.0 ${v.root}

 FAIL  ${v.file(1)}.test.ts > ${v.id(2)} > slow
Error: Test timed out in ${1000 + v.number(1)}ms.
If this is a long-running test, pass a timeout value as the last argument or configure it globally with "testTimeout".
 ❯ ${v.file(1)}.test.ts:${v.line(1)}:3

 Test Files  1 failed (1)
`,
  },
  {
    name: 'jest: toBe',
    command: () => 'npx jest --ci',
    exit: 1,
    toolchain: 'jest',
    errorType: 'test_failure',
    output: (v) => `FAIL src/${v.file(1)}.test.js
  ● ${v.id(1)} › adds ${v.id(2)}

    expect(received).toBe(expected) // Object.is equality

    Expected: ${v.number(1)}
    Received: ${v.number(2)}

      1 | const { total } = require('./sum');
    > 3 |   test('adds', () => { expect(total([1,2])).toBe(4); });
        |                                             ^

      at Object.toBe (src/${v.file(1)}.test.js:${v.line(1)}:45)

Test Suites: 1 failed, ${v.number(5)} passed, ${v.number(5) + 1} total
Tests:       1 failed, 1 total
Time:        ${v.ms(1)} s
`,
  },
  {
    name: 'jest: toHaveLength',
    command: () => 'yarn test',
    exit: 1,
    toolchain: 'jest',
    errorType: 'test_failure',
    output: (v) => `FAIL ./${v.file(1)}.test.js (${v.ms(2)} s)
  ● lists ${v.id(2)}

    expect(received).toHaveLength(expected)

    Expected length: ${v.number(1)}
    Received length: ${v.number(2)}
    Received array:  [{"id": ${v.number(3)}}]

      at Object.toHaveLength (${v.file(1)}.test.js:${v.line(1)}:45)

Test Suites: 1 failed, 1 total
Tests:       1 failed, 1 total
`,
  },
  {
    name: 'jest: missing module',
    command: (v) => `npx jest src/${v.file(1)}`,
    exit: 1,
    toolchain: 'jest',
    errorType: 'import',
    output: (v) => `FAIL src/${v.file(1)}.test.js
  ● Test suite failed to run

    Cannot find module './${v.file(2)}' from 'src/${v.file(1)}.test.js'

    > 1 | const x = require('./gone');
        |           ^

      at Resolver._throwModNotFoundError (../node_modules/jest-resolve/build/index.js:${v.line(9)}:11)
      at Object.require (src/${v.file(1)}.test.js:1:11)

Test Suites: 1 failed, 1 total
`,
  },
  {
    name: 'tsc: wrong types',
    command: () => 'npx tsc --noEmit',
    exit: 2,
    toolchain: 'tsc',
    errorType: 'type',
    output: (v) =>
      v.order([
        `src/${v.file(1)}.ts(${v.line(1)},7): error TS2322: Type 'string' is not assignable to type '${v.Id(1)}'.\n`,
        `src/${v.file(2)}.ts(${v.line(2)},3): error TS2339: Property '${v.id(3)}' does not exist on type '${v.Id(4)}'.\n`,
      ]),
  },
  {
    name: 'tsc: pretty, cannot find name',
    command: () => 'npm run typecheck',
    exit: 1,
    toolchain: 'tsc',
    errorType: 'type',
    output: (
      v,
    ) => `\x1b[96msrc/${v.file(1)}.ts\x1b[0m:\x1b[93m${v.line(1)}\x1b[0m:\x1b[93m1\x1b[0m - \x1b[91merror\x1b[0m\x1b[90m TS2304: \x1b[0mCannot find name '${v.id(6)}'.

\x1b[7m${v.line(1)}\x1b[0m ${v.id(6)}(1);
\x1b[7m \x1b[0m \x1b[91m~~~\x1b[0m

Found 1 error in src/${v.file(1)}.ts\x1b[90m:${v.line(1)}\x1b[0m
`,
  },
  {
    name: 'eslint: unused variable',
    command: () => 'npx eslint .',
    exit: 1,
    toolchain: 'eslint',
    errorType: 'lint',
    output: (v) => `
${v.root}/src/${v.file(1)}.js
  ${v.line(1)}:7   error    '${v.id(1)}' is assigned a value but never used  no-unused-vars
  ${v.line(2)}:5   warning  Unexpected console statement         no-console

✖ 2 problems (1 error, 1 warning)
`,
  },
  {
    name: 'eslint: parsing error',
    command: () => 'npm run lint',
    exit: 1,
    toolchain: 'eslint',
    errorType: 'syntax',
    output: (v) => `
${v.root}/src/${v.file(1)}.js
  ${v.line(1)}:9  error  Parsing error: Unexpected token ;

✖ 1 problem (1 error, 0 warnings)
`,
  },
  {
    name: 'npm: missing script',
    command: () => 'npm run tset',
    exit: 1,
    toolchain: 'package manager',
    errorType: 'environment',
    output: (v) => `npm error Missing script: "${v.id(1)}"
npm error
npm error To see a list of scripts, run:
npm error   npm run
npm error A complete log of this run can be found in: ${v.root}/.npm/_logs/2026-11-21T09_11_21_562Z-debug-0.log
`,
  },
  {
    name: 'npm: peer conflict',
    command: (v) => `npm install ${v.file(1)}`,
    exit: 1,
    toolchain: 'package manager',
    errorType: 'environment',
    output: (v) => `npm error code ERESOLVE
npm error ERESOLVE unable to resolve dependency tree
npm error
npm error While resolving: ${v.file(2)}@1.${v.number(1)}.0
npm error Found: react@19.${v.number(2)}.0
`,
  },
  {
    name: 'pytest: comparison, long form',
    command: (v) => `python -m pytest tests/test_${v.id(1)}.py -x -q`,
    exit: 1,
    toolchain: 'pytest',
    errorType: 'test_failure',
    output: (v) => `F                                                                        [100%]
=================================== FAILURES ===================================
__________________________________ test_${v.id(1)} __________________________________

    def test_${v.id(1)}():
>       assert total([{"price": 1}]) == 2
E       assert ${v.number(1)} == ${v.number(2)}
E        +  where ${v.number(1)} = total([{'price': 1}])

tests/test_${v.id(1)}.py:${v.line(1)}: AssertionError
=========================== short test summary info ============================
FAILED tests/test_${v.id(1)}.py::test_${v.id(1)} - assert ${v.number(1)} == ${v.number(2)}
1 failed in ${v.ms(1)}s
`,
  },
  {
    name: 'pytest: KeyError and a fixture, short form',
    command: () => 'uv run pytest --tb=short',
    exit: 1,
    toolchain: 'pytest',
    errorType: 'runtime',
    output: (v) => `============================= test session starts ==============================
platform linux -- Python 3.11.7, pytest-9.1.1, pluggy-1.6.0
rootdir: ${v.root}
collected 2 items

=================================== FAILURES ===================================
${v.order([
  `___________________________________ test_${v.id(2)} ___________________________________
tests/test_${v.id(1)}.py:${v.line(1)}: in test_${v.id(2)}
    total([{"cost": 1}])
${v.id(3)}.py:${v.line(2)}: in total
    return sum(i["price"] for i in items)
E   KeyError: '${v.id(4)}'
`,
  `___________________________________ test_${v.id(5)} ___________________________________
tests/test_${v.id(1)}.py:${v.line(3)}: in test_${v.id(5)}
    with pytest.raises(ValueError):
E   Failed: DID NOT RAISE ValueError
`,
])}=========================== short test summary info ============================
FAILED tests/test_${v.id(1)}.py::test_${v.id(2)} - KeyError: '${v.id(4)}'
FAILED tests/test_${v.id(1)}.py::test_${v.id(5)} - Failed: DID NOT RAISE ValueError
2 failed in ${v.ms(1)}s
`,
  },
  {
    name: 'pytest: import error while collecting',
    command: () => 'pytest -q',
    exit: 2,
    toolchain: 'pytest',
    errorType: 'import',
    output: (v) => `
==================================== ERRORS ====================================
_________________________ ERROR collecting tests/test_${v.id(1)}.py _________________________
ImportError while importing test module '${v.root}/tests/test_${v.id(1)}.py'.
Hint: make sure your test modules/packages have valid Python names.
Traceback:
/usr/lib/python3.11/importlib/__init__.py:126: in import_module
    return _bootstrap._gcd_import(name[level:], package, level)
tests/test_${v.id(1)}.py:1: in <module>
    from cart import totl
E   ImportError: cannot import name '${v.id(2)}' from '${v.id(3)}' (${v.root}/${v.id(3)}.py)
=========================== short test summary info ============================
ERROR tests/test_${v.id(1)}.py
!!!!!!!!!!!!!!!!!!!! Interrupted: 1 error during collection !!!!!!!!!!!!!!!!!!!!
1 error in ${v.ms(1)}s
`,
  },
  {
    name: 'unittest: assertEqual',
    command: (v) => `python3 -m unittest tests.test_${v.id(1)}`,
    exit: 1,
    toolchain: 'unittest',
    errorType: 'test_failure',
    output: (v) => `F.
======================================================================
FAIL: test_total (tests.test_${v.id(1)}.${v.Id(1)}Test.test_total)
----------------------------------------------------------------------
Traceback (most recent call last):
  File "${v.root}/tests/test_${v.id(1)}.py", line ${v.line(1)}, in test_total
    self.assertEqual(total([{"price": 1}]), 2)
AssertionError: ${v.number(1)} != ${v.number(2)}

----------------------------------------------------------------------
Ran ${v.number(3) + 2} tests in ${v.ms(1)}s

FAILED (failures=1)
`,
  },
  {
    name: 'python: unexpected keyword',
    command: () => 'python3 main.py',
    exit: 1,
    toolchain: 'python',
    errorType: 'runtime',
    output: (v) => `Traceback (most recent call last):
  File "${v.root}/main.py", line ${v.line(1)}, in <module>
    ${v.id(1)}(${v.id(2)}=1)
TypeError: ${v.id(1)}() got an unexpected keyword argument '${v.id(2)}'
`,
  },
  {
    name: 'python: file not found behind another error',
    command: () => 'python main.py',
    exit: 1,
    toolchain: 'python',
    errorType: 'runtime',
    output: (v) => `Traceback (most recent call last):
  File "${v.root}/${v.id(1)}.py", line ${v.line(1)}, in load
    open(p)
FileNotFoundError: [Errno 2] No such file or directory: 'settings/${v.file(1)}.toml'

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "${v.root}/main.py", line ${v.line(2)}, in <module>
    load("settings/missing.toml")
  File "${v.root}/${v.id(1)}.py", line ${v.line(3)}, in load
    raise RuntimeError(f"cannot load {p}") from e
RuntimeError: cannot load settings/${v.file(1)}.toml
`,
  },
  {
    name: 'python: missing module',
    command: () => 'python manage_it.py',
    exit: 1,
    toolchain: 'python',
    errorType: 'import',
    output: (v) => `Traceback (most recent call last):
  File "${v.root}/manage_it.py", line ${v.line(1)}, in <module>
    import ${v.id(1)}
ModuleNotFoundError: No module named '${v.id(1)}'
`,
  },
  {
    name: 'python: indentation',
    command: () => 'python3 main.py',
    exit: 1,
    toolchain: 'python',
    errorType: 'syntax',
    output: (v) => `  File "${v.root}/main.py", line ${v.line(1)}
    pass
    ^
IndentationError: expected an indented block after function definition on line ${v.line(1) - 1}
`,
  },
  {
    name: 'mypy: return value',
    command: () => 'mypy src',
    exit: 1,
    toolchain: 'mypy',
    errorType: 'type',
    output: (
      v,
    ) => `src/${v.id(1)}.py:${v.line(1)}: error: Incompatible return value type (got "${v.Id(1)}", expected "str")  [return-value]
Found 1 error in 1 file (checked ${v.number(1) + 1} source files)
`,
  },
  {
    name: 'mypy: argument type',
    command: () => 'mypy --strict .',
    exit: 1,
    toolchain: 'mypy',
    errorType: 'type',
    output: (
      v,
    ) => `${v.id(1)}.py:${v.line(1)}: error: Argument ${1 + (v.number(1) % 3)} to "${v.id(2)}" has incompatible type "${v.Id(3)}"; expected "int"  [arg-type]
Found 1 error in 1 file (checked 1 source file)
`,
  },
  {
    name: 'ruff: unused import, full form',
    command: () => 'ruff check .',
    exit: 1,
    toolchain: 'ruff',
    errorType: 'lint',
    output: (v) => `F401 [*] \`${v.id(1)}\` imported but unused
 --> src/${v.id(2)}.py:${v.line(1)}:8
  |
1 | import os
  |        ^^
help: Remove unused import: \`${v.id(1)}\`

Found 1 error.
[*] 1 fixable with the \`--fix\` option.
`,
  },
  {
    name: 'ruff: undefined name, short form',
    command: () => 'ruff check --output-format=concise',
    exit: 1,
    toolchain: 'ruff',
    errorType: 'lint',
    output: (v) => `src/${v.id(2)}.py:${v.line(1)}:26: F821 Undefined name \`${v.id(3)}\`
Found 1 error.
`,
  },
  {
    name: 'go: undefined',
    command: () => 'go build ./...',
    exit: 1,
    toolchain: 'go',
    errorType: 'type',
    output: (v) => `# example.com/${v.id(1)}/${v.id(2)}
./${v.file(1)}.go:${v.line(1)}:9: undefined: ${v.id(3)}
`,
  },
  {
    name: 'go: unused import and variable',
    command: () => 'go vet ./...',
    exit: 1,
    toolchain: 'go',
    errorType: 'build',
    output: (v) => `# example.com/${v.id(1)}
${v.order([
  `./${v.file(1)}.go:${v.line(1)}:2: "${v.id(4)}/strings" imported and not used\n`,
  `./${v.file(1)}.go:${v.line(2)}:2: declared and not used: ${v.id(5)}\n`,
])}`,
  },
  {
    name: 'go: wrong type',
    command: () => 'go build',
    exit: 1,
    toolchain: 'go',
    errorType: 'type',
    output: (v) => `# example.com/${v.id(1)}
./${v.file(1)}.go:${v.line(1)}:14: cannot use ${v.id(2)} (variable of type ${v.Id(1)}) as string value in argument to ${v.id(3)}
`,
  },
  {
    name: 'go test: failure',
    command: () => 'go test ./...',
    exit: 1,
    toolchain: 'go',
    errorType: 'test_failure',
    output: (v) => `--- FAIL: Test${v.Id(1)} (0.0${v.number(1) % 10}s)
    ${v.id(1)}_test.go:${v.line(1)}: got ${v.number(2)}, want ${v.number(3)}
FAIL
FAIL	example.com/${v.id(2)}	0.${100 + v.number(4)}s
ok  	example.com/${v.id(3)}	0.0${v.number(5) % 10}1s
FAIL
`,
  },
  {
    name: 'go test: panic',
    command: (v) => `go test ./internal/${v.id(4)} -run Test${v.Id(2)}`,
    exit: 1,
    toolchain: 'go',
    errorType: 'runtime',
    output: (v) => `--- FAIL: Test${v.Id(2)} (0.00s)
panic: runtime error: index out of range [${v.number(1)}] with length ${v.number(2)} [recovered]
	panic: runtime error: index out of range [${v.number(1)}] with length ${v.number(2)}

goroutine ${v.number(3)} [running]:
testing.tRunner.func1.2({0x${v.hex(1)}, 0xc000${v.hex(2)}})
	/usr/local/go/src/testing/testing.go:1632 +0x230
example.com/${v.id(1)}.Total(...)
	${v.root}/internal/${v.file(1)}.go:${v.line(1)} +0x1d
FAIL	example.com/${v.id(1)}	0.00${v.number(4) % 10}s
FAIL
`,
  },
  {
    name: 'go: module missing',
    command: () => 'go run .',
    exit: 1,
    toolchain: 'go',
    errorType: 'import',
    output: (
      v,
    ) => `${v.file(1)}.go:${v.line(1)}:2: no required module provides package github.com/${v.id(1)}/${v.id(2)}; to add it:
	go get github.com/${v.id(1)}/${v.id(2)}
`,
  },
  {
    name: 'cargo build: two errors',
    command: () => 'cargo build',
    exit: 101,
    toolchain: 'cargo',
    errorType: 'type',
    output: (v) => `   Compiling ${v.id(1)} v0.1.${v.number(1)} (${v.root})
${v.order([
  `error[E0425]: cannot find function \`${v.id(2)}\` in this scope
 --> src/${v.id(3)}.rs:${v.line(1)}:86
  |
1 | pub fn total() { missing(1); }
  |                  ^^^^^^^ not found in this scope

`,
  `error[E0308]: mismatched types
 --> src/lib.rs:${v.line(2)}:114
  |
1 | let t: String = 1;
  |        ------   ^ expected \`String\`, found integer

`,
])}Some errors have detailed explanations: E0308, E0425.
For more information about an error, try \`rustc --explain E0308\`.
error: could not compile \`${v.id(1)}\` (lib) due to 2 previous errors
`,
  },
  {
    name: 'cargo build: moved value',
    command: () => 'cargo check',
    exit: 101,
    toolchain: 'cargo',
    errorType: 'type',
    output: (v) => `    Checking ${v.id(1)} v0.1.0 (${v.root})
error[E0382]: borrow of moved value: \`${v.id(2)}\`
  --> src/main.rs:${v.line(1)}:20
   |
error: could not compile \`${v.id(1)}\` (bin "${v.id(1)}") due to 1 previous error
`,
  },
  {
    name: 'cargo test: assert_eq',
    command: () => 'cargo test',
    exit: 101,
    toolchain: 'cargo',
    errorType: 'test_failure',
    output: (v) => `    Finished \`test\` profile [unoptimized + debuginfo] target(s) in ${v.ms(1)}s
     Running unittests src/lib.rs (target/debug/deps/cart-${v.hex(1)}${v.hex(2)})

running 1 test
test tests::${v.id(1)} ... FAILED

failures:

---- tests::${v.id(1)} stdout ----

thread 'tests::${v.id(1)}' (${v.number(1)}) panicked at src/lib.rs:${v.line(1)}:25:
assertion \`left == right\` failed
  left: ${v.number(2)}
 right: ${v.number(3)}
note: run with \`RUST_BACKTRACE=1\` environment variable to display a backtrace

test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in ${v.ms(2)}s

error: test failed, to rerun pass \`--lib\`
`,
  },
  {
    name: 'cargo test: unwrap on Err',
    command: () => 'cargo test --workspace',
    exit: 101,
    toolchain: 'cargo',
    errorType: 'runtime',
    output: (v) => `running 1 test
thread 'tests::${v.id(1)}' panicked at crates/${v.id(2)}/src/lib.rs:${v.line(1)}:79:
called \`Result::unwrap()\` on an \`Err\` value: "${v.id(3)} is gone"
note: run with \`RUST_BACKTRACE=1\` environment variable to display a backtrace

test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in ${v.ms(2)}s
`,
  },
  {
    name: 'cargo clippy: denied lint',
    command: () => 'cargo clippy -- -D warnings',
    exit: 101,
    toolchain: 'cargo',
    errorType: 'lint',
    output: (v) => `    Checking ${v.id(1)} v0.1.0 (${v.root})
error: unneeded \`return\` statement
 --> src/${v.id(2)}.rs:${v.line(1)}:49
  |
  = help: for further information visit https://rust-lang.github.io/rust-clippy/rust-1.95.0/index.html#needless_return
  = note: \`-D clippy::needless-return\` implied by \`-D warnings\`

error: could not compile \`${v.id(1)}\` (lib) due to 1 previous error
`,
  },
  {
    name: 'javac: cannot find symbol',
    command: (v) => `javac src/${v.Id(1)}.java`,
    exit: 1,
    toolchain: 'javac',
    errorType: 'type',
    output: (v) => `src/${v.Id(1)}.java:${v.line(1)}: error: cannot find symbol
  int total() { return ${v.id(1)}.size(); }
                       ^
  symbol:   variable ${v.id(1)}
  location: class ${v.Id(1)}
1 error
`,
  },
  {
    name: 'java: null pointer',
    command: (v) => `java -cp out ${v.Id(1)}`,
    exit: 1,
    toolchain: 'javac',
    errorType: 'runtime',
    output: (
      v,
    ) => `Exception in thread "main" java.lang.NullPointerException: Cannot invoke "String.length()" because "${v.id(1)}" is null
	at com.example.${v.Id(1)}.len(${v.Id(1)}.java:${v.line(1)})
	at com.example.${v.Id(1)}.main(${v.Id(1)}.java:${v.line(2)})
`,
  },
  {
    name: 'maven: compile error',
    command: () => './mvnw -q test',
    exit: 1,
    toolchain: 'maven',
    errorType: 'type',
    output: (v) => `[INFO] Compiling ${v.number(1) + 2} source files to ${v.root}/target/classes
[INFO] -------------------------------------------------------------
[ERROR] COMPILATION ERROR :
[INFO] -------------------------------------------------------------
[ERROR] ${v.root}/src/main/java/com/example/${v.Id(1)}.java:[${v.line(1)},24] incompatible types: int cannot be converted to java.lang.String
[INFO] BUILD FAILURE
[ERROR] ${v.root}/src/main/java/com/example/${v.Id(1)}.java:[${v.line(1)},24] incompatible types: int cannot be converted to java.lang.String
`,
  },
  {
    name: 'maven: failing test',
    command: () => 'mvn test',
    exit: 1,
    toolchain: 'maven',
    errorType: 'test_failure',
    output: (v) => `[INFO] Running com.example.${v.Id(1)}Test
[ERROR] Tests run: 1, Failures: 1, Errors: 0, Skipped: 0, Time elapsed: ${v.ms(1)} s <<< FAILURE! -- in com.example.${v.Id(1)}Test
[ERROR] com.example.${v.Id(1)}Test.${v.id(1)} -- Time elapsed: ${v.ms(2)} s <<< FAILURE!
org.opentest4j.AssertionFailedError: expected: <${v.number(1)}> but was: <${v.number(2)}>
	at org.junit.jupiter.api.AssertionUtils.fail(AssertionUtils.java:55)
	at com.example.${v.Id(1)}Test.${v.id(1)}(${v.Id(1)}Test.java:${v.line(1)})

[INFO] Results:
[ERROR]   ${v.Id(1)}Test.${v.id(1)}:${v.line(1)} expected: <${v.number(1)}> but was: <${v.number(2)}>
[ERROR] Tests run: 1, Failures: 1, Errors: 0, Skipped: 0
[INFO] BUILD FAILURE
`,
  },
  {
    name: 'gradle: failing test',
    command: () => './gradlew test',
    exit: 1,
    toolchain: 'gradle',
    errorType: 'runtime',
    output: (v) => `> Task :compileJava UP-TO-DATE
> Task :test FAILED

${v.Id(1)}Test > ${v.id(1)}() FAILED
    java.lang.IllegalStateException: not open
        at app//com.example.${v.Id(1)}.get(${v.Id(1)}.java:${v.line(1)})

${v.number(1) + 1} tests completed, 1 failed

FAILURE: Build failed with an exception.

* What went wrong:
Execution failed for task ':test'.
> There were failing tests. See the report at: file://${v.root}/build/reports/tests/test/index.html

BUILD FAILED in ${v.number(2)}s
`,
  },
  {
    name: 'gcc: missing header',
    command: (v) => `gcc -c ${v.id(1)}.c`,
    exit: 1,
    toolchain: 'gcc',
    errorType: 'import',
    output: (v) => `${v.id(1)}.c:${v.line(1)}:10: fatal error: ${v.id(2)}.h: No such file or directory
    2 | #include "nothere.h"
      |          ^~~~~~~~~~~
compilation terminated.
`,
  },
  {
    name: 'make: undeclared identifier',
    command: () => 'make -j4',
    exit: 2,
    toolchain: 'gcc',
    errorType: 'type',
    output: (v) => `gcc -c ${v.id(1)}.c
${v.id(1)}.c: In function ‘${v.id(2)}’:
${v.id(1)}.c:${v.line(1)}:31: error: ‘${v.id(3)}’ undeclared (first use in this function)
    2 | int total(int n) { return n + undefinedthing; }
      |                               ^~~~~~~~~~~~~~
${v.id(1)}.c:${v.line(1)}:31: note: each undeclared identifier is reported only once for each function it appears in
make: *** [Makefile:${v.line(2)}: ${v.id(1)}.o] Error 1
`,
  },
  {
    name: 'ld: undefined reference',
    command: () => 'make',
    exit: 2,
    toolchain: 'gcc',
    errorType: 'build',
    output: (v) => `/usr/bin/ld: /tmp/cc${v.hex(1)}.o: in function \`main':
${v.id(1)}.c:(.text+0x${v.number(1)}): undefined reference to \`${v.id(2)}'
collect2: error: ld returned 1 exit status
make: *** [Makefile:2: all] Error 1
`,
  },
  {
    name: 'clang: C++ no member',
    command: () => 'clang++ -std=c++20 main.cpp',
    exit: 1,
    toolchain: 'gcc',
    errorType: 'type',
    output: (v) => `main.cpp:${v.line(1)}:9: error: no member named '${v.id(1)}' in '${v.Id(1)}'
  c.total();
  ~ ^
1 error generated.
`,
  },
  {
    name: 'make: no rule',
    command: (v) => `make ${v.id(1)}`,
    exit: 2,
    toolchain: 'gcc',
    errorType: 'build',
    output: (v) => `make: *** No rule to make target '${v.id(1)}'.  Stop.\n`,
  },
  {
    name: 'asan',
    command: () => './run-tests',
    exit: 1,
    toolchain: 'gcc',
    errorType: 'runtime',
    output: (v) => `=================================================================
==${v.number(1)}==ERROR: AddressSanitizer: heap-use-after-free on address 0x60200000${v.hex(1)} at pc 0x55c7${v.hex(2)} bp 0x7ffd${v.hex(3)}
    #0 0x55c7${v.hex(2)} in ${v.id(1)} ${v.root}/src/${v.file(1)}.c:${v.line(1)}
SUMMARY: AddressSanitizer: heap-use-after-free ${v.root}/src/${v.file(1)}.c:${v.line(1)} in ${v.id(1)}
`,
  },
  {
    name: 'rspec: eq',
    command: () => 'bundle exec rspec',
    exit: 1,
    toolchain: 'rspec',
    errorType: 'test_failure',
    output: (v) => `F

Failures:

  1) ${v.Id(1)} adds ${v.id(1)}
     Failure/Error: expect(${v.id(2)}.total).to eq ${v.number(1)}

       expected: ${v.number(1)}
            got: ${v.number(2)}

       (compared using ==)
     # ./spec/${v.id(1)}_spec.rb:${v.line(1)}:in \`block (2 levels) in <top (required)>'

Finished in ${v.ms(1)} seconds (files took ${v.ms(2)} seconds to load)
1 example, 1 failure

Failed examples:

rspec ./spec/${v.id(1)}_spec.rb:${v.line(2)} # ${v.Id(1)} adds
`,
  },
  {
    name: 'rspec: NoMethodError',
    command: (v) => `bundle exec rspec spec/${v.id(1)}_spec.rb`,
    exit: 1,
    toolchain: 'rspec',
    errorType: 'runtime',
    output: (v) => `Failures:

  1) ${v.Id(1)} fails
     Failure/Error: ${v.id(2)}.${v.id(3)}

     NoMethodError:
       undefined method '${v.id(3)}' for nil
     # ./lib/${v.id(1)}.rb:${v.line(1)}:in '${v.Id(1)}#total'

1 example, 1 failure
`,
  },
  {
    name: 'ruby: load error',
    command: () => 'ruby main.rb',
    exit: 1,
    toolchain: 'ruby',
    errorType: 'import',
    output: (
      v,
    ) => `<internal:/usr/lib/ruby/rubygems/core_ext/kernel_require.rb>:136:in 'Kernel#require': cannot load such file -- ${v.id(1)} (LoadError)
	from ${v.root}/main.rb:${v.line(1)}:in '<main>'
`,
  },
  {
    name: 'phpunit: assertSame',
    command: () => 'vendor/bin/phpunit',
    exit: 1,
    toolchain: 'phpunit',
    errorType: 'test_failure',
    output: (v) => `PHPUnit 11.5.${v.number(1) % 9} by Sebastian Bergmann and contributors.

F                                                                   1 / 1 (100%)

Time: 00:00.0${v.number(2) % 90}, Memory: 8.00 MB

There was 1 failure:

1) ${v.Id(1)}Test::test${v.Id(2)}
Failed asserting that ${v.number(3)} is identical to ${v.number(4)}.

${v.root}/tests/${v.Id(1)}Test.php:${v.line(1)}

FAILURES!
Tests: 1, Assertions: 1, Failures: 1.
`,
  },
  {
    name: 'php: undefined function',
    command: () => 'php main.php',
    exit: 255,
    toolchain: 'php',
    errorType: 'runtime',
    output: (
      v,
    ) => `PHP Fatal error:  Uncaught Error: Call to undefined function ${v.id(1)}() in ${v.root}/main.php:${v.line(1)}
Stack trace:
#0 {main}
  thrown in ${v.root}/main.php on line ${v.line(1)}
`,
  },
  {
    name: 'php: parse error',
    command: (v) => `php -l src/${v.Id(1)}.php`,
    exit: 255,
    toolchain: 'php',
    errorType: 'syntax',
    output: (
      v,
    ) => `PHP Parse error:  syntax error, unexpected token ";" in ${v.root}/src/${v.Id(1)}.php on line ${v.line(1)}
Errors parsing src/${v.Id(1)}.php
`,
  },
  {
    name: 'dotnet build: unknown name',
    command: () => 'dotnet build',
    exit: 1,
    toolchain: 'dotnet',
    errorType: 'type',
    output: (v) => `  Determining projects to restore...
${v.root}/src/${v.Id(1)}.cs(${v.line(1)},13): error CS0103: The name '${v.id(1)}' does not exist in the current context [${v.root}/src/App.csproj]

Build FAILED.

${v.root}/src/${v.Id(1)}.cs(${v.line(1)},13): error CS0103: The name '${v.id(1)}' does not exist in the current context [${v.root}/src/App.csproj]
    0 Warning(s)
    1 Error(s)

Time Elapsed 00:00:0${v.number(1) % 10}.85
`,
  },
  {
    name: 'dotnet test: Assert.Equal',
    command: () => 'dotnet test --no-build',
    exit: 1,
    toolchain: 'dotnet',
    errorType: 'test_failure',
    output: (v) => `  Failed ${v.Id(1)}.Tests.${v.Id(2)} [${v.number(1)} ms]
  Error Message:
   Assert.Equal() Failure: Values differ
Expected: ${v.number(2)}
Actual:   ${v.number(3)}
  Stack Trace:
     at ${v.Id(1)}.Tests.${v.Id(2)}() in ${v.root}/tests/${v.Id(1)}Tests.cs:line ${v.line(1)}

Failed!  - Failed:     1, Passed:     ${v.number(4)}, Skipped:     0, Total:     9, Duration: ${v.number(5)} ms
`,
  },
  {
    name: 'shell: command not found',
    command: (v) => `${v.id(1)} --version`,
    exit: 127,
    toolchain: 'shell',
    errorType: 'environment',
    output: (v) => `bash: line 1: ${v.id(1)}: command not found\n`,
  },
  {
    name: 'shell: permission denied',
    command: (v) => `./scripts/${v.file(1)}.sh`,
    exit: 126,
    toolchain: 'shell',
    errorType: 'environment',
    output: (v) => `bash: line 1: ./scripts/${v.file(1)}.sh: Permission denied\n`,
  },
  {
    name: 'shell: host not found',
    command: (v) => `curl -fsS https://${v.id(1)}.example.com/x`,
    exit: 6,
    toolchain: 'shell',
    errorType: 'environment',
    output: (v) => `curl: (6) Could not resolve host: ${v.id(1)}.example.com\n`,
  },
  {
    name: 'shell: connection refused',
    command: (v) => `curl http://127.0.0.1:${3000 + v.number(1)}/health`,
    exit: 7,
    toolchain: 'shell',
    errorType: 'environment',
    output: (v) =>
      `curl: (7) Failed to connect to 127.0.0.1 port ${3000 + v.number(1)} after ${v.number(2)} ms: Couldn't connect to server\n`,
  },
];
