import { describe, expect, it } from 'vitest';
import { unreachable } from '../../../src/model/connection-error.ts';

const PLACE = { host: 'api.anthropic.com', model: 'claude-sonnet-5-5', secret: 'sk-secret', now: new Date(0) };

describe('unreachable', () => {
  const failed = (code: string, message = '') =>
    new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) });

  it.each([
    ['ECONNREFUSED', 'Nothing answers at api.anthropic.com: the connection was refused.', true],
    ['ENOTFOUND', 'The name api.anthropic.com could not be looked up.', true],
    ['EAI_AGAIN', 'The name api.anthropic.com could not be looked up.', true],
    ['ENETUNREACH', 'There is no way to api.anthropic.com from here.', true],
    ['UND_ERR_CONNECT_TIMEOUT', 'api.anthropic.com could not be reached in time.', true],
    ['ETIMEDOUT', 'api.anthropic.com could not be reached in time.', true],
    ['ECONNRESET', 'The connection to api.anthropic.com failed (ECONNRESET).', true],
    ['UND_ERR_SOCKET', 'The connection to api.anthropic.com failed (UND_ERR_SOCKET).', true],
    [
      'SELF_SIGNED_CERT_IN_CHAIN',
      'No safe connection to api.anthropic.com: its certificate was not accepted (SELF_SIGNED_CERT_IN_CHAIN).',
      false,
    ],
    [
      'CERT_HAS_EXPIRED',
      'No safe connection to api.anthropic.com: its certificate was not accepted (CERT_HAS_EXPIRED).',
      false,
    ],
  ])('names %s', (code, message, retryable) => {
    const error = unreachable(failed(code), PLACE);
    expect([error.kind, error.message, error.retryable]).toEqual(['later', message, retryable]);
    expect(error.hint).toMatch(/\.$/);
  });

  it('knows a proxy that wants a sign-in', () => {
    const error = unreachable(failed('UND_ERR_ABORTED', 'Proxy response (407) !== 200 when HTTP Tunneling'), PLACE);
    expect([error.kind, error.message, error.retryable]).toEqual(['later', 'The proxy wants a sign-in.', false]);
  });

  it('says what it can when there is no code', () => {
    expect(unreachable('odd', PLACE).message).toBe('The connection to api.anthropic.com failed.');
  });
});
