import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { renderDiff } from '../../../src/ui/diff.ts';
import { createPaint } from '../../../src/ui/paint.ts';

const PATCH = `diff --git a/src/cart.js b/src/cart.js
index 1111111..2222222 100644
--- a/src/cart.js
+++ b/src/cart.js
@@ -8,4 +8,5 @@ export function total
   let sum = 0;
-    sum += line.price;
+    sum += line.price * line.quantity;
+\tcheck(sum);

   return sum;
`;

function render(patch: string, options: { columns?: number; color?: 0 | 1; maxLines?: number } = {}): string {
  const { columns = 80, color = 0, maxLines } = options;
  return renderDiff(patch, {
    paint: createPaint(color),
    columns,
    ...(maxLines === undefined ? {} : { maxLines }),
  }).join('\n');
}

describe('renderDiff', () => {
  it('shows a file with its counts and numbered lines', () => {
    expect(render(PATCH)).toBe(`src/cart.js +2 -1
 ⋮ export function total
 8     let sum = 0;
 9 -     sum += line.price;
 9 +     sum += line.price * line.quantity;
10 +     check(sum);
11
12     return sum;`);
  });

  it('folds long lines under their text at 40 columns', () => {
    expect(render(PATCH, { columns: 40 }).split('\n').slice(4, 6)).toEqual([
      ' 9 +     sum += line.price * line.quanti',
      '     ty;',
    ]);
  });

  it('marks the words that differ, where a line was changed rather than replaced', () => {
    const patch = '@@ -1,2 +1,2 @@\n-const total = sum(a);\n-gone\n+const total = sum(b);\n+something else entirely\n';
    expect(render(patch, { color: 1 }).split('\n')).toEqual([
      '\x1b[2m1 \x1b[22m\x1b[31m- \x1b[39m\x1b[31mconst total = sum(\x1b[39m\x1b[31m\x1b[7ma\x1b[27m\x1b[39m\x1b[31m);\x1b[39m',
      '\x1b[2m2 \x1b[22m\x1b[31m- \x1b[39m\x1b[31mgone\x1b[39m',
      '\x1b[2m1 \x1b[22m\x1b[32m+ \x1b[39m\x1b[32mconst total = sum(\x1b[39m\x1b[32m\x1b[7mb\x1b[27m\x1b[39m\x1b[32m);\x1b[39m',
      '\x1b[2m2 \x1b[22m\x1b[32m+ \x1b[39m\x1b[32msomething else entirely\x1b[39m',
    ]);
  });

  it('does not pair lines when their numbers differ', () => {
    expect(render('@@ -1,1 +1,2 @@\n-const a = 1;\n+const a = 2;\n+const b = 3;\n', { color: 1 })).not.toContain(
      '\x1b[7m',
    );
  });

  it('says of each file what happened to it', () => {
    expect(
      render(`diff --git a/new.txt b/new.txt
new file mode 100644
index 0000000..1111111
--- /dev/null
+++ b/new.txt
@@ -0,0 +1 @@
+hello
\\ No newline at end of file
diff --git a/old.txt b/old.txt
deleted file mode 100644
--- a/old.txt
+++ /dev/null
@@ -1 +0,0 @@
-bye
diff --git a/a b.txt b/c d.txt
similarity index 100%
rename from a b.txt
rename to c d.txt
diff --git a/run.sh b/run.sh
old mode 100644
new mode 100755
diff --git a/logo.png b/logo.png
index 1111111..2222222 100644
Binary files a/logo.png and b/logo.png differ
diff --git "a/\\303\\244.txt" "b/\\303\\244.txt"
--- "a/\\303\\244.txt"
+++ "b/\\303\\244.txt"
@@ -1 +1 @@
-a
+b
`),
    ).toBe(`new.txt +1 (new)
1 + hello
\\ No newline at end of file

old.txt -1 (deleted)
1 - bye

c d.txt (renamed from a b.txt)

run.sh (mode 100755)

logo.png (binary)

ä.txt +1 -1
1 - a
1 + b`);
  });

  it('takes lines that look like headers for what they are', () => {
    expect(
      render('--- a/q.sql\n+++ b/q.sql\n@@ -1,2 +1,2 @@\n--- a comment\n-++ x\n+++ b comment\n+++ y\n'),
    ).toBe(`q.sql +2 -2
1 - -- a comment
2 - ++ x
1 + ++ b comment
2 + ++ y`);
  });

  it('reads patches without the lines of git, one file after the other', () => {
    expect(render('--- one\t2026\n+++ one\t2026\n@@ -1 +1 @@\n-a\n+b\n--- two\n+++ two\n@@ -1 +1 @@\n-a\n+b\n')).toBe(
      'one +1 -1\n1 - a\n1 + b\n\ntwo +1 -1\n1 - a\n1 + b',
    );
  });

  it('counts what is more than was asked for', () => {
    const patch = `@@ -0,0 +1,9 @@\n${'+line\n'.repeat(9)}`;
    expect(render(patch, { maxLines: 4 })).toBe('1 + line\n2 + line\n3 + line\n… 6 more lines');
    expect(render(patch, { maxLines: 10 })).not.toContain('more lines');
  });

  it('cuts lines of minified files', () => {
    const shown = render(`@@ -0,0 +1 @@\n+${'x'.repeat(100_000)}\n`, { columns: 100 });
    expect(shown.length).toBeLessThan(600);
    expect(shown.endsWith('…')).toBe(true);
  });

  it('makes visible what would hide or turn text', () => {
    expect(render('--- a/x\x1b[2J\n+++ b/x\x1b[2J\n@@ -0,0 +1 @@\n+if (a) {\u202e } // \x1b]0;t\x07\r\n')).toBe(
      'x‹ESC›[2J +1\n1 + if (a) {‹U+202E› } // ‹ESC›]0;t‹BEL›',
    );
  });

  it('shows nothing of nothing', () => {
    expect(renderDiff('', { paint: createPaint(0), columns: 80 })).toEqual([]);
  });

  it('keeps to the width whatever is in it', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', ' ', '+', '-', '@', '日', '👩‍💻', '\t', '\x1b', '\\', '"'),
      maxLength: 80,
    });
    fc.assert(
      fc.property(fc.array(text, { maxLength: 8 }), fc.integer({ min: 20, max: 80 }), (lines, columns) => {
        const patch = `--- a/f\n+++ b/f\n@@ -1,${lines.length} +1,0 @@\n${lines.map((line) => `-${line}\n`).join('')}`;
        for (const line of renderDiff(patch, { paint: createPaint(1), columns }))
          expect(stringWidth(line)).toBeLessThanOrEqual(columns);
      }),
    );
  });
});
