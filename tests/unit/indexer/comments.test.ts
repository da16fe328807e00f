import { describe, expect, it } from 'vitest';
import { cleanComment, firstParagraph } from '../../../src/indexer/comments.ts';

describe('what a comment says', () => {
  it.each([
    ['/* --- public function --- */', 'public function'],
    ['/**\n * Adds one.\n * @param {number} a what\n */', 'Adds one.'],
    ['/** @return int|false */', '@return int|false'],
    ['/// <summary>Makes a <see cref="Cart{T}"/> of <paramref name="items"/>.</summary>', 'Makes a Cart{T} of items.'],
    ['/** Like {@link Map#get(Object) get}, or {@code null}. */', 'Like Map#get(Object) get, or null.'],
    ['# ------\n# Totals.\n# ------', 'Totals.'],
  ])('%j: %j', (comment, words) => {
    expect(firstParagraph(cleanComment(comment))).toBe(words);
  });
});
