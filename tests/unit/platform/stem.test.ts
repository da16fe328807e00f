import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stem } from '../../../src/platform/stem.ts';

describe('stem', () => {
  it.each([
    [['parse', 'parser', 'parsing', 'parsed', 'parses'], 'pars'],
    [['format', 'formatting', 'formatter', 'formats'], 'format'],
    [['cache', 'caches', 'caching', 'cached'], 'cach'],
    [['query', 'queries'], 'queri'],
    [['cookie', 'cookies'], 'cooki'],
    [['key', 'keys'], 'key'],
    [['class', 'classes'], 'class'],
    [['status'], 'status'],
    [['user', 'users'], 'user'],
  ])('brings %j together', (words, expected) => {
    expect(words.map(stem)).toEqual(words.map(() => expected));
  });

  it('is settled after one step for what it keeps apart from code', () => {
    fc.assert(fc.property(fc.string({ maxLength: 12 }), (word) => stem(word).length <= word.length + 1));
  });
});
