import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodiesOf } from '../../../src/indexer/bodies/bodies-of.ts';
import { languageOfPath } from '../../../src/indexer/languages/all.ts';
import type { Language } from '../../../src/indexer/languages/language.ts';
import { type CodeSymbol, createParser } from '../../../src/indexer/parser.ts';

const parser = createParser({
  grammarsDir: fileURLToPath(new URL('../../../src/indexer/grammars', import.meta.url)),
  treeSitterWasm: createRequire(import.meta.url).resolve('web-tree-sitter/web-tree-sitter.wasm'),
});

function languageOf(path: string): Language {
  const language = languageOfPath(path);
  if (typeof language !== 'object') throw new Error(`${path} has no language`);
  return language;
}

/** The same file, parsed whole. */
function parseWhole(path: string, text: string) {
  const { bodies: _, ...language } = languageOf(path);
  return parser.parse(language, text);
}

function insidesOf(path: string, text: string): string[] {
  const { bodies } = languageOf(path);
  return bodies ? bodiesOf(bodies, text).insides.map(([from, to]) => text.slice(from, to).trim()) : [];
}

interface Shape {
  around: readonly [string, string];
  /** A function with this body. */
  define: (name: string, body: string) => string;
  /** Statements that hide braces, or define nothing though they look like it. */
  calm: readonly string[];
  /** Statements that define something. */
  telling: readonly string[];
  /** What stands between functions. */
  between: readonly string[];
}

const C_CALM = [
  'if (a(b)) { c(); } else if (d) e();',
  'x = \'{\'; y = "}"; /* { */',
  "// it's }\nz();",
  'w = a * b(c);',
];
const ECMA_CALM = [
  'if (a(b)) { c(); } else if (d) e();',
  `x.y('{', "}", \`}\${z({ a: \`}\` })}\`); // it's }`,
  '/* } */ if (/[/}]\\/{/g.test(x)) y = z / 2 / w;',
  'list.map((y) => { return { z: y }; });',
  'it("{", async function () { await z(); });',
  'if (x) { y = x ? { a } : { b: { c } }; }',
  'for (const [k, v] of y) { for (let i = 0; i < k; i++) z(i++ / 2); }',
  'switch (x) { case "a": { break; } default: z(); }',
  'const { p, q: { r } } = x, s = [1, 2];',
  'again: while (x) { continue again }',
  'x.class = y.function?.({ default: 1, case: 2 });',
  'x = y || ((z) => { w(z); });',
  'switch (x) { case 1: y(z, w, v, u); break; case 2: { z(); } }',
  'if (x)\n  y()\nelse\n  z()',
  'do x++\nwhile (x < y)',
  'x\n++y\nz()',
  'const promise = new Promise((resolve) => { resolve(1.5 / x) })',
];
const ECMA_TELLING = [
  'const f = (y) => { z(); };',
  'function inner() { }',
  'const g = async y => z(y);',
  'class L { f = 1; m() {} }',
  'x.y = function () { z(); };',
  'z({ m() { }, get n() { return 1; } });',
  'z({ key: (y) => y });',
  'h = (function () { });',
  'const k = async function* () { };',
];
const ECMA_BETWEEN = [
  'const k = (x) => x;',
  'const table = { some: [1, 2, 3], key: (x) => x, others: [{ a: 1 }, { b: 2 }] };',
  'describe("it", () => {\n  it("is", () => { expect(x).toBe({ y: 1, z: 2 }); });\n});',
  'describe("it", () => {\n  const m = () => {};\n  it("is", () => { expect(x).toBe({ y: 1, z: 2 }); });\n});',
  'var o = (function () { function p() {} return { p, q: 1, r: 2, s: 3 }; })();',
  'export { k as m };',
  'export default { name: "n", data() { return { a: 1, b: 2, c: 3, d: 4 }; }, on: { c() {} } };',
  'C.prototype.m = async function (x) { return this.n.o(x, 1, 2, 3); };',
  '// alone',
];
const TYPED_CALM = [
  'const y = z as unknown as T[];',
  'z<Array<T>>(y, (w) => { v(w!.u); });',
  'let t: Map<string, T> = new Map<string, T>();',
  'if (a < b && c > d) { z(() => { w(); }); }',
  'if (a < b && c) { z(); }',
];
const TYPED_TELLING = [
  'const y: { a: string } = z;',
  'type L = { a: string };',
  'interface L { a: string }',
  'enum E { A }',
  'z<{ a: string }>(y);',
  'const y = z as { a: string };',
  'z((y: { a: string }) => { w(); });',
  'z((y): y is { a: string } => true);',
  'let m: Map<string, { a: string }>;',
  'const q = (y: T): T => y;',
  'namespace N { }',
];
const TYPED_BETWEEN = [
  'interface I { m(): () => { a: string }; n: { b(): void } }',
  'type F = (x: string) => { a: string; b: () => void };',
  'type G<T> =\n  | { a: T }\n  | { b: (x: T) => { c: string } }',
  'function over(x: string): void;',
  'interface J { type: string; class: { a: string }; function: () => void; default(): { enum: string } }',
  'declare module "m" { export function f(x: { a: string }): void }',
  'export const enum E { A = "a" }',
  'const given: Record<string, { a: string }> = { some: { a: "b" }, others: { a: "c" } };',
  'class D<T> extends C<T> implements I {\n  @Input({ x: 1, y: 2, z: 3, w: 4 }) n = 1\n  o = (x: T): T => { return this.n.p(x, 1, 2); }\n  p!: { a: string }\n}',
];
const LIST = '{ "a}", f(1), { .x = \'}\' } }, '.repeat(12);

const SHAPES: Record<string, Shape> = {
  'a.js': {
    around: ['#!/usr/bin/env node\nimport a from "b";\n', 'var z = 1\n'],
    define: (name, body) =>
      `/** Says it. */\nexport async function ${name}(x, { y = {} } = {}) {\n${body}\n  return 0;\n}\n`,
    calm: [...ECMA_CALM, 'z(<a b="}" {...c} d={() => { e(); }}>it\'s {f} {/* } */}<g.h /></a>);'],
    telling: ECMA_TELLING,
    between: ECMA_BETWEEN,
  },
  'b.mjs': {
    around: ['class A extends B {\n', '}\n'],
    define: (name, body) => `  // Says it.\n  static async *${name}(x) {\n${body}\n    return 0;\n  }\n`,
    calm: ECMA_CALM,
    telling: ECMA_TELLING,
    between: ['field = 1;', '#own = (x) => x\n', 'static { y(); }', 'get delete() { return this.n.o(x, 1, 2, 3); }'],
  },
  'a.ts': {
    around: ['import type { T } from "t";\n', 'export default z\n'],
    define: (name, body) =>
      `/** Says it. */\nexport function ${name}<T extends { a: string }>(x: T, y?: () => { b: T }): Promise<{ c: T }> {\n${body}\n  return 0;\n}\n`,
    calm: [...ECMA_CALM, ...TYPED_CALM],
    telling: [...ECMA_TELLING, ...TYPED_TELLING],
    between: [...ECMA_BETWEEN, ...TYPED_BETWEEN, 'const cast = <T>(<any>z);'],
  },
  'b.tsx': {
    around: ['import React from "react"\n', ''],
    define: (name, body) =>
      `// Says it.\nexport const ${name}: React.FC<Props> = memo(({ x, y }: Props): JSX.Element => {\n${body}\n  return (\n    <A.B c={{ d: 1 }} e="it's">\n      {y < 1 && <F g={(h) => { i(h); }} />}\n    </A.B>\n  )\n})\n`,
    calm: [...ECMA_CALM, ...TYPED_CALM],
    telling: [...ECMA_TELLING, ...TYPED_TELLING],
    between: [...ECMA_BETWEEN, ...TYPED_BETWEEN, 'const generic = <T,>(x: T) => { return w(x, 1, 2, 3, 4, 5); };'],
  },
  'a.c': {
    around: ['#include "a.h"\n', '#ifdef B\nint b;\n#endif\n'],
    define: (name, body) => `static int *${name}(struct a *x, int y)\n{\n${body}\n  return 0;\n}\n`,
    calm: [
      ...C_CALM,
      'struct point p = { 1, 2 };',
      'for (;;) { switch (x) { case 1: f(y); } }',
      'f((struct a){ 1 });',
      'int g(int);',
    ],
    telling: [
      'struct inner { int x; } v;',
      'struct PACKED(1) inner { int x; } v;',
      'enum { ONE, TWO };',
      '#define M 1',
      'each(x) { y(); }',
    ],
    between: [
      'struct s { int f; };',
      '/** Says it. */',
      'int table[] = { 1, 2 };',
      `static const struct a list[] = { ${LIST}};`,
      `struct told { int a; } told = { ${LIST}};`,
      `struct within = { ${LIST}sizeof(struct inner { int b; }) };`,
      'typedef struct { int a; } t;',
      'int h(void);',
    ],
  },
  'a.cpp': {
    around: ['#include "a.h"\nnamespace n {\nclass A : public B<int> {\npublic:\n', '};\n}\n'],
    define: (name, body) =>
      `  /// Says it.\n  template <class T, int N = 1>\n  [[nodiscard]] auto ${name}(char x = 'a') const noexcept -> std::map<int, T>\n  {\n${body}\n    return 0;\n  }\n`,
    calm: [
      ...C_CALM,
      'Type local(value);',
      'std::lock_guard<std::mutex> lock(m);',
      'auto f = [&](int y) mutable -> int { return y; };',
      'auto s = R"x(} " { )")x" "y"; n = 1\'000\'000;',
      'for (auto& x : xs) { try { y(); } catch (const E& e) { z(); } }',
      'using namespace std; using std::swap; namespace fs = std::filesystem;',
      'if constexpr (a<b>) { c(); }',
      'std::vector<int> v{1, 2};',
      'struct stat info = {};',
      'x->template f<int>();',
    ],
    telling: [
      'struct L { int f; };',
      'struct M : B<int> { int g; };',
      'struct alignas(8) N { };',
      'enum class E { ONE, TWO };',
      'using T = int;',
      'typedef int I;',
      '#define M 1',
      'each(x) { y(); }',
    ],
    between: [
      'A(int x) : a(x), b{1}, C<int>{x} { plain(statement, of_some, length); }',
      'bool operator()(int x) const { plain(statement, of_some, length); }',
      'A& operator=(const A& x) { plain(statement, of_some, length); }',
      'explicit operator bool() const { plain(statement, of_some, length); }',
      '~A() override { plain(statement, of_some, length); }',
      'int empty() { plain(statement, of_some, length); };',
      'struct a* old(int x) { plain(statement, of_some, length); }',
      'A() = default;',
      'struct S { void f() { plain(statement, of_some, length); } int g; };',
      'enum class K : int { A = f(1), B };',
      'std::function<void()> f = [] { plain(statement, of_some, length); };',
      'Type member{1};',
      `std::vector<Type> list = { ${LIST}};`,
      '/** Says more. */',
      'private:',
    ],
  },
  'A.java': {
    around: ['import a.B;\nclass A {\n', '}\n'],
    define: (name, body) => `  /** Says it. */\n  public int ${name}(int x) throws E {\n${body}\n    return 0;\n  }\n`,
    calm: [
      ...C_CALM,
      'var t = """\n  } { "\n  """;',
      'run(() -> { y(); });',
      'Object o = A.class;',
      'for (;;) { try (x) { } catch (E e) { } }',
    ],
    telling: ['class L { int f; void m() {} }', 'new R() { public void run() { } };', 'record P(int x) { }'],
    between: ['int field = 1;', 'enum K { A(1) { int x() { return 1; } }; }', '@Deprecated', 'static { y(); }'],
  },
  'A.cs': {
    around: ['using A.B;\nnamespace N {\nclass A {\n', '}\n}\n'],
    define: (name, body) => `  // Says it.\n  public int ${name}(int x)\n  {\n${body}\n    return 0;\n  }\n`,
    calm: [
      ...C_CALM,
      'var s = @"C:\\" + $"{x}";',
      'var t = """ } " """;',
      'Run(() => { Y(); });',
      'using (var d = x) { }',
    ],
    telling: [
      'int Local(int y) { return y; }',
      'int Short(int y) => y;',
      'T Bound<T>(T y) where T : class { return y; }',
      '#if DEBUG\nT Other<T>(T y) => y;\n#endif',
    ],
    between: [
      'int field = 1;',
      'public int P { get; set; }',
      'enum K { A, B }',
      'public A(int x) { y = x; }',
      '[Obsolete]',
      'extension(string s) { public static int CountOfWords(string t) => 1; }',
    ],
  },
  'a.go': {
    around: ['package a\n\nimport "fmt"\n\n', 'var z = 1\n'],
    define: (name, body) =>
      `// Says it.\nfunc (s *Server) ${name}(x interface{}) (int, error) {\n${body}\n\treturn 0, nil\n}\n`,
    calm: [
      'if a(b) { c() }',
      'x = \'{\'; y = "}" /* { */',
      'z(`\n}"`)',
      '// }',
      'f := func() { g() }',
      'switch x.(type) { case int: }',
      'c := make(chan struct{})',
    ],
    telling: ['type l struct { f int }', 'for _, t := range []struct{ n string }{{"a"}} { u(t) }'],
    between: ['type T struct { f int }', 'type F func() int', 'var f = func() { g() }', 'const c = 1'],
  },
  'a.rs': {
    around: ['use a::b;\nimpl<F: Fn(u8)> A<F> {\n', '}\n'],
    define: (name, body) =>
      `  /// Says it.\n  pub fn ${name}<'a>(&'a self) -> u8 where F: Fn(u8) {\n${body}\n    0\n  }\n`,
    calm: [
      'if a(b) { c(); }',
      'let x = \'{\'; let y = "}\n"; /* { /* } */ */',
      'let z = r#"}"#;',
      "// it's }",
      '/// }',
      '//// }',
      "match x { 'a' => 1, '\\'' => 2, _ => 3 };",
      "let f: &'static str = g(|| { h() });",
    ],
    telling: ['fn inner() {}', 'struct L { f: u8 }', 'const C: u8 = 1;', 'use x::y;'],
    between: ['const D: u8 = 1;', '#[inline]', '// alone'],
  },
  'a.php': {
    around: ['<?php\nuse A\\B;\nclass A {\n', '}\n'],
    define: (name, body) =>
      `  /** Says it. */\n  public function ${name}(int $x): ?int\n  {\n${body}\n    return 0;\n  }\n`,
    calm: [
      'if (a($b)) { c(); } else { e(); }',
      '$x = \'{\n\'; $y = "}"; /* { */',
      "// it's }?",
      '# }',
      '$f = function ($x) use ($y) { z(); };',
      '$f = fn ($x) => $x;',
      'require "c.php";',
    ],
    telling: ['function inner() { }', 'new class { public $f; };'],
    between: ['public $field = [1];', 'const C = 1;', '#[Attribute]'],
  },
  'a.rb': {
    around: ['require "a/b"\n', 'x = 1\n'],
    define: (name, body) =>
      `module A\n  # Says it.\n  def ${name}?(x = 1)\n${body.replace(/^/gm, '    ')}\n  rescue E => e\n    1  # One.\n  end\nend\n`,
    calm: [
      'if a(b)\n  c\nelsif d then e\nend',
      'x = \'{\'; y = "end #{z["}"]}" + "def"  # class ]',
      "# it's calm\nz(?', ?\")",
      'w = %w[def class] + [\n# import\n]',
      'v = f(<<~A, <<-"B")\n  "\n  #{x.class}\nA\n    it\'s def\n  B',
      'q = a / b; r = x.grep(/["\\/]/) % 2; s = c? ? d : %r"e"',
      "assert_equal %(it's (a)), y ? a : b",
      's.each do |t|\n  u << t\n\n  # Near.\nend.to_a\n  .map(&:class)\n.sum(:"def")',
      'foo a,\n    b,\n:c, class: "d"',
      'return @x ||= self.class::Y == inject(:/)',
      "@x, y = $', self.class",
      'q = @x /2; r = $y /3; s = :z /4',
      'q = r + \\\n  s.of_it',
      'm = begin\n  n\nensure\n  o\nend',
      'case x\nwhen A then b\nelse c\nend  # Done.',
    ],
    telling: [
      'INNER = 1',
      'É = 1',
      'attr_reader :inner',
      'if x\n  has_one :inner\nend',
      'f = Class.new do\n  def inner\n    return x\n  end\nend',
      'x.each do\n  let(:inner) { y }\nend',
      'y ? z : (module Inner; end)',
      'y = "#{define_it :inner}"',
    ],
    between: [
      'TABLE = {\n  a: 1,\n  # c\n  b: [2, 3],\n}',
      'private def short(x) = plain(x, of_some, length)',
      'Point = Struct.new(:x, :y) do\n  def norm\n    plain(statement, of_some, length)\n  end\nend',
      'class << self\n  attr_accessor :a,\n    plain(of_some, length),\n    :b\n  def all\n    plain(statement, of_some, length)\n  end\nend',
      'validates :name, presence: true, length: { in: 1..5 }',
      '=begin\nIt says "it.\n=end',
      'def has_it?\n  plain(statement, of_some, length)\n  :named_below\nend',
      'if has_it\n  plain(statement, of_some, length)\n  :named_too\nend',
      'def bare\n  let_it\n  plain(statement, of_some, length)\n  x = :named_behind\nend',
      'x = Class.new do\ndef self.odd\n  plain(statement, of_some, length)\nend\nend',
      'module B\n  included do\n    plain(statement, of_some, length)\n\n  private\n    def odd; end\n  end\nend',
      'say(<<~TEXT, *more)\n  #{one}\n  def inner\nTEXT',
    ],
  },
  'a.py': {
    around: ['import a.b\nfrom c import d\n', 'if z:\n    y = 1\n'],
    define: (name, body) =>
      `class ${name}(a.B):\n    @a.b\n    async def run(self, x=1) -> int:\n${body.replace(/^/gm, '        ')}\n`,
    calm: [
      'if a(b): c()\nelif d:\n    e()\n    # Deep.\nelse:\n    f()  # g',
      'x = \'{\'; y = "def"  # class ]',
      "# it's calm\nz(1, 2, 3)",
      'w = [\n# import\n]',
      "v = f\"{w['a']}{{ {u[\"b\"]:{t}}}}\" rb'\\''",
      'v = f"{u[")"]}" Rf"{u[")"]}" fr"{u[")"]}" t"{u[")"]}" r"{("',
      'v = f"{{\'" + w',
      'v = "of two \\\nlines"',
      's = """def "\n\\"""class\n""" + \\\n  q',
      'for i in j:\n\tk = lambda l: m\n\n\n# Near.',
      '_import = a.define',
      'return (o,\np)',
    ],
    telling: [
      'import inner',
      'if x:\n    from y import inner\nelse:\n    y = none_of_the_names\n',
      'def inner():\n    return x',
      'try:\n    z()\nfinally:\n    class Inner:\n        f = 1',
      '@a.property\ndef inner(x): pass',
      '"""Says it, and is never short."""',
      'r"""Says it, and is never short."""',
    ],
    between: [
      'TABLE = [\n  a, b,  # c\n  "of some length", "and more"\n]',
      'E: dict[str, int, and_what_else_there, is_to_say] = {\n  "a": 1, "b": 2, "c": 3\n}',
      '@decorated(\n    by="something", that_is="long")\n# Says it.',
      'def short(x): return plain(x, of_some, length)',
      'def said():\n    """Says it.\n\n    And more, of some length.\n    """\n    # Alone.',
      'def outer():\n    before(inner, of_some, length)\n    def inner():\n        plain(x, of_some, length)\n  # odd\n\n    after(inner, of_some, length)  # c',
      '"""It is a string,\nnot "code".\n"""',
      'print "to a %s of some length" % (first, second, third)',
    ],
  },
};

describe('bodies that are not parsed', () => {
  it.each(Object.entries(SHAPES))(
    'leave in %s what the whole file says, whatever stands in them',
    async (path, shape) => {
      const statement = fc.constantFrom(...shape.calm, ...shape.calm, ...shape.telling);
      const body = fc.array(statement, { maxLength: 5 });
      const member = fc.oneof(
        body.map((lines) => (name: string) => shape.define(name, lines.join('\n'))),
        fc.constantFrom(...shape.between).map((line) => () => `${line}\n`),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(member, { maxLength: 8 }), fc.boolean(), async (members, returns) => {
          const unix = shape.around.join(members.map((make, index) => make(`name${index}`)).join('\n'));
          const text = returns ? unix.replaceAll('\n', '\r\n') : unix;
          expect(await parser.parse(languageOf(path), text)).toEqual(await parseWhole(path, text));
        }),
        { numRuns: 60 },
      );
    },
  );

  it.each(Object.entries(SHAPES))('are found in %s where nothing is defined, and only there', (path, shape) => {
    const text = (line: string) =>
      shape.around.join(shape.define('name', `${line}\nplain(statement, of_some, length);`));
    const flat = (code: string) => code.replace(/\s+/g, ' ');
    const isLeftOut = (line: string, code: string) => {
      const [inside = '', ...more] = insidesOf(path, code);
      return more.length === 0 && flat(inside).includes(flat(line).slice(-8));
    };
    expect(shape.calm.filter((line) => !isLeftOut(line, text(line)))).toEqual([]);
    expect(shape.calm.filter((line) => !isLeftOut(line, text(line).replaceAll('\n', '\r\n')))).toEqual([]);
    const hides = (line: string) => insidesOf(path, text(line)).some((inside) => flat(inside).includes(flat(line)));
    expect(shape.telling.filter(hides)).toEqual([]);
  });

  it.each([
    'list.c',
    'engine.cpp',
    'Service.java',
    'Client.cs',
    'server.go',
    'shape.rs',
    'Mailer.php',
    'jobs.py',
    'account.rb',
    'store.js',
    'cart.ts',
    'Card.vue',
  ])('leave the definitions of %s as they are', async (name) => {
    const text = readFileSync(new URL(`../../fixtures/languages/${name}`, import.meta.url), 'utf8');
    expect(await parser.parse(languageOf(name), text)).toEqual(await parseWhole(name, text));
  });

  it('keep the comments that macros in them are told by', async () => {
    const text =
      'int f(void)\n{\n  plain(statement, of_some);\n  /* Says it. */\n  #define MOST 1\n  return MOST;\n}\n';
    const parsed = await parser.parse(languageOf('a.c'), text);
    expect(parsed).toEqual(await parseWhole('a.c', text));
    expect(parsed.symbols.find(({ name }) => name === 'MOST')?.docstring).toBe('Says it.');
  });

  const BODY = 'plain(statement, of_some, length);';

  it.each([
    'int f(int x)',
    'ns::A<int>::A(int x) noexcept(false) : Base(x), member{x}, Other<int>{x}, ys{1, 2}',
    'template <class T, std::size_t N = sizeof(T)> struct a *f(T x, struct b *y)',
    'constexpr auto operator()(int x) const & noexcept -> decltype(x)',
    'bool operator==(const A& x, const A& y)',
    'A::operator std::vector<int>() const',
    'auto operator""_km(long double x) -> Distance',
    '[[nodiscard("why")]] __attribute__((cold)) static int f(const char *s = "x")',
    'template <typename T> requires Sized<T> void f(T x)',
    'template <> void f<int>(int x)',
    'template <int N = a->b> void f(int x)',
    'TEST(Suite, works)',
  ])('are found in C++ behind %s', async (head) => {
    const text = `namespace a::b {\n${head} { ${BODY} }\nextern "C" {\nclass K final : public L { ${BODY} };\n}\n}\n`;
    expect(insidesOf('a.cpp', text)).toEqual([BODY]);
    expect(await parser.parse(languageOf('a.cpp'), text)).toEqual(await parseWhole('a.cpp', text));
  });

  it.each(['a.c', 'a.cpp'])('are lists of values in %s, too, long ones', async (path) => {
    const text = `const struct a list[] = { ${LIST}};\nint f(struct a x[]) { ${BODY} }\n`;
    expect(insidesOf(path, text)).toEqual([LIST.trim(), BODY]);
    expect(await parser.parse(languageOf(path), text)).toEqual(await parseWhole(path, text));
  });

  it('are no lists where the grammar takes an empty body for one', async () => {
    const method = (name: string) => `  __attribute__((cold)) void ${name}() const {\n    ${BODY}\n  }\n`;
    const text = `struct K {\n${method('one')}${method('two')}};\n`;
    expect(await parser.parse(languageOf('a.cpp'), text)).toEqual(await parseWhole('a.cpp', text));
  });

  it.each([
    'TEST_CASE("of a framework", "[tag]")',
    'int f() try { g(); } catch (...)',
    'struct A : B<decltype(f(1))>',
    'std::vector<int> v = f(1)',
    'enum class E : decltype(f(1))',
  ])('are none in C++ behind %s', (head) => {
    expect(insidesOf('a.cpp', `${head} { ${BODY} };\n`)).toEqual([]);
  });

  describe('with what the grammar cannot read', () => {
    const unread = 'bool f() {\n  MACRO_TRY {\n    g();\n  } MACRO_CATCH_ALL {\n    h();\n  }\n}\n';
    const misleading = 'int misread(Arena* NOT_NULL arena) {\n  plain(statement, of_some);\n}\n';
    const spans = ({ symbols }: { symbols: readonly CodeSymbol[] }) =>
      symbols.map(({ name, lineStart, lineEnd }) => `${name} ${lineStart}-${lineEnd}`);

    it('keep it from spilling over their ends', async () => {
      const text = `namespace n {\n${unread}int k;\n}\n`;
      expect(spans(await parser.parse(languageOf('a.cpp'), text))).toEqual(['n 1-10', 'f 2-8']);
      expect(spans(await parseWhole('a.cpp', text))).not.toEqual(['n 1-10', 'f 2-8']);
    });

    it('are left out although others mislead the grammar', async () => {
      const text = `namespace n {\n${unread}int k;\n}\n${misleading}`;
      expect(insidesOf('a.cpp', text)).toHaveLength(2);
      expect(spans(await parser.parse(languageOf('a.cpp'), text))).toEqual(expect.arrayContaining(['n 1-10', 'f 2-8']));
    });
  });

  it('are none in a text that the lexer is lost in', () => {
    const body = '{ plain(statement, of_some, length); }';
    expect(insidesOf('a.c', `int f(void) ${body}\nint g(void) {`)).toEqual([]);
    expect(insidesOf('a.c', `/* Says it. */ int f(void) ${body}`)).toEqual([body.slice(2, -2)]);
    expect(insidesOf('a.c', `int f(void) ${body}\nchar *s = "never closed\n`)).toEqual([]);
    expect(insidesOf('A.java', `class A { int f() ${body} }\n#if x`)).toEqual([]);
    expect(insidesOf('a.js', `function f() ${body}\nconst s = "never closed\n`)).toEqual([]);
    expect(insidesOf('a.js', `function f() ${body}\n<!-- of another time`)).toEqual([]);
    expect(insidesOf('a.js', `function f() ${body}\n<a>{b</a>`)).toEqual([]);
    expect(insidesOf('a.js', `function f() ${body}\nwhile (x --> 0) y();`)).toEqual([]);
    expect(insidesOf('a.js', `function f() ${body}\nx =\u00a0y`)).toEqual([]);
    expect(insidesOf('a.js', `\ufefffunction f() ${body}`)).toEqual([body.slice(2, -2)]);
    expect(insidesOf('a.ts', `function f() ${body}\n}`)).toEqual([]);
    expect(insidesOf('a.php', `<?php function f() ${body} ?> it's a page`)).toEqual([]);
    const python = 'def f():\n    plain(statement, of_some, length)\n';
    expect(insidesOf('a.py', python)).toEqual(['lain(statement, of_some, length)']);
    for (const end of [
      'x = (',
      "x = 'open\n",
      'x = """open',
      'x = `y`',
      'x = 1 \\ 2',
      'x \\\n\ny',
      'x\ry',
      ')',
      'f"{x"',
      'f"{'.repeat(20_000),
    ])
      expect(insidesOf('a.py', python + end)).toEqual([]);
    const ruby = 'def f\n  plain(statement, of_some, length)\nend\n';
    expect(insidesOf('a.rb', ruby)).toEqual(['lain(statement, of_some, length)']);
    for (const end of [
      'x = [',
      "x = 'open",
      'x = "#{y"',
      'x = y(<<~A)\nb',
      '%w[a',
      '}',
      'x \\ y',
      '=begin\nx',
      'x = f(<<A)\n#{y << z}\nA',
      'x = y ?"a":b',
      'x = y do\nz\nend',
      'end',
    ])
      expect(insidesOf('a.rb', ruby + end)).toEqual([]);
  });

  it('begin in Python at any statement, and end where nothing is told any more', async () => {
    const text = `def outer(self):
    """Says it, and is long enough."""
    before = [inner, of_some, length]
    if before:
        of_some(length)  # Of it.
    import inner
    # Says nothing.
    middle(inner, of_some, length)
    try:
        deep(inner, of_some, length)
        def inner():
            (own, _) = inner, of_some, length
            last(inner, of_some, length)
    finally:
        last(inner, of_some, length)
    after = inner, of_some, length
    return after  # Says it.
`;
    expect(insidesOf('a.py', text)).toEqual([
      'Says it, and is long enough.',
      'efore = [inner, of_some, length]\n    if before:\n        of_some(length)',
      'iddle(inner, of_some, length)',
      'ast(inner, of_some, length)',
      'fter = inner, of_some, length\n    return after',
    ]);
    const parsed = await parser.parse(languageOf('a.py'), text);
    expect(parsed).toEqual(await parseWhole('a.py', text));
    expect(parsed.symbols.map(({ name, lineEnd }) => [name, lineEnd])).toEqual([
      ['outer', 17],
      ['inner', 13],
    ]);
  });

  it('begin in Ruby at any statement of any block, and end where nothing is told any more', async () => {
    const text = `describe Thing, of: :some_length do
  include Helpers::OfSomeLength
  before { of_some(length) } # Of it.
  let(:thing) do
    made = build(:thing, of: length)
    if made.nil? then raise end
    made.save("class", self.class)
  end

=begin
It says "nothing.
=end
  it "is of some length" do
    expect(thing).to be_long_enough
  end

  def inner
    (own, _) = inner, of_some, length
    last(inner, of_some, length)
  rescue OfSomeLength
    # Nothing.
    last(inner, of_some, length)
  end

  it("ends") { of_some(length) }
end
__END__
def none
`;
    expect(insidesOf('a.rb', text)).toEqual([
      'nclude Helpers::OfSomeLength\n  before { of_some(length) }',
      'ade = build(:thing, of: length)\n    if made.nil? then raise end\n    made.save("class", self.class)',
      '=begin\nIt says "nothing.\n=end',
      't "is of some length" do\n    expect(thing).to be_long_enough\n  end',
      'ast(inner, of_some, length)',
      'ast(inner, of_some, length)',
      't("ends") { of_some(length) }',
    ]);
    const parsed = await parser.parse(languageOf('a.rb'), text);
    expect(parsed).toEqual(await parseWhole('a.rb', text));
    expect(parsed.symbols.map(({ name, lineEnd }) => [name, lineEnd])).toEqual([['inner', 23]]);
    expect(parsed.names).toEqual([':thing']);
  });

  it.each(['self /2', '"r" /2', 'r.in / 2', '1 if / "/ =~ r', '%w[#{ r] + s.inject(:%)'])(
    'are found in Ruby around %s',
    async (value) => {
      const text = `def f\n  q = ${value}\n  plain(statement, of_some, length)\nend\n`;
      expect(insidesOf('a.rb', text)).toEqual([`= ${value}\n  plain(statement, of_some, length)`]);
      expect(await parser.parse(languageOf('a.rb'), text)).toEqual(await parseWhole('a.rb', text));
    },
  );

  it('are none in Ruby where what fills in a heredoc names something', async () => {
    const text = 'def f\n  x(<<~A)\n    #{define_it :inner_of_some_length}\n  A\nend\n';
    expect(insidesOf('a.rb', text)).toEqual([]);
    expect((await parser.parse(languageOf('a.rb'), text)).names).toEqual([':inner_of_some_length']);
  });

  it('are parsed after all where a definition of Ruby does not end below its beginning', async () => {
    const text = `class A
  def odd
    result = if of_some_length
    attr_of_it; end
    plain
  end
end
`;
    expect(insidesOf('a.rb', text)).toEqual(['esult = if of_some_length']);
    const { symbols } = await parser.parse(languageOf('a.rb'), text);
    expect(symbols.map(({ name, lineEnd }) => [name, lineEnd])).toEqual([
      ['A', 7],
      ['odd', 6],
    ]);
  });

  it('are told in Python by columns of which a tab fills eight', async () => {
    const text = 'def f():\n        plain(statement)\n\tplain(of_some, length)\n';
    expect(insidesOf('a.py', text)).toEqual(['lain(statement)\n\tplain(of_some, length)']);
    expect(await parser.parse(languageOf('a.py'), text)).toEqual(await parseWhole('a.py', text));
  });

  it('leave out in Python what long brackets hold, save what the grammar must see', async () => {
    const text = `TABLE = {"first": "of them", "second": "of them"}
TABLE["first_of_them" + "second_of_them"] = [one_of_them, two_of_them]
@decorated("by something", that_is=["long"])
def short(of_them=("first of them", "second of them")): pass
(first_of_them, second_of_them, third_of_them) = TABLE
`;
    expect(insidesOf('a.py', text)).toEqual([
      '"first": "of them", "second": "of them"',
      'one_of_them, two_of_them',
      '"by something", that_is=["long"]',
      'first_of_them, second_of_them, third_of_them',
    ]);
    expect(await parser.parse(languageOf('a.py'), text)).toEqual(await parseWhole('a.py', text));
  });

  it('begin in JavaScript at any statement, and are whatever may as well be empty', async () => {
    const text = `const TABLE = { some: [1, 2, 3], key: (x) => x, others: [{ first: 1 }, { second: 2 }] };
function outer(self) {
  const before = [inner, of_some, length];
  if (before) first(inner, of_some);
  else second(inner, of_some);
  // Says it.
  function inner() { last(inner, of_some, length) }
  third(inner, of_some, length)
  i++
  fourth(inner, of_some)
  const named = () => third(inner, of_some, length, i); // Of it.
  if (named) { third(inner, of_some, length); }
  else { const other = () => { last(inner, of_some, length); }; }
  return named
}
`;
    expect(insidesOf('a.js', text)).toEqual([
      '{ first: 1 }, { second: 2 }',
      'const before = [inner, of_some, length];\n  if (before) first(inner, of_some);\n  else second(inner, of_some);',
      'last(inner, of_some, length)',
      'third(inner, of_some, length)\n  i++\n  fourth(inner, of_some)',
      'inner, of_some, length, i',
      'third(inner, of_some, length);',
      'last(inner, of_some, length);',
    ]);
    // What `void` stands before is no list of arguments.
    const nameless = 'void (async () => { plain(statement, of_some, length); })();';
    expect(insidesOf('a.js', nameless)).toEqual(['plain(statement, of_some, length);']);
    // A statement goes on behind `else`.
    const going = `function f() {\n  if (x) plain(statement, of_some);\n  else { const g = () => 1; }\n}`;
    expect(insidesOf('a.js', going)).toEqual([]);
    const parsed = await parser.parse(languageOf('a.js'), text);
    expect(parsed).toEqual(await parseWhole('a.js', text));
    expect(parsed.symbols.map(({ name, lineStart, lineEnd }) => [name, lineStart, lineEnd])).toEqual([
      ['outer', 2, 15],
      ['inner', 7, 7],
      ['named', 11, 11],
      ['other', 13, 13],
    ]);
  });

  // Looked for one by one, they take time by the square of their number: each stands as deep as there are calls behind it.
  it('are looked for in one walk through the tree', { timeout: 10_000 }, async () => {
    const text = `start()${'.then(statement, of_some, length)'.repeat(20_000)};\n`;
    expect(insidesOf('a.js', text)).toHaveLength(20_000);
    const { by, comments, symbols } = await parser.parse(languageOf('a.js'), text);
    expect([by, comments, symbols]).toEqual(['grammar', [], []]);
  });

  it('are parsed after all where the grammar sees no function around them', async () => {
    // A constant with a class of its own reads like a constructor.
    const text = 'enum K { A(1) { int first_field; int second_field; } }';
    expect(insidesOf('A.java', text)).toEqual(['int first_field; int second_field;']);
    expect((await parser.parse(languageOf('A.java'), text)).names).toEqual(['A', 'first_field', 'second_field']);

    // What is left of the block looks like an object.
    for (const [before, after] of [
      ['run(async () => {', '});'],
      ['run = () => {', '};'],
    ]) {
      const labelled = `${before} plain(statement, of_some, length); label: function inner() {} ${after}`;
      expect(insidesOf('a.js', labelled)).toEqual(['plain(statement, of_some, length);']);
      expect(await parser.parse(languageOf('a.js'), labelled)).toEqual(await parseWhole('a.js', labelled));
    }

    // What the function gives back is a type.
    const typed = 'abstract class A { abstract m?(): (x: string) => { first_field: string; second_field: string } }';
    expect(insidesOf('a.ts', typed)).toEqual(['first_field: string; second_field: string']);
    expect((await parser.parse(languageOf('a.ts'), typed)).names).toEqual(['first_field', 'second_field']);
  });
});
