import { expect, it } from 'vitest';
import { fileWord, inFolder } from '../../../src/platform/shell-quote.ts';

it.each([
  ['src/a.ts', 'bash', 'src/a.ts'],
  ["it's $HOME.ts", 'bash', `'./it'\\''s $HOME.ts'`],
  ['-rf', 'sh', "'./-rf'"],
  ["it's $HOME.ts", 'PowerShell', `'./it''s $HOME.ts'`],
  ['/other place/a.ts', 'Git Bash', "'/other place/a.ts'"],
])('makes one word of %s for %s', (path, shell, word) => {
  expect(fileWord(path, shell)).toBe(word);
});

it('runs a command in a folder, or not at all', () => {
  expect(inFolder('.', 'npm test', 'bash')).toBe('npm test');
  expect(inFolder('packages/a b', 'npm test', 'bash')).toBe("cd './packages/a b' && npm test");
  expect(inFolder('packages/a', 'npm test', 'PowerShell')).toBe('Set-Location packages/a -ErrorAction Stop; npm test');
});
