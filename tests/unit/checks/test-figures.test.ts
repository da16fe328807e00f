import { expect, it } from 'vitest';
import { figuresOf } from '../../../src/checks/test-figures.ts';

it.each([
  ['node:test', 'ℹ tests 3\nℹ suites 0\nℹ pass 2\nℹ fail 1\nℹ duration_ms 51', 'tests 3, pass 2, fail 1'],
  [
    'vitest',
    ' Test Files  1 failed (1)\n      Tests  1 failed | 2 passed (3)\n   Duration  3 s',
    'Tests  1 failed | 2 passed (3)',
  ],
  [
    'pytest',
    'FAILED tests/test_a.py::test_b - assert 1 == 2\n1 failed, 2 passed in 0.03s',
    '1 failed, 2 passed in 0.03s',
  ],
  ['unittest that fails', 'EE\nRan 2 tests in 0.000s\n\nFAILED (errors=2)', 'FAILED (errors=2)'],
  ['unittest that passes', '..\nRan 2 tests in 0.000s\n\nOK', 'OK'],
  ['go', '--- FAIL: TestSum (0.00s)\nFAIL\tshop/cart\t0.002s', 'FAIL\tshop/cart\t0.002s'],
  ['a runner nobody knows', 'all fine\nbye\n', 'bye'],
  ['nothing', '', ''],
])('figuresOf reads %s', (_, output, figures) => {
  expect(figuresOf(output)).toBe(figures);
});
