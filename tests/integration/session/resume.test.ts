import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/model/message.ts';
import type { AgentEvent, StampedEvent } from '../../../src/session/events.ts';
import { createJournal } from '../../../src/session/journal.ts';
import { recordingOf, replayModel } from '../../../src/session/replay.ts';
import {
  conversationOf,
  listSessions,
  readSession,
  removeSession,
  renameSession,
  searchSessions,
  summariseSession,
} from '../../../src/session/resume.ts';
import { type TempProject, tempProject } from '../../support/temp-project.ts';

const usage = { input: 1, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 1 };
const prefix = {
  model: 'claude-sonnet-5-5',
  system: ['You are nex.', 'Memory:\n- é ✓'],
  tools: [
    {
      name: 'read_file',
      description: 'Reads.',
      schema: { type: 'object', required: ['path'], properties: { path: { type: 'string' } } },
    },
  ],
};
const messages: Message[] = [
  { role: 'user', text: 'Fix the test.' },
  {
    role: 'assistant',
    text: 'I look.',
    calls: [{ id: 'c1', name: 'read_file', input: { path: 'a.ts', z: 1, a: 2 } }],
    sealed: [
      { type: 'thinking', thinking: 'Hm', signature: 'c2ln' },
      { type: 'text', text: 'I look.' },
    ],
  },
  { role: 'tools', answers: [{ callId: 'c1', text: '1 const a', isError: false }] },
  { role: 'assistant', text: 'Done.', calls: [], sealed: [{ type: 'text', text: 'Done.' }] },
];

const start: AgentEvent = {
  type: 'session.start',
  task: 'Fix the test.',
  model: 'claude-sonnet-5-5',
  root: '/r',
  version: '1',
  pid: 1,
  dry_run: false,
};
const end: AgentEvent = {
  type: 'session.end',
  outcome: 'done',
  text: 'Done.',
  branch: 'nex/fix-the-test',
  files: [],
  tests: { status: 'not_run' },
  review: { status: 'not_reviewed', objections: [] },
  refused: [],
  iterations: 1,
  usage: { requests: 1, inputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 1 },
  cost_usd: 0.5,
  duration_ms: 1,
  exit_code: 0,
};
const cost = (cost_usd: number | null): AgentEvent => ({
  type: 'usage',
  purpose: 'main',
  model: 'm',
  usage,
  cost_usd,
  task_cost_usd: cost_usd,
});

type Entry = AgentEvent | { prefix: typeof prefix } | { message: Message };

function keep(project: TempProject, id: string, entries: readonly Entry[], redact = (text: string) => text): string {
  const dir = project.path('sessions');
  const journal = createJournal({ dir, id, redact, onFailure: (text) => expect.fail(text) });
  for (const entry of entries) {
    if ('prefix' in entry) journal.prefix(entry.prefix);
    else if ('message' in entry) journal.message(entry.message);
    else journal.record(stamp(entry, id));
  }
  journal.close();
  return dir;
}

function stamp(event: AgentEvent, session: string): StampedEvent {
  return { ...event, time: '2026-01-02T03:04:05.000Z', session };
}

const talk = (...said: Message[]): Entry[] => [{ prefix }, ...said.map((message) => ({ message }))];

describe('conversationOf', () => {
  it('is byte for byte what was sent', async () => {
    using project = tempProject();
    const dir = keep(project, 's1', talk(...messages));

    const conversation = conversationOf(await readSession(dir, 's1'));

    expect(JSON.stringify(conversation)).toBe(JSON.stringify({ ...prefix, messages }));
  });

  it('answers the calls that a crash left open: by their result, as cut off, as never run', async () => {
    using project = tempProject();
    const ask: Message = {
      role: 'assistant',
      text: '',
      calls: [1, 2, 3].map((number) => ({
        id: `c${number}`,
        name: 'run_command',
        input: { command: `step ${number}` },
      })),
    };
    const dir = keep(project, 's1', [
      ...talk({ role: 'user', text: 'Go.' }, ask),
      { type: 'tool.call', id: 'c1', name: 'run_command', input: {} },
      { type: 'tool.result', id: 'c1', name: 'run_command', ok: false, text: 'exit 1', changed: [], duration_ms: 1 },
      { type: 'tool.call', id: 'c2', name: 'run_command', input: {} },
    ]);

    expect(conversationOf(await readSession(dir, 's1')).messages).toEqual([
      { role: 'user', text: 'Go.' },
      ask,
      {
        role: 'tools',
        answers: [
          { callId: 'c1', text: 'exit 1', isError: true },
          {
            callId: 'c2',
            text: 'Cut off: nex was stopped while this ran. What it did is not known; look before you run it again.',
            isError: true,
          },
          { callId: 'c3', text: 'Not run: nex was stopped before.', isError: true },
        ],
      },
    ]);
  });

  it('begins at the last prefix', async () => {
    using project = tempProject();
    const dir = keep(project, 's1', [...talk(...messages), ...talk({ role: 'user', text: 'Anew.' })]);

    expect(conversationOf(await readSession(dir, 's1')).messages).toEqual([{ role: 'user', text: 'Anew.' }]);
  });

  it('is a valid conversation wherever in the last line the journal was torn', async () => {
    using project = tempProject();
    const dir = keep(project, 's1', talk(...messages));
    const whole = readFileSync(project.path('sessions/s1.jsonl'));
    const lastLine = whole.lastIndexOf(0x0a, whole.length - 2) + 1;

    for (let length = lastLine; length <= whole.length; length++) {
      writeFileSync(project.path('sessions/s1.jsonl'), whole.subarray(0, length));
      const session = await readSession(dir, 's1');
      const kept = length >= whole.length - 1 ? messages : messages.slice(0, 3);
      expect([length, conversationOf(session).messages, session.notices]).toEqual([length, kept, []]);
    }
  });

  it('is valid wherever the journal ends', async () => {
    using project = tempProject();
    const dir = keep(project, 's1', [start, ...talk(...messages), end]);
    const whole = readFileSync(project.path('sessions/s1.jsonl'));
    const firstMessage = whole.indexOf('{"type":"message"');
    const begun = whole.indexOf(0x0a, firstMessage);

    for (let length = begun; length < whole.length; length += 7) {
      writeFileSync(project.path('sessions/s1.jsonl'), whole.subarray(0, length));
      const { messages: kept } = conversationOf(await readSession(dir, 's1'));
      for (const [index, message] of kept.entries()) {
        if (message.role !== 'assistant') continue;
        const next = kept[index + 1];
        const answered = next?.role === 'tools' ? next.answers.map(({ callId }) => callId) : [];
        expect(answered).toEqual(message.calls.map(({ id }) => id));
      }
    }
  });

  it('skips a damaged line, says so, and sends nothing that was bound to it', async () => {
    using project = tempProject();
    const dir = keep(project, 's1', talk(...messages));
    const lines = readFileSync(project.path('sessions/s1.jsonl'), 'utf8').split('\n');
    lines[3] = lines[3]?.slice(0, 20) ?? '';
    writeFileSync(project.path('sessions/s1.jsonl'), lines.join('\n'));

    const session = await readSession(dir, 's1');

    expect(session.notices).toEqual(['1 line was skipped in session s1: it could not be read.']);
    expect(conversationOf(session).messages).toEqual([
      { role: 'user', text: 'Fix the test.' },
      {
        role: 'assistant',
        text: 'I look.',
        calls: [{ id: 'c1', name: 'read_file', input: { path: 'a.ts', z: 1, a: 2 } }],
      },
      { role: 'tools', answers: [{ callId: 'c1', text: 'Not run: nex was stopped before.', isError: true }] },
      { role: 'assistant', text: 'Done.', calls: [] },
    ]);
  });

  it('drops what was signed when a secret had to be taken out afterwards', async () => {
    using project = tempProject();
    const dir = keep(project, 's1', talk(...messages), (text) => text.replaceAll('const a', '[secret]'));

    const { messages: kept } = conversationOf(await readSession(dir, 's1'));

    expect(JSON.stringify(kept)).not.toContain('sealed');
    expect(kept[2]).toEqual({ role: 'tools', answers: [{ callId: 'c1', text: '1 [secret]', isError: false }] });
  });

  it('says so when there is nothing to go on with', async () => {
    using project = tempProject();
    const dir = keep(project, 's1', [start]);

    const session = await readSession(dir, 's1');

    expect(() => conversationOf(session)).toThrow('Session s1 holds no conversation to go on with.');
  });
});

describe('readSession', () => {
  it('keeps the events as they were', async () => {
    using project = tempProject();
    const dir = keep(project, 's1', [start, end]);

    expect((await readSession(dir, 's1')).events).toEqual([stamp(start, 's1'), stamp(end, 's1')]);
  });

  it('does not touch the file: a running nex may be writing it', async () => {
    using project = tempProject({ 'sessions/s1.jsonl': '{"type":"name","name":"x"}\n{"torn' });

    await readSession(project.path('sessions'), 's1');

    expect(readFileSync(project.path('sessions/s1.jsonl'), 'utf8')).toBe('{"type":"name","name":"x"}\n{"torn');
  });

  it.each(['../s1', 'a/b', '..', '.hidden', '', 'C:\\s1'])('does not take %j for the id of a session', async (id) => {
    using project = tempProject({ 's1.jsonl': '' });

    await expect(readSession(project.path('sessions'), id)).rejects.toThrow('is not the id of a session.');
  });

  it('says so when there is no such session', async () => {
    using project = tempProject();

    await expect(readSession(project.path('sessions'), 's9')).rejects.toThrow('There is no session s9.');
  });
});

describe('listSessions', () => {
  it('sums each session up, newest first', async () => {
    using project = tempProject();
    keep(project, '20260101-000000-aaaa', [start, cost(0.25), cost(0.25), end]);
    const dir = keep(project, '20260102-000000-bbbb', [
      { ...start, task: 'Second' },
      cost(null),
      { type: 'commit', commit: 'abc', branch: 'nex/second', subject: 'feat: second' },
    ]);
    await renameSession(dir, '20260102-000000-bbbb', 'the second');
    // A session that is resumed is summed up again; the user's name for it stays.
    await summariseSession(dir, '20260102-000000-bbbb', 'Did the second');

    expect(await listSessions(dir)).toEqual([
      {
        id: '20260102-000000-bbbb',
        name: 'the second',
        summary: 'Did the second',
        started: '2026-01-02T03:04:05.000Z',
        task: 'Second',
        outcome: 'unfinished',
        cost_usd: null,
        steps: [expect.objectContaining({ step: 'main', requests: 1, cost_usd: null })],
        branch: 'nex/second',
        model: 'claude-sonnet-5-5',
      },
      {
        id: '20260101-000000-aaaa',
        name: undefined,
        started: '2026-01-02T03:04:05.000Z',
        task: 'Fix the test.',
        outcome: 'done',
        cost_usd: 0.5,
        steps: [expect.objectContaining({ step: 'main', requests: 2, cost_usd: 0.5 })],
        branch: 'nex/fix-the-test',
        model: 'claude-sonnet-5-5',
      },
    ]);
  });

  it('is empty where nex never ran', async () => {
    using project = tempProject();

    expect(await listSessions(project.path('sessions'))).toEqual([]);
  });

  it('leaves out what is no journal', async () => {
    using project = tempProject({ 'sessions/notes.txt': 'x', 'sessions/s1.jsonl': 'x\n' });

    expect(await listSessions(project.path('sessions'))).toEqual([]);
  });
});

describe('searchSessions', () => {
  it('finds words in tasks, answers, commands and commits, whatever their case', async () => {
    using project = tempProject();
    keep(project, 's1', [
      start,
      { type: 'text', text: `${'before '.repeat(20)}Login\n works now${' after'.repeat(20)}` },
    ]);
    keep(project, 's2', [
      start,
      { type: 'tool.call', id: 'c', name: 'run_command', input: { command: 'npm run login' } },
    ]);
    const dir = keep(project, 's3', [start]);

    expect((await searchSessions(dir, 'LOGIN')).map(({ id, excerpt }) => [id, excerpt])).toEqual([
      ['s2', 'npm run login'],
      ['s1', '…fore before before before before before Login works now after after after after after…'],
    ]);
    expect((await searchSessions(dir, 'fix the')).map(({ id }) => id)).toEqual(['s3', 's2', 's1']);
  });
});

describe('removeSession', () => {
  it('removes the journal and what was kept beside it, and nothing else', async () => {
    using project = tempProject({ 'sessions/s1.files/output.txt': 'long' });
    keep(project, 's1', [start]);
    const dir = keep(project, 's2', [start]);

    await removeSession(dir, 's1');

    expect([existsSync(project.path('sessions/s1.files')), existsSync(project.path('sessions/s1.jsonl'))]).toEqual([
      false,
      false,
    ]);
    expect((await listSessions(dir)).map(({ id }) => id)).toEqual(['s2']);
    await expect(removeSession(dir, 's1')).rejects.toThrow('There is no session s1.');
  });
});

describe('recordingOf', () => {
  it('makes a model of a session', async () => {
    using project = tempProject();
    const dir = keep(project, 's1', talk(...messages));

    const model = replayModel(recordingOf(await readSession(dir, 's1')));
    const request = {
      purpose: 'main' as const,
      system: [],
      messages: [],
      tools: [],
      signal: new AbortController().signal,
    };

    expect(model.id).toBe('claude-sonnet-5-5');
    expect((await model.ask(request)).message.calls).toEqual([
      { id: 'c1', name: 'read_file', input: { path: 'a.ts', z: 1, a: 2 } },
    ]);
    expect((await model.ask(request)).message.text).toBe('Done.');
  });
});
