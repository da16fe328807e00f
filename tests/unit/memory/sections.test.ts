import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findSection, sectionsOf } from '../../../src/memory/sections.ts';
import { anyText, markdown } from './markdown.ts';

const outline = (text: string) =>
  sectionsOf(text)
    .filter(({ level }) => level > 0)
    .map(({ title, level }) => `${level} ${title}`);

describe('sectionsOf', () => {
  it.each([
    ['## One\ntext\n## Two\n### Deeper\n', ['2 One', '2 Two']],
    ['# One #\n##Two\n##\n', ['1 One', '2 ']],
    ['```\n## no\n```\n## yes\n', ['2 yes']],
    ['~~~~\n```\n## no\n~~~\n## no\n~~~~\n## yes\n', ['2 yes']],
    ['```js `x`\n## yes, that was no fence\n', ['2 yes, that was no fence']],
    ['    ## code\n   ## yes\n', ['2 yes']],
    ['<!--\n## no\n-->\n## yes\n', ['2 yes']],
    ['<!-- x --> \n## yes\n', ['2 yes']],
    ['\ufeff## yes\n', ['2 yes']],
    ['One\n===\n\nTwo\n---\n', ['1 One', '2 Two']],
    ['- item\n---\ntwo\nlines\n---\n', []],
    ['<<<<<<< HEAD\n## ours\n=======\n## theirs\n>>>>>>> b\n## after\n', ['2 after']],
    ['<<<<<<< never ended\n## yes\n||||||| neither\n## too\n', ['2 yes', '2 too']],
    ['## a\r\ntext\r\n## b\r\n', ['2 a', '2 b']],
    ['', []],
  ])('sees the headings of %j', (text, titles) => {
    expect(outline(text)).toEqual(titles);
  });

  it('cuts a document without losing or moving a character', () => {
    fc.assert(
      fc.property(fc.oneof(markdown, anyText), (text) => {
        const sections = sectionsOf(text);
        expect(sections.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text);
        for (const { lines, body, end } of sections) {
          expect(lines.map((line) => text.slice(line.start, line.next)).join('')).toBe(text.slice(body, end));
        }
      }),
    );
  });

  it('marks what an unclosed fence has swallowed', () => {
    const text = '## a\n```\n## b\n';
    expect(sectionsOf(text).flatMap(({ lines }) => lines.map(({ kind, swallowed }) => `${kind} ${swallowed}`))).toEqual(
      ['code true', 'code true'],
    );
  });
});

describe('findSection', () => {
  it('finds a title in any case, and the last of several', () => {
    const sections = sectionsOf('## Notes\n1\n## NOTES\n2\n');
    expect(findSection(sections, 'notes')).toBe(sections[2]);
    expect(findSection(sections, 'Other')).toBeUndefined();
  });
});
