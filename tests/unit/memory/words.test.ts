import { describe, expect, it } from 'vitest';
import { weightOf, wordsOf } from '../../../src/memory/words.ts';

describe('wordsOf', () => {
  it('splits names as programmers join them, and leaves silent words out', () => {
    expect(wordsOf('The parseCsvFile of cart_items in HTTPServer2Go')).toEqual([
      'pars',
      'csv',
      'file',
      'cart',
      'item',
      'httpserver2',
      'go',
    ]);
  });

  it.each([
    ['parsing parses parsed', 1],
    ['stop stopped stopping stops', 1],
    ['query queries', 1],
    ['cache caches cached caching', 1],
    ['pass passes passing', 1],
    ['test tests testing tested', 1],
    ['class classes', 1],
    ['status bus', 2],
  ])('brings the forms of a word together: %s', (text, distinct) => {
    expect(new Set(wordsOf(text)).size).toBe(distinct);
  });

  it('reads other scripts: Cyrillic by words, Chinese and Japanese by pairs', () => {
    expect(wordsOf('Исправь корзину')).toEqual(['исправь', 'корзину']);
    expect(wordsOf('购物车合计')).toEqual(['购物', '物车', '车合', '合计']);
  });

  it('has nothing to say on an empty text', () => {
    expect(wordsOf(' … !')).toEqual([]);
  });
});

describe('weightOf', () => {
  it('counts the small talk of programming for little, in every form', () => {
    const weights = [...wordsOf('fixing tests functions'), ...wordsOf('invoice'), '42'].map(weightOf);
    expect(weights).toEqual([0.2, 0.2, 0.2, 1, 0.2]);
  });
});
