import { expect, it } from 'vitest';
import { bytesToTokens, estimateTokens, learnFactor } from '../../../src/context/tokens.ts';

it('counts code denser than prose, in bytes and not in characters', () => {
  expect(estimateTokens('x'.repeat(310))).toBe(100);
  expect(estimateTokens('x'.repeat(390), 'prose')).toBe(100);
  expect(estimateTokens('é'.repeat(155))).toBe(100);
  expect(bytesToTokens(0)).toBe(0);
  expect(bytesToTokens(310, 'code', 1.5)).toBe(150);
});

it('moves towards what the server counted, in steps and within limits', () => {
  expect(learnFactor(1, 10_000, 12_000)).toBeCloseTo(1.06);
  expect(learnFactor(1, 10_000, 10_000)).toBe(1);
  expect(learnFactor(1, 500, 5000)).toBe(1);
  let factor = 1;
  for (let request = 0; request < 50; request++) factor = learnFactor(factor, 10_000 * factor, 13_000);
  expect(factor).toBeCloseTo(1.3);
  expect(learnFactor(1.7, 10_000, 90_000)).toBe(1.8);
  expect(learnFactor(0.7, 10_000, 1)).toBe(0.6);
});
