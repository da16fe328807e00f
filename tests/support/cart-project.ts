import { type GitProject, gitProject } from './git-project.ts';
import { calls, says, type Turn, thinks, turn } from './model-server/turns.ts';

/** A small project with a bug and a test that finds it. */
export const CART_FILES: Readonly<Record<string, string>> = {
  'package.json': `${JSON.stringify({ name: 'cart', private: true, type: 'module', scripts: { test: 'node --test' } }, null, 2)}\n`,
  'README.md': '# cart\n\nTotals for a shopping cart.\n',
  'src/cart.js': `/** Adds up the lines of a cart: price times quantity. */
export function total(lines) {
  let sum = 0;
  for (const line of lines) {
    sum += line.price;
  }
  return sum;
}
`,
  'test/cart.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { total } from '../src/cart.js';

test('adds up price times quantity', () => {
  assert.equal(total([{ price: 250, quantity: 2 }]), 500);
});
`,
};

export const CART_TASK = 'Fix the failing test in test/cart.test.js.';
export const CART_FIXED = (CART_FILES['src/cart.js'] ?? '').replace('line.price', 'line.price * line.quantity');

export function cartProject(): GitProject {
  return gitProject(CART_FILES);
}

/** What the model says to mend it: run, read, edit, run, tell. */
export const CART_SCRIPT: Turn[] = [
  turn(
    thinks('See it fail first.'),
    says('I will run the tests.'),
    calls('run_command', { command: 'npm test' }),
    calls('read_file', { path: 'src/cart.js' }),
  ),
  turn(
    thinks('The quantity is left out.'),
    calls('write_file', {
      path: 'src/cart.js',
      edits: [{ old_text: 'sum += line.price;', new_text: 'sum += line.price * line.quantity;' }],
    }),
  ),
  turn(calls('run_command', { command: 'npm test' })),
  turn(says('`total` left out the quantity; it now counts it (src/cart.js:5). The tests pass.')),
];
