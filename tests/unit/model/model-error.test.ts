import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CallPlace, rejected } from '../../../src/model/model-error.ts';

const PLACE: CallPlace = {
  host: 'api.anthropic.com',
  model: 'claude-sonnet-5-5',
  secret: 'sk-secret',
  now: new Date('2026-11-21T10:00:00Z'),
};

function answer(status: number, type: string, message: string, headers: Record<string, string> = {}, code?: string) {
  const details = code === undefined ? {} : { details: { error_code: code } };
  return rejected(
    { status, body: { type: 'error', error: { type, message, ...details } }, headers: new Headers(headers) },
    PLACE,
  );
}

describe('rejected', () => {
  it.each([
    [401, 'authentication_error', 'failed', false, 'The API did not accept the key.'],
    [402, 'billing_error', 'failed', false, 'The account has a billing problem: why'],
    [403, 'permission_error', 'failed', false, 'The key may not use claude-sonnet-5-5: why'],
    [404, 'not_found_error', 'failed', false, 'The API has no model "claude-sonnet-5-5".'],
    [408, 'timeout_error', 'later', true, 'The API took too long to answer (408).'],
    [409, 'conflict_error', 'later', true, 'The API did not accept the request (409): why'],
    [413, 'request_too_large', 'failed', false, 'The request is too large to be sent.'],
    [429, 'rate_limit_error', 'later', true, 'The rate limit of the API is reached.'],
    [500, 'api_error', 'later', true, 'The API had an error of its own (500).'],
    [503, 'api_error', 'later', true, 'The API had an error of its own (503).'],
    [504, 'timeout_error', 'later', true, 'The API took too long to answer (504).'],
    [529, 'overloaded_error', 'later', true, 'The API is overloaded.'],
  ])('tells a %d in a sentence', (status, type, kind, retryable, message) => {
    const error = answer(status, type, 'why');
    expect([error.kind, error.retryable, error.message, error.status, error.apiType]).toEqual([
      kind,
      retryable,
      message,
      status,
      type,
    ]);
  });

  it('names the successor of a retired model', () => {
    const error = rejected(
      {
        status: 404,
        body: { type: 'error', error: { type: 'not_found_error', message: 'model: claude-sonnet-4-20250514' } },
        headers: undefined,
      },
      { ...PLACE, model: 'claude-sonnet-4-20250514' },
    );
    expect([error.message, error.hint]).toEqual([
      'The model claude-sonnet-4-20250514 was retired on 2026-06-15.',
      'Use claude-sonnet-5-5: `nex config set --global model claude-sonnet-5-5`, or --model claude-sonnet-5-5 once.',
    ]);
    const light = rejected(
      { status: 404, body: { error: { type: 'not_found_error' } }, headers: undefined },
      { ...PLACE, model: 'claude-3-5-haiku-latest' },
    );
    expect(light.hint).toContain('claude-haiku-5-5');
  });

  it('tells a server without the model from one without the API', () => {
    const local = { ...PLACE, host: 'localhost:11434', model: 'qwen' };
    const answered = (body: unknown) => rejected({ status: 404, body, headers: undefined }, local).message;
    expect(answered({ error: "model 'qwen' not found" })).toBe('The server at localhost:11434 has no model "qwen".');
    expect(answered('<html>404</html>')).toBe('There is no Messages API at localhost:11434.');
    expect(answered({ detail: 'Not Found' })).toBe('There is no Messages API at localhost:11434.');
  });

  it.each([
    'prompt is too long: 1200000 tokens > 1000000 maximum',
    "This model's maximum context length is 32768 tokens.",
  ])('knows that a conversation is too long by "%s"', (message) => {
    const error = answer(400, 'invalid_request_error', message);
    expect([error.tooLong, error.message]).toEqual([
      true,
      'The conversation no longer fits into the window of claude-sonnet-5-5.',
    ]);
  });

  it('does not wait for money', () => {
    const own = answer(
      400,
      'invalid_request_error',
      'You have reached your specified API usage limits. You will regain access on 2026-12-01.',
    );
    expect([own.kind, own.retryable, own.spendLimit, own.message]).toEqual([
      'later',
      false,
      true,
      'A spending limit of the account is reached: You have reached your specified API usage limits. You will regain access on 2026-12-01.',
    ]);
    for (const code of ['enforced_spend_limit_reached', 'contract_spend_limit_reached', 'ramp_limit_exceeded']) {
      const error = answer(429, 'rate_limit_error', 'limit', { 'retry-after': '5' }, code);
      expect([error.kind, error.retryable, error.spendLimit]).toEqual(['later', false, true]);
    }
  });

  it.each([
    [{ 'retry-after': '30' }, 30_000],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after-ms': '250', 'retry-after': '30' }, 250],
    [{ 'retry-after': 'Sat, 21 Nov 2026 10:00:45 GMT' }, 45_000],
    [{ 'retry-after': 'Sat, 21 Nov 2026 09:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('reads how long to wait from %j', (headers, ms) => {
    expect(answer(429, 'rate_limit_error', 'limit', headers).retryAfterMs).toBe(ms);
  });

  it('does what x-should-retry says', () => {
    expect(answer(500, 'api_error', 'x', { 'x-should-retry': 'false' }).retryable).toBe(false);
    expect(answer(400, 'invalid_request_error', 'x', { 'x-should-retry': 'true' }).retryable).toBe(true);
  });

  it('names the request for a report', () => {
    expect(answer(500, 'api_error', 'x', { 'request-id': 'req_7' }).message).toBe(
      'The API had an error of its own (500, request req_7).',
    );
  });

  it('shows no markup, no raw JSON, no control characters, no key', () => {
    const message = (said: string) => answer(403, 'permission_error', said).message;
    const bare = 'The key may not use claude-sonnet-5-5.';
    expect(message('<html><body>Bad gateway</body></html>')).toBe(bare);
    expect(message('{"error": "raw"}')).toBe(bare);
    expect(message('a\u001b[31mb\u202ec\nd')).toBe('The key may not use claude-sonnet-5-5: a [31mb c d');
    expect(message('bad sk-secret')).toBe('The key may not use claude-sonnet-5-5: bad …');
    expect(message('x'.repeat(1000)).length).toBeLessThan(350);
  });

  it('makes a sentence of any body', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 300, max: 599 }),
        fc.oneof(fc.jsonValue(), fc.constant(undefined)),
        (status, body) => {
          const { message, kind } = rejected({ status, body, headers: undefined }, PLACE);
          expect(message).toMatch(/\S/);
          expect(message).not.toMatch(/\p{Cc}|\[object/u);
          expect(['failed', 'later']).toContain(kind);
        },
      ),
    );
  });
});
