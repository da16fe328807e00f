import { describe, expect, it } from 'vitest';
import { NexError } from '../../../src/errors.ts';
import { proxyFor } from '../../../src/platform/proxy.ts';

const HTTPS = { HTTPS_PROXY: 'http://proxy.example:3128' };

describe('proxyFor', () => {
  it.each([
    ['https://api.example', HTTPS, 'http://proxy.example:3128/'],
    ['https://api.example', { https_proxy: 'proxy.example:3128' }, 'http://proxy.example:3128/'],
    ['https://api.example', { HTTPS_PROXY: 'http://upper', https_proxy: 'http://lower' }, 'http://lower/'],
    ['https://api.example', { ALL_PROXY: 'https://all.example' }, 'https://all.example/'],
    ['http://api.example', HTTPS, undefined],
    ['http://api.example', { HTTP_PROXY: 'http://p:1' }, 'http://p:1/'],
    ['https://api.example', {}, undefined],
    ['https://api.example', { HTTPS_PROXY: '' }, undefined],
    // This machine is reached without one, whatever is set.
    ['http://localhost:11434', { HTTP_PROXY: 'http://p:1' }, undefined],
    ['http://127.0.0.1:8080', { ALL_PROXY: 'http://p:1' }, undefined],
    ['http://[::1]:8080', { ALL_PROXY: 'http://p:1' }, undefined],
  ])('%s with %j: %s', (address, env, expected) => expect(proxyFor(address, env)?.href).toBe(expected));

  it.each([
    ['*', false],
    ['api.example', false],
    ['API.example', false],
    ['.example', false],
    ['*.example', false],
    ['example', false],
    ['other.test, api.example:443', false],
    ['api.example:8443', true],
    ['pi.example', true],
    ['api.example.org', true],
    ['', true],
  ])('NO_PROXY=%s: through the proxy %s', (NO_PROXY, through) => {
    expect(proxyFor('https://api.example', { ...HTTPS, NO_PROXY }) !== undefined).toBe(through);
  });

  it.each(['socks5://user:secret@proxy.example', 'http://', 'http://a b'])(
    'refuses %s without repeating it',
    (value) => {
      const refused = () => proxyFor('https://api.example', { HTTPS_PROXY: value });
      expect(refused).toThrow(NexError);
      expect(refused).not.toThrow(/secret/);
    },
  );
});
