import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { markdownStream, renderMarkdown } from '../../../src/ui/markdown.ts';
import { type ColorLevel, createPaint } from '../../../src/ui/paint.ts';

const LETTER = `# Fixing the login

I changed **two files** and *nothing else*; see \`src/auth/login.ts:42\` and [the docs](https://example.com/docs). With **bold text that goes over the end of a line** and a stray * star, snake_case_name and 2 * 3 * 4.

- first item with a long text that has to wrap somewhere around here
  - nested \`code\` item
- [x] done
10. ten

> quoted *text* that is also long enough to wrap here, bar in front

| File | Change | Lines |
|---|:---:|---:|
| src/auth/login.ts | checks the password | 12 |
| src/日本.ts | **new** | 3 |


\`\`\`ts
// a comment
const answer = 42; /* block
still */ return "text";
\`\`\`

---
Done.`;

function render(text: string, columns: number, color: ColorLevel = 0): string {
  return renderMarkdown(text, { paint: createPaint(color), columns: () => columns });
}

function inPieces(text: string, sizes: readonly number[], columns: number): string {
  const stream = markdownStream({ paint: createPaint(1), columns: () => columns });
  let out = '';
  let at = 0;
  for (const size of sizes) {
    out += stream.push(text.slice(at, at + size));
    at += size;
  }
  return out + stream.push(text.slice(at)) + stream.end();
}

describe('renderMarkdown', () => {
  it('renders a letter at 40 columns without colour', () => {
    expect(render(LETTER, 40)).toBe(`# Fixing the login

I changed two files and nothing else;
see \`src/auth/login.ts:42\` and the docs
(https://example.com/docs). With bold
text that goes over the end of a line
and a stray * star, snake_case_name and
2 * 3 * 4.

• first item with a long text that has
  to wrap somewhere around here
  • nested \`code\` item
• [x] done
10. ten

│ quoted text that is also long enough
│ to wrap here, bar in front

File           │     Change      │ Lines
───────────────┼─────────────────┼──────
src/auth/login │   checks the    │    12
.ts            │    password     │
src/日本.ts    │       new       │     3

  // a comment
  const answer = 42; /* block
  still */ return "text";

────────────────────────────────────────
Done.
`);
  });

  it('renders it at 80 columns with 16 colours, every escape closed on its line', () => {
    expect(render(LETTER, 80, 1)).toBe(
      `[1mFixing the login[22m

I changed [1mtwo files[22m and [3mnothing else[23m; see [36msrc/auth/login.ts:42[39m and [4mthe docs[24m
[2m(https://example.com/docs)[22m. With [1mbold text that goes over the end of a line[22m and
a stray * star, snake_case_name and 2 * 3 * 4.

[2m• [22mfirst item with a long text that has to wrap somewhere around here
  [2m• [22mnested [36mcode[39m item
[2m• [x] [22mdone
[2m10. [22mten

[2m│ [22mquoted [3mtext[23m that is also long enough to wrap here, bar in front

[1mFile[22m              [2m│[22m       [1mChange[22m        [2m│[22m [1mLines[22m
[2m──────────────────┼─────────────────────┼──────[22m
src/auth/login.ts [2m│[22m checks the password [2m│[22m    12
src/日本.ts       [2m│[22m         [1mnew[22m         [2m│[22m     3

  [2m// a comment[22m
  [35mconst[39m answer = [33m42[39m; [2m/* block[22m
  [2mstill */[22m [35mreturn[39m [32m"text"[39m;

[2m────────────────────────────────────────[22m
Done.
`
        .replaceAll('[', '\x1b[')
        .replaceAll('\x1b[x]', '[x]'),
    );
  });

  it('renders it at 120 columns without colour', () => {
    expect(render(LETTER, 120).split('\n').slice(2, 6)).toEqual([
      'I changed two files and nothing else; see `src/auth/login.ts:42` and the docs (https://example.com/docs). With bold text',
      'that goes over the end of a line and a stray * star, snake_case_name and 2 * 3 * 4.',
      '',
      '• first item with a long text that has to wrap somewhere around here',
    ]);
  });

  it('says with words and ASCII what signs would, for screen readers', () => {
    const paint = createPaint(0, { words: true });
    expect(renderMarkdown('- a\n> b\n\n|x|y|\n|-|-|\n|1|2|\n\n---', { paint, columns: () => 40 })).toBe(
      `- a\n| b\n\nx | y\n--+--\n1 | 2\n\n${'-'.repeat(40)}\n`,
    );
  });

  it('puts addresses behind words where the terminal can, closed on each line', () => {
    const paint = createPaint(1, { links: true });
    const text = renderMarkdown('See [the docs of it](https://a.example/x) or [b](javascript:x) <https://c.example>', {
      paint,
      columns: () => 20,
    });
    const link = (address: string, words: string) => `\x1b]8;;${address}\x1b\\\x1b[4m${words}\x1b[24m\x1b]8;;\x1b\\`;
    expect(text).toBe(
      `See ${link('https://a.example/x', 'the docs of it')}\nor \x1b[4mb\x1b[24m\x1b[2m (javascript:x)\x1b[22m\n${link('https://c.example', 'https://c.example')}\n`,
    );
  });

  it.each([
    ['strong and emphasis in each other', '**a *b* c** ***d***', '<b>a </b><b><i>b</i></b><b> c</b> <b><i>d</i></b>'],
    ['emphasis that ends with the strong around it', '**a *b***', '<b>a </b><b><i>b</i></b>'],
    ['underscores as marks', '_a_ __b__', '<i>a</i> <b>b</b>'],
    ['underscores inside words as they are', 'snake_case_name __init__', 'snake_case_name <b>init</b>'],
    ['marks before a blank as they are', '2 * 3 * 4 ** 5', '2 * 3 * 4 ** 5'],
    ['marks without an end as they are', 'a *b and **c and `d', 'a *b and **c and `d'],
    ['marks inside code as they are', '`**a**` ``b`c``', '<c>**a**</c> <c>b`c</c>'],
    ['code inside marks', '**a `*` b**', '<b>a </b><b><c>*</c></b><b> b</b>'],
    ['code with blanks around a backtick', '`` ` ``', '<c>`</c>'],
    ['struck text', '~~a~~ ~b~', '<s>a</s> ~b~'],
    ['escapes', '\\*a\\* \\`b\\` c\\d', '*a* `b` c\\d'],
    ['a link that says where it goes', '[a](https://b.example)', '<u>a</u><d> (https://b.example)</d>'],
    ['a link whose words are its address', '[https://b.example](https://b.example)', '<u>https://b.example</u>'],
    ['a link inside the document', '[a](#b)', '<u>a</u>'],
    ['a link with a title and brackets in its address', '[a](b_(c) "t")', '<u>a</u><d> (b_(c))</d>'],
    ['an image like a link', '![a](b.png)!', '<u>a</u><d> (b.png)</d>!'],
    ['brackets that are no link', '[1/5] a[0] [x]', '[1/5] a[0] [x]'],
    ['a bracket that is not closed', '[a', '[a'],
    ['a link that is not closed', '[a](b', '[a](b'],
    [
      'a bare address without the full stop behind it',
      'see https://a.example/_b_c.',
      'see <u>https://a.example/_b_c</u>.',
    ],
    ['an address in angles', '<https://a.example> <b>', '<u>https://a.example</u> <b>'],
    ['too many marks as text', '****a****', '****a****'],
  ])('knows %s', (_, text, expected) => {
    const tag = (name: string) => (inner: string) => `<${name}>${inner}</${name}>`;
    const paint = {
      ...createPaint(1),
      strong: tag('b'),
      emphasis: tag('i'),
      struck: tag('s'),
      code: tag('c'),
      link: tag('u'),
      dim: tag('d'),
    };
    expect(renderMarkdown(text, { paint, columns: () => 120 })).toBe(`${expected}\n`);
  });

  it.each([
    ['no blank lines at the beginning and the end, one between', '\n\na\n\n\n\nb\n\n', 'a\n\nb\n'],
    ['a heading with closing signs', '## a b ##', '## a b\n'],
    ['a number sign that is no heading', '#a', '#a\n'],
    ['each line of the source as a line', 'a\nb', 'a\nb\n'],
    ['a fence in a list, its indentation kept', '- a\n  ```sh\n  ls\n    x\n  ```\n  b', '• a\n    ls\n      x\n  b\n'],
    ['a longer fence around a shorter', '````\n```\na\n````', '  ```\n  a\n'],
    ['a fence that never closes', '```\na\n\nb', '  a\n\n  b\n'],
    ['blank lines in code', '```\na\n\n\nb\n```', '  a\n\n\n  b\n'],
    ['bars that are no table', '|x\nb', '|x\nb\n'],
    ['a table cell with a bar and missing cells', '|a|b|\n|-|-|\n|`x\\|y`|', 'a     │ b\n──────┼──\n`x|y` │\n'],
    ['quotations in quotations', '> a\n> > b\n> - c', '│ a\n│ │ b\n│ • c\n'],
    ['numbers with brackets', '1) a', '1) a\n'],
    ['tabs as four blanks', 'a\tb', 'a    b\n'],
    ['an empty text as nothing', '', ''],
  ])('shows %s', (_, text, expected) => {
    expect(render(text, 40)).toBe(expected);
  });

  it('makes a list of a table that is too wide', () => {
    const table =
      '| Name | Meaning of it | Default value | Since |\n|---|---|---|---|\n| color | whether to paint | auto | 0.1 |\n| width | | 80 | 0.2 |';
    expect(render(table, 30)).toBe(`• Name: color
  Meaning of it: whether to
    paint
  Default value: auto
  Since: 0.1
• Name: width
  Default value: 80
  Since: 0.2
`);
  });

  it('keeps lines of code whole, so that they can be copied', () => {
    const code = 'x'.repeat(100);
    expect(render(`\`\`\`\n${code}\n\`\`\``, 40)).toBe(`  ${code}\n`);
  });

  it('paints a diff in a fence', () => {
    expect(render('```diff\n@@ -1 +1 @@\n-a\n+b\n c\n```', 40, 1)).toBe(
      '  \x1b[36m@@ -1 +1 @@\x1b[39m\n  \x1b[31m-a\x1b[39m\n  \x1b[32m+b\x1b[39m\n   c\n',
    );
  });

  it('does not drown in marks', () => {
    const text = `${'['.repeat(5_000)}x${'](y)'.repeat(5_000)} ${'*a '.repeat(3_000)}`;
    expect(render(text, 80).length).toBeGreaterThan(text.length / 2);
  });
});

const piece = fc.oneof(
  fc.constantFrom(
    '**',
    '*',
    '_',
    '`',
    '``',
    '~~',
    '[',
    ']',
    '](',
    ')',
    '(https://a.example/_x_)',
    'https://b.example',
    '<',
    '>',
    '\\',
    '!',
    'h',
    'ht',
    '\n',
    '\n\n',
    '\n- ',
    '\n1. ',
    '\n> ',
    '\n# ',
    '\n```ts\n',
    '\n```\n',
    '\n| a | b |',
    '\n|---|---|',
    '\n---\n',
    '    ',
    '\t',
    '. ',
    ' - ',
    '日本',
    '👩‍💻',
    'e\u0301',
  ),
  fc.constantFrom('one ', 'word ', 'and another ', 'src/a_b.ts:42 ', 'supercalifragilisticexpialidocious '),
);
const markdown = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));

describe('markdownStream', () => {
  it('gives the same however the text is cut', () => {
    fc.assert(
      fc.property(
        markdown,
        fc.array(fc.integer({ min: 1, max: 25 }), { maxLength: 80 }),
        fc.constantFrom(20, 40, 80),
        (text, sizes, columns) => {
          expect(inPieces(text, sizes, columns)).toBe(render(text, columns, 1));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('gives whole lines only, and closes on each what it opens', () => {
    fc.assert(
      fc.property(markdown, fc.constantFrom(20, 40, 200), (text, columns) => {
        const stream = markdownStream({ paint: createPaint(1), columns: () => columns });
        for (const character of text) expect(stream.push(character)).toMatch(/^(?:.*\n)*$/);
        for (const line of render(text, columns, 1).split('\n')) {
          const open = new Set<string>();
          for (const [, code = ''] of line.matchAll(/\x1b\[(\d+)m/g)) {
            if (/^(?:2[2-9]|39)$/.test(code)) open.clear();
            else open.add(code);
          }
          expect([...open]).toEqual([]);
        }
      }),
    );
  });

  it('is never wider than the terminal, code and tables of one column aside', () => {
    fc.assert(
      fc.property(
        markdown.filter((text) => !text.includes('```')),
        fc.integer({ min: 20, max: 120 }),
        (text, columns) => {
          for (const line of render(text, columns).split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
        },
      ),
    );
  });

  it('shows a full line while its paragraph still comes in', () => {
    const stream = markdownStream({ paint: createPaint(0), columns: () => 20 });
    expect(stream.push('one two three four five six seven')).toBe('one two three four\n');
    expect(stream.push(' eight nine ten eleven')).toBe('five six seven eight\n');
    expect(stream.end()).toBe('nine ten eleven\n');
  });

  it('waits with a mark until it is closed', () => {
    const stream = markdownStream({ paint: createPaint(1), columns: () => 20 });
    expect(stream.push('one two three four **five six seven eight')).toBe('');
    expect(stream.push('** nine ten eleven')).toBe('one two three four\n\x1b[1mfive six seven eight\x1b[22m\n');
    expect(stream.end()).toBe('nine ten eleven\n');
  });

  it('keeps to the width that a paragraph began with', () => {
    let columns = 20;
    const stream = markdownStream({ paint: createPaint(0), columns: () => columns });
    const begin = stream.push('one two three four five six seven');
    columns = 40;
    expect(begin + stream.push(' eight nine ten eleven twelve\none two three four five six seven') + stream.end()).toBe(
      'one two three four\nfive six seven eight\nnine ten eleven\ntwelve\none two three four five six seven\n',
    );
  });

  it('can be used again after the end', () => {
    const stream = markdownStream({ paint: createPaint(0), columns: () => 20 });
    stream.push('```\na');
    stream.end();
    expect(stream.push('# b\n') + stream.end()).toBe('# b\n');
  });
});
