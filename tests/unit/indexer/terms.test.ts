import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eachWord, splitIdentifier, termsOf } from '../../../src/indexer/terms.ts';

const wordsOf = (text: string) => {
  const words: string[] = [];
  eachWord(text, (word) => words.push(word));
  return words;
};

describe('splitIdentifier', () => {
  it.each([
    ['getUserName', ['get', 'user', 'name']],
    ['get_user_name', ['get', 'user', 'name']],
    ['HTTPServer2', ['http', 'server2']],
    ['parseXML', ['parse', 'xml']],
    ['utf8Decoder', ['utf8', 'decoder']],
    ['SCREAMING_CASE', ['screaming', 'case']],
    ['größeÄndern', ['größe', 'ändern']],
    ['404', ['404']],
    ['__init__', ['init']],
    ['用户名称', ['用户', '户名', '名称']],
  ])('splits %s', (identifier, words) => {
    expect(splitIdentifier(identifier)).toEqual(words);
  });

  it('splits plain letters the same way beside letters of other alphabets', () => {
    const plain = fc.string({ unit: fc.constantFrom(...'aZbY9_ $-') });
    fc.assert(
      fc.property(plain, (text) => {
        expect(splitIdentifier(`${text} é`)).toEqual([...splitIdentifier(text), 'é']);
      }),
    );
  });
});

describe('termsOf', () => {
  it('lets differently written names of several words meet in their compound', () => {
    const compounds = ['getUserName', 'get_user_name', 'GetUserName'].map((name) => termsOf(name).at(-1));
    expect(compounds).toEqual(['=getusername', '=getusername', '=getusername']);
  });

  it('drops words that say nothing', () => {
    expect(termsOf('the')).toEqual([]);
    expect(termsOf('a1b2c3d4e5f60718293a4b5c6d7e8f901a2b3c4d5e6f7a8b')).toEqual([]);
  });
});

describe('eachWord', () => {
  it('hears identifiers of any script and nothing else', () => {
    expect(wordsOf('const größe = foo_bar("ab-cd", 名前); // x')).toEqual([
      'const',
      'größe',
      'foo_bar',
      'ab',
      'cd',
      '名前',
    ]);
  });

  it('never hears anything that is not in the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => wordsOf(text).every((word) => text.includes(word))),
    );
  });
});
