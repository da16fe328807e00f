import { describe, expect, it } from 'vitest';
import { nearestWord } from '../../../src/cli/nearest-word.ts';

const known = ['status', 'init', 'index', 'rollback', 'chat', 'help'];

describe('nearestWord', () => {
  it.each([
    ['statsu', 'status'],
    ['inti', 'init'],
    ['rolback', 'rollback'],
    ['indx', 'index'],
    ['status', undefined],
    ['refactor', undefined],
    ['fix', undefined],
    ['hello', undefined],
  ])('%s: %s', (word, near) => expect(nearestWord(word, known)).toBe(near));
});
