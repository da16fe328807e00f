import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { languageOfPath, languages } from '../../../src/indexer/languages/all.ts';
import { type CodeSymbol, createParser } from '../../../src/indexer/parser.ts';
import { anyCharacter } from '../../support/any-character.ts';

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/languages/${name}`, import.meta.url), 'utf8');
const parser = createParser({
  grammarsDir: fileURLToPath(new URL('../../../src/indexer/grammars', import.meta.url)),
  treeSitterWasm: createRequire(import.meta.url).resolve('web-tree-sitter/web-tree-sitter.wasm'),
});

async function parse(path: string, text: string) {
  const language = languageOfPath(path);
  if (typeof language !== 'object') throw new Error(`${path} has no language`);
  return parser.parse(language, text);
}

/** `kind parent.name lead<start-end flags "doc"`. */
function inWords({
  kind,
  parent,
  name,
  leadStart,
  lineStart,
  lineEnd,
  exported,
  local,
  docstring,
}: CodeSymbol): string {
  const lines = `${leadStart === lineStart ? '' : `${leadStart}<`}${lineStart}-${lineEnd}`;
  const flags = `${exported ? ' exported' : ''}${local ? ' local' : ''}${docstring ? ` "${docstring}"` : ''}`;
  return `${kind} ${parent === undefined ? '' : `${parent}.`}${name} ${lines}${flags}`;
}

const EXPECTED: Record<string, { imports: string[]; symbols: string[] }> = {
  'Card.vue': {
    imports: ['vue'],
    symbols: ['function open 8-10'],
  },
  'Client.cs': {
    imports: ['System', 'System.Text.Json'],
    symbols: [
      'class Client 6<8-25 exported "Talks to the shop."',
      'property Client.Name 12-12 exported',
      'method Client.Client 14-14 exported',
      'method Client.~Client 16-16',
      'method Client.Send 18<19-19 exported',
      'method Client.Loop 21-24',
      'function Loop.Local 23-23 local',
      'class Point 27-27 exported',
      'interface ISender 28-28 exported',
      'method ISender.Send 28-28 exported',
      'enum State 29-29',
      'type Done 30-30 exported',
    ],
  },
  'Mailer.php': {
    imports: ['Shop\\Queue', 'legacy.php'],
    symbols: [
      'namespace Shop\\Mail 3-3 exported',
      'class Mailer 8<12-23 exported "Sends mail."',
      'method Mailer.create 17-20 exported',
      'method Mailer.deliver 22-22',
      'interface Sender 25-25 exported',
      'method Sender.send 25-25 exported',
      'trait Logs 26-26 exported',
      'method Logs.log 26-26 exported',
      'enum Level 27-27 exported',
      'method Level.label 27-27 exported',
      'function helper 29-29 exported',
    ],
  },
  'Queue.scala': {
    imports: ['shop.util.{Clock, Timer}'],
    symbols: [
      'class Queue 5<6-10 exported "Waits."',
      'method Queue.push 8-8 exported',
      'type Queue.Item 9-9 exported',
      'object Queue 12-12 exported',
      'method Queue.empty 12-12 exported',
      'trait Waiting 14-14 exported',
      'method Waiting.await 14-14 exported',
    ],
  },
  'Repo.kt': {
    imports: ['shop.db.Table'],
    symbols: [
      'class Repo 5<7-17 exported "Rows of a table."',
      'method Repo.find 10-12 exported',
      'object Repo.Companion 14-16 exported',
      'method Companion.open 15-15 exported',
      'interface Finder 19-21 exported',
      'method Finder.all 20-20 exported',
      'object Registry 23-23 exported',
      'enum State 25-29 exported',
      'method State.next 28-28 exported',
      'type Rows 31-31 exported',
      'function also2 33-33 exported',
    ],
  },
  'Service.java': {
    imports: ['java.util.List', 'shop.Tools'],
    symbols: [
      'class Service 6<10-32 exported "Sells things."',
      'method Service.run 13<15-19 exported',
      'method run.run 17-17 exported local',
      'method Service.Service 21-21',
      'enum Service.State 23-23',
      'method State.go 23-23',
      'interface Service.Listener 25-25',
      'method Listener.priority 25-25',
      'class Service.Point 27-29',
      'method Point.Point 28-28',
      'interface Service.Marker 31-31',
      'method Marker.value 31-31',
    ],
  },
  'View.swift': {
    imports: ['UIKit'],
    symbols: [
      'class View 3<4-10 exported "Shows."',
      'method View.init 6-6',
      'method View.deinit 7-7',
      'method View.draw 8-8 exported',
      'method View.make 9-9',
      'struct Point 12-12',
      'enum State 13-13',
      'interface Drawing 14-14',
      'method Drawing.draw 14-14',
      'impl View 15-15',
      'method View.redraw 15-15',
      'type Handler 16-16',
      'function top 17-17',
    ],
  },
  'account.rb': {
    imports: ['json', '../base'],
    symbols: [
      'module Core 4<5-28 exported "Money of a person."',
      'class Core.Account 6-27 exported',
      'method Account.initialize 10-12 exported',
      'method Account.open 14-14 exported',
      'method Account.<=> 16-16 exported',
      'method Account.empty? 18-18 exported',
      'method Account.all 21-21 exported',
      'method Account.secret 24-26 exported',
      'class Point 30-32 exported',
      'method Point.norm 31-31 exported',
    ],
  },
  'cart.ts': {
    imports: ['./tax', './re-exported'],
    symbols: [
      'class Cart 4<6-28 exported "What a customer is about to buy."',
      'method Cart.constructor 10-12',
      'method Cart.add 14<15-15 "Adds one."',
      'method Cart.add 16-16',
      'method Cart.add 17-21',
      'function add.each 18-18 local',
      'method Cart.total 23-25',
      'method Cart.sum 27-27',
      'interface Priced 30-35 exported',
      'method Priced.price 33-33',
      'type Money 37-37 exported',
      'enum Currency 38-40 exported',
      'function discount 42-42 exported',
      'function later 45-45 exported',
      'class Base 47-49',
      'method Base.sum 48-48',
      'namespace Shop.Tools 51-53',
      'function Shop.Tools.weigh 52-52 exported',
      'namespace legacy 55-57',
      'function legacy.old 56-56 exported',
      'function helper 59-63',
      'function helper.nested 60-60 local',
      'class helper.Local 61-61 local',
      'function default 65-67 exported',
    ],
  },
  'chat.ex': {
    imports: ['Chat.User', 'GenServer'],
    symbols: [
      'module Chat.Room 1-17 exported',
      'function Chat.Room.join 6<8-10 exported "Joins it."',
      'function Chat.Room.call 12-12',
      'function Chat.Room.trace 14-16 exported',
      'module Proto 19-21 exported',
      'function Proto.run 20-20 exported',
    ],
  },
  'deploy.sh': {
    imports: ['./lib.sh', 'other.sh'],
    symbols: [
      'function build 5<6-8 exported "Builds it."',
      'function push_image 10-10 exported',
      'function clean_up 11-13 exported',
    ],
  },
  'engine.cpp': {
    imports: ['vector'],
    symbols: [
      'namespace game::core 3-24 exported',
      'class game::core.Engine 5<7-19 exported "Draws."',
      'method Engine.Engine 9-9 exported',
      'method Engine.size 11-11 exported',
      'method Engine.operator== 12-12 exported',
      'method Engine.operator bool 13-13 exported',
      'struct Engine.Part 15-15 exported',
      'enum game::core.Mode 21-21 exported',
      'type game::core.Parts 22-22 exported',
      'method Engine.find 26<27-27 exported',
      'method Engine.~Engine 29-29 exported',
      'function all 31-34 exported',
      'function operator< 36-36 exported',
      'struct formatter 38-44 exported',
      'method formatter.parse 40-43 exported',
    ],
  },
  'game.lua': {
    imports: ['util'],
    symbols: [
      'method move 3<4-6 exported "Moves it."',
      'function step 7-7',
      'function global_step 8-8 exported',
      'function jump 9-9 exported',
      'method fire 10-10 exported',
    ],
  },
  'heap.zig': {
    imports: ['std'],
    symbols: [
      'struct Heap 3<4-8 exported "A heap."',
      'method Heap.push 7-7 exported',
      'enum Kind 10-10',
      'function swap 12-12',
    ],
  },
  'jobs.py': {
    imports: ['os.path', '..queue'],
    symbols: [
      'function run 8<12-19 exported "Runs one job."',
      'function run.attempt 18-19 exported local',
      'class Worker 22-38 exported "Takes jobs."',
      'class Worker.Error 27-28 exported',
      'method Worker.busy 30<31-31 exported',
      'method Worker._start 33<34-38',
      'function platform 42-42 exported',
    ],
  },
  'list.c': {
    imports: ['stdio.h', 'list.h'],
    symbols: [
      'macro LIMIT 3-3 exported',
      'macro SQUARE 4-4 exported',
      'type node_t 6-8 exported',
      'struct node 6-8 exported',
      'type compare 9-9 exported',
      'enum color 11-11 exported',
      'union value 12-12 exported',
      'function list_add 16<17-21 "Adds one."',
      'function list_size 23-25 exported',
      'function pick 29-31 exported',
    ],
  },
  'server.go': {
    imports: ['fmt', 'example.com/log'],
    symbols: [
      'struct Server 10<11-13 exported "Server answers requests."',
      'interface Handler 16-18 exported',
      'method Handler.Handle 17-17 exported',
      'type Code 19-19 exported',
      'type Alias 20-20 exported',
      'method Server.Close 23<24-28 exported "Close stops it."',
      'method box.Open 30-30 exported',
      'function New 32-32 exported',
    ],
  },
  'shape.rs': {
    imports: ['std::{fmt, io::Read}'],
    symbols: [
      'struct Shape 3<5-5 exported "A shape."',
      'enum Kind 7-9 exported',
      'impl Shape 11-19',
      'method Shape.fmt 15-18',
      'function fmt.inner 16-16 local',
      'trait Area 21-27 exported',
      'type Area.Unit 22-22 exported',
      'method Area.area 23-23 exported',
      'method Area.double 24-26 exported',
      'module tests 29-32',
      'function tests.works 30<31-31',
      'macro square 34-36',
      'union Bits 38-40',
    ],
  },
  'store.js': {
    imports: ['node:path', './lazy.js'],
    symbols: [
      'class Store 5<6-10 "Keeps sessions."',
      'method Store.open 7-7',
      'method Store.handle 8-8',
      'method Store.rows 9-9',
      'function connect 12-14 exported',
      'function close 15-15',
      'method create 16-16',
      'class Late 18-18',
      'function go 19-19 exported',
      'class default 23-23 exported',
    ],
  },
  'theme.css': {
    imports: ['base.css'],
    symbols: [
      'rule .button, #submit > a 3<4-6 exported "Buttons."',
      'rule .narrow 9-9 exported',
      'rule spin 12-12 exported',
    ],
  },
};

describe('the definitions of a file', () => {
  it.each(Object.keys(EXPECTED))('are exactly those of %s', async (name) => {
    const { symbols, imports, by } = await parse(name, fixture(name));
    expect({ imports, symbols: symbols.map(inWords) }).toEqual(EXPECTED[name]);
    expect(by).toBe('grammar');
  });

  it.each([
    [
      'a.c',
      'static void printflike(1, 2)\nlog_it(const char *fmt, ...)\n{\n}\nvoid\nnext(void)\n{\n}\n',
      ['function log_it 1-4', 'function next 5-8 exported'],
    ],
    [
      'a.c',
      'int f(int a) {\n#ifdef A\n  if (a) {\n#else\n  if (!a) {\n#endif\n    return 1;\n  }\n  return 0;\n}\nint g(void) { return 2; }\n',
      ['function f 1-10 exported', 'function g 11-11 exported'],
    ],
    [
      'a.c',
      'enum {\n/* Each. */\n#define OP(x) op_##x, \\\n  more_##x,\n  OPS\n#undef OP\n  LAST\n};\n/*\n#define NONE\n*/\n\nint f(void) { return 1; }\n',
      ['macro OP 2<3-4 exported "Each."', 'function f 13-13 exported'],
    ],
    [
      'a.h',
      '#ifdef __cplusplus\nextern "C" {\n#endif\ntypedef unsigned short uint16_t;\nLUA_API int (lua_load)(int n);\n#if 0\nint gone(void) { return 1; }\n#endif\n#ifdef __cplusplus\n}\n#endif\n',
      ['type uint16_t 4-4 exported'],
    ],
    [
      'a.cpp',
      'TEST(Stack, pops) {\n  TRY_IT(x) { }\n}\nclass API_ [[nodiscard]] Stack {\n  CONSTEXPR INLINE Stack(int n) : n_(n) {}\n  operator const char&() const { return c_; }\n};\n',
      [
        'function Stack.pops 1-3 exported',
        'class Stack 4-7 exported',
        'method Stack.Stack 5-5 exported',
        'method Stack.operator const char& 6-6 exported',
      ],
    ],
    [
      'a.cpp',
      'LIB_EXPORT template <typename T>\nauto first(T x) -> T { return x; }\nLIB_EXPORT template <typename T> class Store {};\n',
      ['function first 1<2-2 exported', 'class Store 3-3 exported'],
    ],
    [
      'a.cpp',
      '#include <vector>\nLIB_NAMESPACE_BEGIN\nnamespace detail\n{\nint f() { return 1; }\n}\nLIB_NAMESPACE_END\n',
      ['namespace detail 3-6 exported', 'function detail.f 5-5 exported'],
    ],
    [
      'a.cpp',
      'class Reader {\npublic Q_SLOTS:\n  void one() {}\n  PRIVATE_UNLESS_TESTED:\n  /*\n  What it reads\n  */\n  LIB_NON_NULL(3)\n  union value { int a; };\n};\nDEFINE_DEFAULT(void, );\nint f() { return 1; }\n',
      [
        'class Reader 1-10 exported',
        'method Reader.one 3-3 exported',
        'union Reader.value 9-9 exported',
        'function f 12-12 exported',
      ],
    ],
    ['a.d.ts', 'declare global {\n  interface Window {}\n}\n', ['namespace global 1-3', 'interface global.Window 2-2']],
    [
      'a.c',
      'typedef struct { int x; } point, *point_ptr;\ntypedef int (*compare)(int);\n',
      ['type point 1-1 exported', 'type point_ptr 1-1 exported', 'type compare 2-2 exported'],
    ],
    ['a.cs', '#!/usr/bin/env dotnet\n#:package Cake\nRun();\nint Add(int a) { return a; }\n', ['function Add 4-4']],
    [
      'a.cs',
      'public interface ILog {\n  bool Write(int level)\n#if NEW\n    => true\n#endif\n  ;\n  int this[int at] { get; }\n}\nstruct V {\n  public static V operator +(V a, V b) => a;\n  public static implicit operator int(V v) => 1;\n}\n',
      [
        'interface ILog 1-8 exported',
        'method ILog.Write 2-6 exported',
        'property ILog.this 7-7 exported',
        'struct V 9-12',
        'method V.operator + 10-10 exported',
        'method V.operator int 11-11 exported',
      ],
    ],
  ])('are found where the grammar alone loses them: %s %j', async (path, text, symbols) => {
    expect((await parse(path, text)).symbols.map(inWords)).toEqual(symbols);
  });

  it('have signatures on one line, without bodies, decorators and annotations', async () => {
    const signatures = async (name: string, ...wanted: string[]) =>
      (await parse(name, fixture(name))).symbols
        .filter((symbol) => wanted.includes(symbol.name))
        .map(({ signature }) => signature);
    expect(await signatures('cart.ts', 'Cart', 'discount', 'default', 'sum')).toEqual([
      'export class Cart<Item extends Priced> extends Base implements Totals',
      'private sum = (): number',
      'export const discount = (price: number, percent = 10): number',
      'abstract sum(): number',
      'export default function ()',
    ]);
    expect(await signatures('jobs.py', 'run', '_start')).toEqual([
      'async def run(job: Job, *, wait: float = 1.0) -> None',
      'def _start( name, count=1, )',
    ]);
    expect(await signatures('Service.java', 'Service', 'value')).toEqual([
      'public final class Service<T> extends Base implements Runnable',
      'Service(int size)',
      'int value() default 1',
    ]);
    expect(await signatures('shape.rs', 'Shape', 'area')).toEqual([
      'pub struct Shape<T>',
      'impl<T> fmt::Display for Shape<T> where T: fmt::Debug,',
      'fn area(&self) -> f64',
    ]);
    expect(await signatures('list.c', 'list_add', 'list_size', 'SQUARE')).toEqual([
      '#define SQUARE(x) ((x) * (x))',
      'static inline node_t * list_add(node_t *list, int value)',
      'int list_size(node_t *list)',
    ]);
    const { symbols } = await parse(
      'a.rb',
      'module Shop\n  # Adds one.\n  def add(one)\n    # In place.\n    @all << one\n  end\nend\n',
    );
    expect(symbols.map(({ signature, headEnd }) => [signature, headEnd])).toEqual([
      ['module Shop', 1],
      ['def add(one)', 3],
    ]);
    expect(await signatures('server.go', 'Server', 'Close', 'Handler')).toEqual([
      'type Server struct',
      'Handler[T any] interface',
      'func (s *Server) Close() error',
    ]);
  });
});

describe('the parser', () => {
  it.each(['a.c', 'a.cpp'])('takes no local variable of %s for a function that is declared', async (path) => {
    const text =
      'int declared(int x);\nint defined(int x)\n{\n  Type variable(x);\n  int local(int y);\n}\nint after(void);\n';
    expect((await parse(path, text)).names).toEqual(['declared', 'after']);
  });

  it('counts what a class declares that looks like a function because of its macros', async () => {
    const text = 'class EXPORT API_MARK Server final {\n  int run(int x);\n};\n';
    expect((await parse('a.cpp', text)).names).toContain('run');
  });

  it('has a grammar that loads, and a query that fits it, for every language that names one', async () => {
    for (const language of languages) {
      const { by } = await parser.parse(language, '\n');
      if (language.grammar !== undefined) expect([language.name, by]).toEqual([language.name, 'grammar']);
    }
    expect(parser.notes).toEqual([]);
  });

  it('counts lines the same whatever ends them', async () => {
    const text = fixture('jobs.py');
    const unix = (await parse('jobs.py', text)).symbols.map(inWords);
    expect((await parse('jobs.py', text.replaceAll('\n', '\r\n'))).symbols.map(inWords)).toEqual(unix);
  });

  it('finds comments of several lines without a grammar', async () => {
    const text = '/* Who\n   buys. */\ncreate table users (\n  id int\n);\n-- the end\n';
    const { comments } = await parse('a.sql', text);
    expect(comments.map(([from, to]) => text.slice(from, to))).toEqual(['/* Who\n   buys. */', '-- the end']);
  });

  it('finds what it can in a file that is half written', async () => {
    const { symbols } = await parse('a.py', 'def one():\n    return 1\n\nclass Two(\n\ndef three():\n    pass\n');
    expect(symbols.map(({ name }) => name)).toContain('one');
  });

  it('falls back to patterns when a grammar cannot be loaded, and says so', async () => {
    const broken = createParser({ grammarsDir: '/nowhere', treeSitterWasm: '/nowhere/engine.wasm' });
    const language = languageOfPath('a.go');
    if (typeof language !== 'object') throw new Error('Go has no language');
    expect(await broken.parse(language, 'func main() {}\n')).toMatchObject({ symbols: [], by: 'nothing' });
    expect(broken.notes).toHaveLength(1);
  });

  it('does not take what was found until the time was up for all there is', async () => {
    const text = 'def one():\n    return 1\n';
    await parse('a.py', text);
    const clock = vi.spyOn(performance, 'now').mockReturnValueOnce(0).mockReturnValue(60_000);
    const usage = vi.spyOn(process, 'cpuUsage').mockReturnValue({ user: 8_000_000, system: 0 });
    const { by } = await parse('a.py', text);
    clock.mockRestore();
    usage.mockRestore();
    expect(by).not.toBe('grammar');
  });

  it.each([
    ['a.cpp', '('],
    ['a.rb', '"#{'],
    ['a.rs', '<'],
  ])('does not ask a tree that is as deep as nobody nests: %s', async (path, sign) => {
    expect((await parse(path, sign.repeat(50_000))).by).not.toBe('grammar');
  });

  it('survives any text in any language, and keeps every range inside of it', async () => {
    const texts = Object.keys(EXPECTED).map(fixture);
    const cut = fc.tuple(fc.constantFrom(...texts), fc.nat(), fc.nat(), fc.string({ unit: 'grapheme', maxLength: 20 }));
    const damaged = cut.map(([text, from, length, more]) => {
      const start = from % text.length;
      return text.slice(0, start) + more + text.slice(start + (length % 60));
    });
    const wordy = fc.array(
      fc.constantFrom('{', '}', '(', '<', '"', '`', '\n', 'class ', 'def ', '/*', '#if', '\0', '\ud800'),
      { maxLength: 300 },
    );
    const text = fc.oneof(
      damaged,
      wordy.map((words) => words.join('')),
      fc.string({ unit: anyCharacter }),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...languages), text, async (language, source) => {
        const { symbols, comments } = await parser.parse(language, source);
        const lines = source.split('\n').length;
        for (const { leadStart, lineStart, headEnd, lineEnd, name } of symbols) {
          expect(name).not.toBe('');
          expect([
            leadStart >= 1,
            leadStart <= lineStart,
            lineStart <= headEnd,
            headEnd <= lineEnd,
            lineEnd <= lines,
          ]).toEqual(Array(5).fill(true));
        }
        for (const [from, to] of comments) expect(from >= 0 && from <= to && to <= source.length).toBe(true);
      }),
      { numRuns: Number(process.env['NEX_FUZZ_RUNS'] ?? 400) }, // more of them: NEX_FUZZ_RUNS=2000
    );
  });
});
