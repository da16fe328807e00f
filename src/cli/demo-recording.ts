import type { Recording } from '../session/replay.ts';

/** The small project that `nex demo` works on: a cart whose total forgets the quantity. */
export const DEMO_FILES: Readonly<Record<string, string>> = {
  'package.json': `${JSON.stringify({ name: 'cart', version: '1.0.0', private: true, type: 'module', scripts: { test: 'node --test' } }, null, 2)}\n`,
  'README.md': '# cart\n\nTotals for a shopping cart. Prices are in cents; run the tests with `npm test`.\n',
  '.gitignore': 'node_modules/\n',
  'src/cart.js': `/** Adds up the lines of a cart: price times quantity, less the discount in percent. */
export function total(lines, discount = 0) {
  let sum = 0;
  for (const line of lines) {
    sum += line.price;
  }
  return Math.round(sum * (1 - discount / 100));
}
`,
  'test/cart.test.js': [
    "import assert from 'node:assert/strict';",
    "import { test } from 'node:test';",
    "import { total } from '../src/cart.js';",
    '',
    'const lines = [{ price: 250, quantity: 2 }, { price: 100, quantity: 3 }];',
    '',
    "test('adds up price times quantity', () => assert.equal(total(lines), 800));",
    "test('takes the discount off', () => assert.equal(total(lines, 50), 400));",
    '',
  ].join('\n'),
};

export const DEMO_TASK = 'Fix the failing test in test/cart.test.js.';

/** What the model said when it was given that task; everything it asks for is really done. */
export const DEMO_RECORDING: Recording = {
  model: 'claude-sonnet-5-5 (recorded)',
  turns: {
    main: [
      {
        thinking: 'I should see the failure first, then the code it is about.',
        text: 'I will run the tests and read the file they are about.',
        calls: [
          { name: 'run_command', input: { command: 'npm test' } },
          { name: 'read_file', input: { path: 'src/cart.js' } },
        ],
      },
      {
        text: 'The sum leaves out the quantity of each line.',
        calls: [
          {
            name: 'write_file',
            input: {
              path: 'src/cart.js',
              edits: [{ old_text: '    sum += line.price;', new_text: '    sum += line.price * line.quantity;' }],
            },
          },
        ],
      },
      {
        text: 'Now the tests again, and away with a folder that need not be there.',
        calls: [
          { name: 'run_command', input: { command: 'npm test' } },
          { name: 'run_command', input: { command: 'rm -rf node_modules' } },
        ],
      },
      {
        text: '`total` added up the prices but left out the quantity of each line. It now counts `price * quantity` (src/cart.js:5), and all tests pass.',
      },
    ],
    review: [
      {
        json: {
          approved: true,
          summary: 'The sum now counts the quantity, as its comment and the tests say.',
          objections: [],
        },
      },
    ],
    'wrap-up': [
      {
        json: {
          summary: 'Fixed the cart total: it now counts the quantity of each line.',
          subject: 'fix: count the quantity in the cart total',
          decisions: [],
          lessons: [],
        },
      },
    ],
  },
};
