import { describe, expect, it } from 'vitest';
import { rateLimitsIn, waitFor } from '../../../src/model/rate-limits.ts';

const NOW = Date.parse('2026-01-02T03:04:05Z');
const headers = (values: Record<string, string>) => new Headers(values);
const left = (tokens: number, more: { limit?: number; seconds?: number } = {}) => ({
  limit: more.limit ?? 30_000,
  left: tokens,
  resetsAt: NOW + (more.seconds ?? 20) * 1000,
});

describe('rateLimitsIn', () => {
  it('reads what the API says, input tokens before tokens in all', () => {
    const told = {
      'anthropic-ratelimit-input-tokens-limit': '30000',
      'anthropic-ratelimit-input-tokens-remaining': '900',
      'anthropic-ratelimit-input-tokens-reset': '2026-01-02T03:04:25Z',
      'anthropic-ratelimit-tokens-limit': '50000',
      'anthropic-ratelimit-tokens-remaining': '5000',
      'anthropic-ratelimit-tokens-reset': '2026-01-02T03:04:35Z',
    };
    expect(rateLimitsIn(headers(told))).toEqual({ requests: undefined, tokens: left(900) });
  });

  it.each([
    {},
    { 'anthropic-ratelimit-requests-limit': '1000', 'anthropic-ratelimit-requests-remaining': '999' },
    {
      'anthropic-ratelimit-requests-limit': 'many',
      'anthropic-ratelimit-requests-remaining': '1',
      'anthropic-ratelimit-requests-reset': 'soon',
    },
  ])('is silent about headers that say too little: %j', (told) => expect(rateLimitsIn(headers(told))).toBeUndefined());
});

describe('waitFor', () => {
  it.each([
    ['there is room', { requests: left(1), tokens: left(1000) }, undefined],
    ['tokens are short', { requests: left(1), tokens: left(999) }, { ms: 20_000, what: 'input tokens' }],
    ['no request is left', { requests: left(0, { seconds: 5 }), tokens: left(9999) }, { ms: 5000, what: 'requests' }],
    ['the reset is past', { requests: left(0, { seconds: -1 }), tokens: undefined }, undefined],
    ['the reset is far', { requests: left(0, { seconds: 900 }), tokens: undefined }, { ms: 60_000, what: 'requests' }],
    ['the call is larger than the limit', { requests: undefined, tokens: left(500, { limit: 1000 }) }, undefined],
  ])('%s', (_, limits, expected) => expect(waitFor(limits, 1000, NOW)).toEqual(expected));
});
