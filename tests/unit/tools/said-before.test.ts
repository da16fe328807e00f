import { describe, expect, it } from 'vitest';
import { SaidBefore } from '../../../src/tools/said-before.ts';

const long = `Exit status 1.\n${'FAIL src/cart.test.js\n'.repeat(50)}`;

describe('a result that was sent before', () => {
  it('is named instead of sent again, its first line kept', () => {
    const said = new SaidBefore();
    expect(said.shorten('run_command `npm test`', long)).toBe(long);
    expect(said.shorten('run_command `npm run test`', long)).toBe(
      `Exit status 1.\n[nex: ${(long.length - 15).toLocaleString('en-US')} characters: the same as the result of your earlier run_command \`npm test\`]`,
    );
  });

  it('is sent again when it differs, when it is short, and after the conversation was begun anew', () => {
    const said = new SaidBefore();
    said.shorten('a', long);
    expect(said.shorten('b', `${long}.`)).toBe(`${long}.`);
    said.shorten('c', 'short');
    expect(said.shorten('d', 'short')).toBe('short');
    said.clear();
    expect(said.shorten('e', long)).toBe(long);
  });

  it('is the same although its whole is kept in another file', () => {
    const said = new SaidBefore();
    const kept = (name: string) =>
      `${long}[nex: 3,000 lines left out; the whole output: .nex/sessions/1.files/${name}]`;
    said.shorten('run_command `make`', kept('output-0a1b2c3d.txt'));
    expect(said.shorten('run_command `make`', kept('output-4e5f6a7b.txt'))).toContain('the same as the result');
  });
});
