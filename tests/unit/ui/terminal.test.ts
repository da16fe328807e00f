import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { AgentEvent } from '../../../src/session/events.ts';
import type { Outcome } from '../../../src/session/outcome.ts';
import { createTerminal, type TerminalOptions } from '../../../src/ui/terminal.ts';
import { manualClock } from '../../support/manual-clock.ts';

interface Setup extends Partial<Pick<TerminalOptions, 'color' | 'plain' | 'quiet' | 'verbose'>> {
  columns?: number;
  /** Whether stderr and stdout are a terminal. */
  screen?: boolean;
  answerOnScreen?: boolean;
}

/** What a person sees on stderr, and what stdout gets. `both` is their order. */
function play(events: readonly AgentEvent[], setup: Setup = {}) {
  const { screen = false, answerOnScreen = screen, columns = 80, ...rest } = setup;
  let [progress, answer, both] = ['', '', ''];
  const out = Object.assign(
    new Writable({
      decodeStrings: false,
      write(text, _encoding, done) {
        progress += text;
        both += text;
        done();
      },
    }),
    { isTTY: screen },
  );
  const write = (text: string) => {
    answer += text;
    both += text;
  };
  const terminal = createTerminal({
    out,
    answer: { write, isTTY: answerOnScreen },
    columns: () => columns,
    color: 0,
    plain: false,
    quiet: false,
    verbose: false,
    clock: manualClock(),
    ...rest,
  });
  for (const event of events)
    terminal.listen({ ...event, time: '2026-01-02T03:04:05.000Z', session: '20260102-030405-k3f9' });
  terminal.close();
  return { progress, answer, both };
}

const usage: AgentEvent = {
  type: 'usage',
  purpose: 'main',
  model: 'claude-sonnet-5-5',
  usage: { input: 300, cacheRead: 5_000, cacheWrite5m: 900, cacheWrite1h: 0, output: 240 },
  cost_usd: 0.004,
  task_cost_usd: 0.004,
  request_id: 'req_1',
};

function outcome(rest: Partial<Outcome> = {}): AgentEvent {
  return {
    type: 'session.end',
    outcome: 'done',
    text: '',
    files: [],
    tests: { status: 'not_run' },
    review: { status: 'not_reviewed', objections: [] },
    refused: [],
    iterations: 0,
    usage: { requests: 1, inputTokens: 1_200, cacheReadTokens: 14_000, cacheWriteTokens: 900, outputTokens: 800 },
    cost_usd: 0.0123,
    duration_ms: 64_200,
    exit_code: 0,
    ...rest,
  };
}

function streamed(type: 'text' | 'thinking', text: string): AgentEvent[] {
  const words = text.match(/\S+\s*|\s+/g) ?? [];
  return [...words.map((word): AgentEvent => ({ type, text: word, delta: true })), { type, text }];
}

function call(id: string, name: string, input: Extract<AgentEvent, { type: 'tool.call' }>['input']): AgentEvent {
  return { type: 'tool.call', id, name, input };
}

function result(
  id: string,
  name: string,
  ok: boolean,
  text: string,
  rest: { exit?: number; duration_ms?: number } = {},
): AgentEvent {
  return { type: 'tool.result', id, name, ok, text, changed: [], duration_ms: 3, ...rest };
}

const PATCH = `diff --git a/src/cart.js b/src/cart.js
--- a/src/cart.js
+++ b/src/cart.js
@@ -5,1 +5,1 @@
-    sum += line.price;
+    sum += line.price * line.quantity;
`;
const ANSWER = 'The sum left out the **quantity** of each line. It now counts `price * quantity` (src/cart.js:5).';

const TASK: AgentEvent[] = [
  {
    type: 'session.start',
    task: 'Fix it',
    model: 'claude-sonnet-5-5',
    root: '/home/ann/shop',
    version: '0.1.0',
    dry_run: false,
  },
  {
    type: 'context',
    files: [{ path: 'src/cart.js', mode: 'full', tokens: 120 }],
    memory_tokens: 10,
    errors: 1,
    tokens: 1_240,
  },
  { type: 'error.recalled', id: 1, what_failed: 'total is wrong', what_fixed: 'count the quantity', moment: 'start' },
  {
    type: 'plan',
    steps: [
      { title: 'See the failure', files: [], done: false },
      { title: 'Fix the sum', files: ['src/cart.js'], done: false },
    ],
  },
  ...streamed('thinking', '**Looking at the failure**\n\nAt length.'),
  ...streamed('text', 'I run the tests first.'),
  usage,
  call('a', 'run_command', { command: 'npm test' }),
  { type: 'tool.output', id: 'a', text: '\x1b[31m# tests 2\n# fail' },
  { type: 'tool.output', id: 'a', text: ' 2\n' },
  result('a', 'run_command', false, 'Exit status 1.\n# tests 2\n# fail 2', { exit: 1, duration_ms: 2_310 }),
  call('b', 'read_file', { path: 'src/cart.js' }),
  call('c', 'search_files', { pattern: 'total', glob: '*.js' }),
  result('b', 'read_file', true, '   1 | a\n   2 | b'),
  result('c', 'search_files', true, 'src/cart.js\n  1: total', { duration_ms: 120 }),
  { type: 'retry', attempt: 2, wait_ms: 2_000, reason: 'the API is overloaded' },
  ...streamed('text', 'The quantity is missing.'),
  call('d', 'write_file', { path: 'src/cart.js', edits: [] }),
  result(
    'd',
    'write_file',
    true,
    'Changed src/cart.js, +1 -1 lines.\n@@ -5,1 +5,1 @@\n-    sum += line.price;\n+    sum += line.price * line.quantity;',
  ),
  ...streamed('text', ANSWER),
  { type: 'tests', round: 1, status: 'passed', command: 'npm test', summary: '2 passed' },
  { type: 'review', status: 'objections', objections: [{ file: 'src/cart.js', line: 5, problem: 'no test for zero' }] },
  { type: 'error.learned', id: 2, what_failed: 'sum', what_fixed: 'times' },
  { type: 'diff', patch: PATCH, files: [] },
  { type: 'commit', commit: 'abcdef0123456789', branch: 'nex/fix-it', subject: 'fix: count the quantity' },
  outcome({
    text: ANSWER,
    branch: 'nex/fix-it',
    base: 'main',
    commit: 'abcdef0123456789',
    files: ['src/cart.js'],
    tests: { status: 'passed', command: 'npm test', summary: '2 passed' },
    review: { status: 'objections', objections: [{ problem: 'no test for zero' }] },
    iterations: 4,
    exit_code: 3,
  }),
];

describe('a task', () => {
  it('is told at 80 columns, the answer as Markdown, nothing twice', () => {
    const { both, answer } = play(TASK, { screen: true });

    expect(answer).toBe('');
    expect(both).toBe(`nex 0.1.0 · claude-sonnet-5-5 · /home/ann/shop
context: 1 file, 1.2k tokens, 1 past error
seen before: total is wrong; fixed by: count the quantity

Plan
  ☐ See the failure
  ☐ Fix the sum (src/cart.js)

Looking at the failure

I run the tests first.

● Run npm test  ✗ exit 1, 2.3 s
  │ # tests 2
  │ # fail 2
● Read src/cart.js  ✓ 2 lines
● Search total (*.js)  ✓ 2 lines, 0.1 s
! the API is overloaded; trying again in 2.0 s (attempt 2)

The quantity is missing.

● Edit src/cart.js  ✓ +1 -1 lines
  5 -     sum += line.price;
  5 +     sum += line.price * line.quantity;

The sum left out the quantity of each line. It now counts \`price * quantity\`
(src/cart.js:5).

✓ tests passed (npm test): 2 passed
! review: 1 objection
  src/cart.js:5 no test for zero
learned: sum; fixed by: times

src/cart.js +1 -1
5 -     sum += line.price;
5 +     sum += line.price * line.quantity;

✓ committed abcdef012 fix: count the quantity

! Done, but the review objects, in 1 min 4 s
  files   src/cart.js
  tests   passed (npm test): 2 passed
  review  1 objection
  cost    $0.012 · 16.1k tokens in (86 % from cache), 800 out, 1 request
  branch  nex/fix-it (from main) at abcdef012
  return  git switch main
  merge   git switch main && git merge nex/fix-it
  undo    nex rollback
`);
  });

  it('is told at 40 columns', () => {
    const lines = play(TASK, { screen: true, columns: 40 }).both.split('\n');

    expect(lines.filter((line) => line.length > 40)).toEqual([]);
    expect(lines.slice(0, 5)).toEqual([
      'nex 0.1.0 · claude-sonnet-5-5 ·',
      '  /home/ann/shop',
      'context: 1 file, 1.2k tokens, 1 past',
      '  error',
      'seen before: total is wrong',
    ]);
    expect(lines.slice(-6)).toEqual([
      '          abcdef012',
      '  return  git switch main',
      '  merge   git switch main && git merge',
      '          nex/fix-it',
      '  undo    nex rollback',
      '',
    ]);
  });

  it('is told at 120 columns with colour', () => {
    const lines = play(TASK, { screen: true, columns: 120, color: 1 }).both.split('\n');

    expect(lines.slice(12, 21)).toEqual([
      '\x1b[36m●\x1b[39m \x1b[1mRun\x1b[22m npm test  \x1b[31m✗\x1b[39m exit 1, 2.3 s',
      '\x1b[2m  │ # tests 2\x1b[22m',
      '\x1b[2m  │ # fail 2\x1b[22m',
      '\x1b[36m●\x1b[39m \x1b[1mRead\x1b[22m src/cart.js  \x1b[32m✓\x1b[39m\x1b[2m 2 lines\x1b[22m',
      '\x1b[36m●\x1b[39m \x1b[1mSearch\x1b[22m total (*.js)  \x1b[32m✓\x1b[39m\x1b[2m 2 lines, 0.1 s\x1b[22m',
      '\x1b[33m! the API is overloaded; trying again in 2.0 s (attempt 2)\x1b[39m',
      '',
      'The quantity is missing.',
      '',
    ]);
    expect(lines).toContain(
      'The sum left out the \x1b[1mquantity\x1b[22m of each line. It now counts \x1b[36mprice * quantity\x1b[39m (src/cart.js:5).',
    );
  });

  it('leaves the final text to stdout, as it was written, when both are files', () => {
    const { progress, answer } = play(TASK);

    expect(answer).toBe(`${ANSWER}\n`);
    expect(progress).not.toContain('The sum left out');
    expect(progress).toContain('\nThe quantity is missing.\n\n● Edit');
  });

  it('shows it all on the screen and gives stdout the text when only that is a file', () => {
    const { progress, answer } = play(TASK, { screen: true, answerOnScreen: false });

    expect(answer).toBe(`${ANSWER}\n`);
    expect(progress).toBe(play(TASK, { screen: true }).both);
  });

  it('renders the text on stdout when only that is a screen', () => {
    const { progress, answer } = play(TASK, { answerOnScreen: true, color: 1 });

    expect(answer).toContain('\x1b[1mquantity\x1b[22m');
    expect(progress).not.toContain('The sum left out');
  });

  it.each([
    [
      { screen: true },
      'The sum left out the quantity of each line. It now counts `price * quantity`\n(src/cart.js:5).\n',
    ],
    [{ screen: false }, `${ANSWER}\n`],
  ])('is only the final text when quiet: %j', (setup, text) => {
    expect(play(TASK, { ...setup, quiet: true })).toEqual({ progress: '', answer: text, both: text });
  });

  it('has no escapes and no signs when plain, whatever the terminal', () => {
    const { both } = play(TASK, { screen: true, color: 3, plain: true });

    expect(both).not.toMatch(/[\x1b●✓✗☐]/);
    expect(both).toContain(
      '\n- Run npm test\n  # tests 2\n  # fail 2\n  failed: exit 1, 2.3 s\n- Read src/cart.js  ok: 2 lines\n',
    );
  });

  it('is shown whole when verbose', () => {
    const { both } = play(TASK, { screen: true, verbose: true });

    expect(both).toContain('\n  src/cart.js (full, 120 tokens)\n');
    expect(both).toContain('\n**Looking at the failure**\n\nAt length.\n');
    expect(both).toContain('\nmain: 6.2k tokens in (80 % from cache), 240 out, $0.004, req_1\n');
    expect(both).toContain('\n● Run npm test\n  │ # tests 2\n  │ # fail 2\n  ✗ exit 1, 2.3 s\n');
  });
});

describe('the final text', () => {
  const end = (text: string) => outcome({ text });

  it('is not said again when it came in several blocks', () => {
    const { both } = play([...streamed('text', 'One.\n'), ...streamed('text', 'Two.'), end('One.\nTwo.')], {
      screen: true,
    });

    expect(both.match(/One|Two/g)).toEqual(['One', 'Two']);
  });

  it('is said when the screen has not seen it', () => {
    const { both } = play([...streamed('text', 'One.'), end('Two.')], { screen: true });

    expect(both).toContain('One.\n\nTwo.\n\n✓ Done');
  });

  it('keeps what came before it in the log', () => {
    const { progress, answer } = play([
      ...streamed('text', 'One.'),
      { type: 'thinking', text: 'Hm' },
      ...streamed('text', 'Two.'),
      end('Two.'),
    ]);

    expect([progress.startsWith('One.\n\nHm\n\n✓ Done'), answer]).toEqual([true, 'Two.\n']);
  });

  it('is not lost when the program ends early', () => {
    expect(play(streamed('text', 'Only words')).progress).toBe('Only words\n');
    expect(play(streamed('text', 'Only words'), { screen: true }).progress).toBe('Only words\n');
    expect(play(streamed('text', 'Only words').slice(0, -1), { screen: true }).progress).toBe('Only words\n');
  });

  it('is nothing when there is none', () => {
    expect(play([end('')]).answer).toBe('');
  });

  it('comes whole when it did not stream', () => {
    expect(play([{ type: 'text', text: 'Hello **you**' }, end('Hello **you**')], { screen: true }).both).toMatch(
      /^Hello you\n\n✓ Done/,
    );
  });

  it('is stripped of what a terminal would obey', () => {
    const text = 'a\x1b]52;c;cm0=\x07b\x1b[2Jc\u202e';
    expect(play([end(text)]).answer).toBe('abc\n');
    expect(play([...streamed('text', text), end(text)], { screen: true }).both).toMatch(/^abc\n\n✓ Done/);
  });
});

describe('a turn of several', () => {
  it('follows the one before', () => {
    const turn = (text: string) => [...streamed('text', text), outcome({ text })];
    const { both } = play([...turn('Hello'), ...turn('Hello')], { screen: true });

    expect(both.match(/^Hello$/gm)).toHaveLength(2);
    expect(both.match(/Done/g)).toHaveLength(2);
  });
});

describe('a task that was stopped', () => {
  it('tells what it cut off, and leaves nothing of it to the next turn', () => {
    const text = play(
      [
        call('a', 'run_command', { command: 'sleep 60' }),
        outcome({ outcome: 'interrupted' }),
        call('b', 'read_file', { path: 'a.ts' }),
        result('b', 'read_file', true, '   1 | a'),
        outcome(),
      ],
      { screen: true },
    ).progress;

    expect(text.match(/● .*/g)).toEqual(['● Run sleep 60  ✗ stopped', '● Read a.ts  ✓ 1 line']);
  });
});

describe('calls', () => {
  const tell = (events: readonly AgentEvent[], setup: Setup = {}) => play(events, setup).progress;

  it('is named before it is asked about, once', () => {
    const approval: AgentEvent = {
      type: 'approval',
      id: 'a',
      command: 'write_file .env',
      rule: 'secrets',
      reason: 'r',
    };
    expect(
      tell([
        call('a', 'write_file', { path: '.env' }),
        approval,
        { ...approval, answer: 'no' },
        result('a', 'write_file', false, 'Not run: it holds secrets.\nMore.'),
      ]),
    ).toBe('● Write .env\n  ✗ Not run: it holds secrets.\n');
  });

  it('keeps the beginning of a success, and the end of a failure in which nothing looks like an error', () => {
    const output = Array.from({ length: 40 }, (_, index) => `line ${index + 1}`).join('\n');
    const run = (ok: boolean, exit: number) =>
      tell([
        call('a', 'run_command', { command: 'x' }),
        result('a', 'run_command', ok, `Exit status ${exit}.\n${output}`, { exit }),
      ]).split('\n');

    expect(run(true, 0)).toEqual(['● Run x', '  │ line 1', '  │ line 2', '  │ line 3', '  ✓ exit 0, 40 lines', '']);
    expect(run(false, 2).slice(1, 3)).toEqual(['  │ line 31', '  │ line 32']);
    expect(run(false, 2).slice(-2)).toEqual(['  ✗ exit 2, 40 lines', '']);
  });

  it('keeps of a failure what looks like errors and what stands behind them, each line once', () => {
    const output = [
      ...Array.from({ length: 20 }, (_, index) => `compiling part ${index}`),
      '✖ adds up (2 ms)',
      ...Array.from({ length: 20 }, (_, index) => `noise ${index}`),
      '✖ adds up (2 ms)',
      'AssertionError: not equal',
      '',
      '350 !== 800',
      '  at cart.test.js:7',
      ...Array.from({ length: 20 }, (_, index) => `stack ${index}`),
      '1 failed',
    ].join('\n');
    const lines = tell([
      call('a', 'run_command', { command: 'x' }),
      result('a', 'run_command', false, `Exit status 1.\n${output}`, { exit: 1 }),
    ]).split('\n');

    expect(lines.slice(1, 6)).toEqual([
      '  │ ✖ adds up (2 ms)',
      '  │ AssertionError: not equal',
      '  │ 350 !== 800',
      '  │   at cart.test.js:7',
      '  │ stack 0',
    ]);
    expect(lines.slice(-3)).toEqual(['  │ 1 failed', '  ✗ exit 1, 67 lines', '']);
  });

  it('goes on with the time behind a sentence that did not end', () => {
    const text = 'a.bin is not text.';
    expect(
      tell([call('a', 'read_file', { path: 'a.bin' }), result('a', 'read_file', false, text, { duration_ms: 200 })]),
    ).toBe('● Read a.bin  ✗ a.bin is not text, 0.2 s\n');
  });

  it('tells what is remembered of a failure once', () => {
    const text = 'Exit status 1.\nTypeError: x\n\n[nex] Seen before (#1, once): "TypeError: x"; fixed by: "y"';
    const recalled: AgentEvent = {
      type: 'error.recalled',
      id: 1,
      what_failed: 'TypeError: x',
      what_fixed: 'y',
      moment: 'failure',
    };
    expect(
      tell([
        call('a', 'run_command', { command: 'x' }),
        recalled,
        result('a', 'run_command', false, text, { exit: 1 }),
      ]),
    ).toBe('● Run x\n  │ TypeError: x\n  ✗ exit 1\nseen before: TypeError: x; fixed by: y\n');
  });

  it('tells lessons once of which the same is seen, and others too', () => {
    const lesson = (id: number, what_failed: string): AgentEvent => ({
      type: 'error.learned',
      id,
      what_failed,
      what_fixed: 'y',
    });

    const long = `sum ${'is wrong '.repeat(20)}`;

    expect(tell([lesson(1, 'sum'), lesson(2, 'sum'), lesson(3, 'total')])).toBe(
      'learned: sum; fixed by: y\nlearned: total; fixed by: y\n',
    );
    // Where lines are cut, what is behind the cut makes no difference.
    expect(tell([lesson(1, `${long}1`), lesson(2, `${long}2`)]).match(/learned/g)).toHaveLength(1);
  });

  it('says that a file was known when its lines did not come again', () => {
    expect(
      tell([
        call('a', 'read_file', { path: 'a' }),
        result('a', 'read_file', true, '… 900 characters: the same as before'),
      ]),
    ).toBe('● Read a  ✓ known already\n');
  });

  it('shows output as it comes when verbose, cut where the lines are', () => {
    const pieces = ['one\ntw', 'o\nthr', 'ee'].map((text): AgentEvent => ({ type: 'tool.output', id: 'a', text }));
    expect(
      tell(
        [
          call('a', 'run_command', { command: 'x' }),
          ...pieces,
          result('a', 'run_command', true, 'Exit status 0.\none\ntwo\nthree', { exit: 0 }),
        ],
        {
          verbose: true,
        },
      ),
    ).toBe('● Run x\n  │ one\n  │ two\n  │ three\n  ✓ exit 0\n');
  });

  it.each([
    ['Timed out after 5 s, no exit status: the command and all it had started were ended.', 'timed out after 5 s'],
    ['No exit status: it was ended because it printed more than 1 GB.', 'no exit status'],
    ['Exit status 137 (ended by SIGKILL).', '137 (ended by SIGKILL)'],
    ['Not run: there is no shell.', 'Not run: there is no shell.'],
  ])('says how a command ended without an exit status: %s', (text, said) => {
    expect(tell([call('a', 'run_command', { command: 'x' }), result('a', 'run_command', false, text)])).toBe(
      `● Run x\n  ✗ ${said}\n`,
    );
  });

  it.each([
    ['read_file', { path: 'a.ts', start_line: 3 }, '● Read a.ts:3-'],
    ['read_file', { path: 'a.ts', end_line: 9 }, '● Read a.ts:1-9'],
    ['read_file', { path: 'a\nb\u202e.ts' }, '● Read a‹LF›b‹U+202E›.ts'],
    ['search_files', { pattern: 'x y', path: 'src' }, '● Search x y in src'],
    ['list_directory', {}, '● List .'],
    ['run_command', { command: 'cat <<E\na\nE' }, '● Run cat <<E … (+2 lines)'],
    ['run_command', { command: 'echo \x1b[2J' }, '● Run echo ‹ESC›[2J'],
    ['run_command', { command: 'x'.repeat(100) }, `● Run ${'x'.repeat(73)}…`],
    ['delete\x1b_all', { path: 7 }, '● delete‹ESC›_all 7'],
  ])('names %s %j', (name, input, line) => {
    const [first] = tell([
      call('a', name, input),
      { type: 'approval', id: 'a', command: 'x', rule: 'r', reason: 'r' },
    ]).split('\n');
    expect(first).toBe(line);
  });

  it('puts a result below a call that fills its line', () => {
    const path = `${'long/'.repeat(15)}file.ts`;
    expect(tell([call('a', 'read_file', { path }), result('a', 'read_file', true, '   1 | a')])).toBe(
      `● Read ${path.slice(0, 72)}…\n  ✓ 1 line\n`,
    );
  });

  it('shows the beginning of a large change', () => {
    const diff = `@@ -0,0 +1,99 @@\n${'+x\n'.repeat(99)}`;
    const lines = tell([
      call('a', 'write_file', { path: 'a' }),
      result('a', 'write_file', true, `Changed a, +99 -0 lines.\n${diff}`),
    ]).split('\n');

    expect(lines).toHaveLength(18);
    expect(lines.at(-2)).toBe('  … 84 more lines');
  });

  it('says that a file was created', () => {
    expect(
      tell([call('a', 'write_file', { path: 'a' }), result('a', 'write_file', true, 'Created a, 12 lines.')]),
    ).toBe('● Write a  ✓ created, 12 lines\n');
  });
});
