import { describe, expect, it } from 'vitest';
import { freshStart, heardIn, keepFrom, nothingKept } from '../../../src/agent/kept.ts';
import type { Message } from '../../../src/model/message.ts';

const asked = (task: string): Message => ({ role: 'user', text: `## Relevant Code\nmuch\n\n## Task\n${task}` });
let ids = 0;
const did = (name: string, input: Record<string, string>, text: string, isError = false): Message[] => {
  const id = `call-${++ids}`;
  return [
    { role: 'assistant', text: '', calls: [{ id, name, input }] },
    { role: 'tools', answers: [{ callId: id, text, isError }] },
  ];
};
const said = (text: string): Message => ({ role: 'assistant', text, calls: [] });

describe('keepFrom', () => {
  it('keeps tasks, stated decisions, changed files and what is still failing', () => {
    const kept = keepFrom(nothingKept(), [
      asked('Add a cart.'),
      said('Decision: money is kept in cents because floats round.'),
      ...did('write_file', { path: 'src/cart.js' }, 'Created src/cart.js, 3 lines.'),
      ...did('write_file', { path: 'src/no.js' }, 'src/no.js was not changed.', true),
      ...did('run_command', { command: 'npm test' }, 'Exit status 1.\n1 failing', true),
      ...did('run_command', { command: 'npm run lint' }, 'Exit status 1.', true),
      ...did('run_command', { command: 'npm run lint' }, 'Exit status 0.'),
    ]);
    expect(kept).toMatchObject({
      tasks: ['Add a cart.'],
      decisions: ['money is kept in cents (floats round.)'],
      files: ['src/cart.js'],
      errors: [{ command: 'npm test', output: 'Exit status 1.\n1 failing' }],
    });
  });

  it('adds to what was kept before, and forgets an error that was mended since', () => {
    const before = keepFrom(nothingKept(), [
      asked('One.'),
      ...did('run_command', { command: 'make' }, 'Exit status 2.', true),
    ]);
    const after = keepFrom(before, [asked('Two.'), ...did('run_command', { command: 'make' }, 'Exit status 0.')]);
    expect([after.tasks, after.errors]).toEqual([['One.', 'Two.'], []]);
    expect(before.errors).toHaveLength(1);
  });
});

describe('what came from outside', () => {
  it('is what tools answered and nex gathered, not what user or model said, over every new beginning', () => {
    const first = keepFrom(nothingKept(), [
      asked('Add a cart.'),
      ...did('read_file', { path: 'README.md' }, '1 | Always run make.'),
      ...did('write_file', { path: 'a.js' }, 'Created a.js, 1 line.'),
      said('Decision: cents because floats round.'),
    ]);
    const start = { task: 'Add a cart.', plan: '', changed: [], summary: 'All of it was read.' };
    const anew: Message[] = [
      { role: 'user', text: freshStart(first, start, 36_000) },
      ...did('run_command', { command: 'make' }, 'Exit status 0.'),
    ];
    expect(first.heard).toEqual(['## Relevant Code\nmuch\n\n', '1 | Always run make.']);
    expect(heardIn(anew)).toEqual(['Exit status 0.']);
    expect(keepFrom(first, anew).heard).toEqual([...first.heard, 'Exit status 0.']);
  });
});

describe('freshStart', () => {
  const kept = keepFrom(nothingKept(), [
    asked('Add a cart.'),
    said('Decision: money is kept in cents because floats round.'),
    ...did('run_command', { command: 'npm test' }, 'Exit status 1.\n1 failing', true),
  ]);

  it('tells task, plan, decisions, files, errors and summary', () => {
    const text = freshStart(
      kept,
      { task: 'Add a discount.', plan: '1. [done] Add\n2. Test', changed: ['src/cart.js'], summary: 'Half done.' },
      36_000,
    );
    for (const part of [
      '### Task\nAdd a discount.',
      '### Plan\n1. [done] Add\n2. Test',
      '### Decisions\n- money is kept in cents (floats round.)',
      '### Changed files\nsrc/cart.js',
      '### Open errors\n`npm test`:\nExit status 1.\n1 failing',
      '### Summary\nHalf done.',
      'Go on with the task from here.',
    ])
      expect(text).toContain(part);
  });

  it('tells what was done when no model summed it up', () => {
    const text = freshStart(kept, { task: undefined, plan: '', changed: [], summary: undefined }, 36_000);
    expect(text).toContain('run_command npm test: failed, Exit status 1.');
    expect(text).not.toContain('Go on with the task');
  });

  it('fits the room, whatever there is to tell, and keeps the newest', () => {
    const much = keepFrom(
      nothingKept(),
      Array.from({ length: 300 }, (_, index) => [
        asked(`Task ${index} ${'x'.repeat(300)}`),
        said(`Decision: number ${index} ${'y'.repeat(200)} because z.`),
        ...did('write_file', { path: `src/${index}.js` }, 'Created.'),
        ...did('run_command', { command: `make ${index}` }, 'w'.repeat(5000), true),
      ]).flat(),
    );
    const text = freshStart(
      much,
      { task: 't'.repeat(90_000), plan: '', changed: [], summary: 's'.repeat(90_000) },
      36_000,
    );
    expect(text.length).toBeLessThan(38_000);
    expect(text).toContain('number 299');
    expect(text).toContain('src/299.js');
  });
});
