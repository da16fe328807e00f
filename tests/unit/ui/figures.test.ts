import { expect, it } from 'vitest';
import { count, duration, money, size, tokens, usageLine } from '../../../src/ui/figures.ts';

it.each([
  [0, '0'],
  [999, '999'],
  [1000, '1.0k'],
  [12_345, '12.3k'],
  [999_949, '999.9k'],
  [999_950, '1.0M'],
  [2_500_000, '2.5M'],
])('shows %i tokens as %s', (number, text) => {
  expect(tokens(number)).toBe(text);
});

it.each([
  [null, 'unknown'],
  [0, '$0.00'],
  [0.0004, '<$0.001'],
  [0.0005, '$0.001'],
  [0.0123, '$0.012'],
  [0.1, '$0.10'],
  [12.345, '$12.35'],
])('shows %s dollars as %s', (usd, text) => {
  expect(money(usd)).toBe(text);
});

it.each([
  [40, '0.0 s'],
  [3_240, '3.2 s'],
  [9_949, '9.9 s'],
  [9_950, '10 s'],
  [59_499, '59 s'],
  [59_500, '1 min 0 s'],
  [64_000, '1 min 4 s'],
  [7_500_000, '2 h 5 min'],
])('shows %i milliseconds as %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

it.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [1_000, '1 kB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [3_440_000, '3.4 MB'],
])('shows %i bytes as %s', (bytes, text) => {
  expect(size(bytes)).toBe(text);
});

it('counts things in words', () => {
  expect([count(1, 'file'), count(0, 'file'), count(2, 'file')]).toEqual(['1 file', '0 files', '2 files']);
});

it.each([
  [{ inputTokens: 100, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 5 }, '100 tokens in, 5 out'],
  [
    { inputTokens: 100, cacheReadTokens: 99_850, cacheWriteTokens: 50, outputTokens: 1500 },
    '100.0k tokens in (99 % from cache), 1.5k out',
  ],
  [{ inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0 }, '0 tokens in, 0 out'],
])('sums usage up: %j', (usage, text) => {
  expect(usageLine(usage)).toBe(text);
});
