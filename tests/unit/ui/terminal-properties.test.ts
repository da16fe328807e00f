import { Writable } from 'node:stream';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AgentEvent } from '../../../src/session/events.ts';
import { createTerminal } from '../../../src/ui/terminal.ts';
import { widthOf } from '../../../src/ui/width.ts';
import { manualClock } from '../../support/manual-clock.ts';

interface Setup {
  columns: number;
  color: 0 | 1;
  plain: boolean;
  verbose: boolean;
}

/** All that a terminal gets for these events. */
function play(events: readonly AgentEvent[], { columns, ...setup }: Setup): string {
  let written = '';
  const write = (text: string) => {
    written += text;
  };
  const out = new Writable({
    decodeStrings: false,
    write(text, _encoding, done) {
      write(text);
      done();
    },
  });
  const terminal = createTerminal({
    out: Object.assign(out, { isTTY: true }),
    answer: { write, isTTY: true },
    columns: () => columns,
    quiet: false,
    links: true,
    clock: manualClock(),
    ...setup,
  });
  for (const event of events) terminal.listen({ ...event, time: '', session: 's' });
  terminal.close();
  return written;
}

const HOSTILE = [
  '\x1b[2J',
  '\x1b]0;t\x07',
  '\x1b]8;;http://x\x1b\\',
  '\x9b1A',
  '\r',
  '\x08',
  '\x00',
  '\u202e',
  '\u200b',
  '\x1bP q\x1b\\',
  '\x1b',
];
const word = fc.oneof(
  fc.constantFrom(
    'one',
    'total',
    '日本語',
    '👩‍👩‍👧',
    'é',
    '**b**',
    '`c`',
    '[d](https://d.example/x)',
    '- ',
    '> ',
    '# ',
    '|a|b|',
    '\n',
    '\n\n',
    ' ',
    '\t',
  ),
  fc.integer({ min: 37, max: 200 }).map((length) => 'x'.repeat(length)),
  fc.constantFrom(...HOSTILE),
);
const words = fc.array(word, { maxLength: 25 }).map((parts) => parts.join(' '));
const setups = fc.record<Setup>({
  columns: fc.integer({ min: 40, max: 200 }),
  color: fc.constantFrom(0, 1),
  plain: fc.boolean(),
  verbose: fc.boolean(),
});

function story(text: string, name: string, output: string): AgentEvent[] {
  const base = { files: [{ path: name, mode: 'full', tokens: 5 }], memory_tokens: 1, errors: 1, tokens: 6 };
  return [
    { type: 'session.start', task: text, model: 'm', root: name, version: '1', dry_run: true },
    { type: 'context', ...base },
    { type: 'plan', steps: [{ title: text, files: [name], done: false }] },
    { type: 'thinking', text },
    { type: 'text', text },
    { type: 'tool.call', id: 'a', name: 'run_command', input: { command: name } },
    { type: 'tool.output', id: 'a', text: output },
    { type: 'error.learned', id: 1, what_failed: text, what_fixed: output },
    {
      type: 'tool.result',
      id: 'a',
      name: 'run_command',
      ok: false,
      text: `Exit status 1.\n${output}`,
      changed: [],
      exit: 1,
      duration_ms: 1,
    },
    { type: 'tool.call', id: 'b', name: 'write_file', input: { path: name } },
    {
      type: 'tool.result',
      id: 'b',
      name: 'write_file',
      ok: true,
      text: `Created ${name}, 1 line.\n@@ -0,0 +1,1 @@\n+${output.replaceAll(/[\n\v\f\r\x85\u2028\u2029]/g, ' ')}`,
      changed: [],
      duration_ms: 1,
    },
    { type: 'notice', text, level: 'warning' },
    { type: 'review', status: 'objections', objections: [{ file: name, line: 1, problem: text }] },
    {
      type: 'session.end',
      outcome: 'done',
      text: 'end',
      files: [name],
      branch: 'nex/a',
      base: 'main',
      tests: { status: 'passed', command: name, summary: text },
      review: { status: 'not_reviewed', objections: [] },
      refused: [{ command: name, rule: 'r', reason: text }],
      iterations: 1,
      usage: { requests: 1, inputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 1 },
      cost_usd: null,
      duration_ms: 1,
      exit_code: 0,
    },
  ];
}

it('never writes a line wider than the terminal, nor a control sequence of others', () => {
  fc.assert(
    fc.property(words, words, words, setups, (text, name, output, setup) => {
      const written = play(story(text, name, output), setup);
      const bare = written.replaceAll(/\x1b\[\d+m|\x1b\]8;;(?:https:\/\/d\.example\/x)?\x1b\\/g, '');
      expect(bare).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u200b]/);
      if (setup.plain) expect(written).toBe(bare);
      expect(bare.split('\n').filter((line) => widthOf(line) > setup.columns)).toEqual([]);
    }),
    // A thought whose third line is full and not its last.
    { numRuns: 200, examples: [['x'.repeat(200), 'a', '', { columns: 40, color: 0, plain: false, verbose: false }]] },
  );
});

it('shows a text the same however it streamed in', () => {
  fc.assert(
    fc.property(words, fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 60 }), setups, (text, sizes, setup) => {
      const pieces: AgentEvent[] = [];
      let at = 0;
      for (const size of [...sizes, text.length]) {
        if (at < text.length) pieces.push({ type: 'text', text: text.slice(at, at + size), delta: true });
        at += size;
      }
      const whole: AgentEvent = { type: 'text', text };
      expect(play([...pieces, whole], setup)).toBe(play([whole], setup));
    }),
    { numRuns: 200 },
  );
});
