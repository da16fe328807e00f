import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AgentEvent, StampedEvent } from '../../../src/session/events.ts';
import { createJournal, newSessionId } from '../../../src/session/journal.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { type TempProject, tempProject } from '../../support/temp-project.ts';

const stamp = (event: AgentEvent): StampedEvent => ({ ...event, time: '2026-01-02T03:04:05.000Z', session: 's1' });

function journalIn(project: TempProject, rest: { redact?: (text: string) => string } = {}) {
  const failures: string[] = [];
  const journal = createJournal({
    dir: project.path('.nex/sessions'),
    id: 's1',
    redact: (text) => text,
    onFailure: (text) => failures.push(text),
    ...rest,
  });
  return { journal, failures, text: () => readFileSync(project.path('.nex/sessions/s1.jsonl'), 'utf8') };
}

describe('createJournal', () => {
  it('writes one line an event, and none for live pieces', () => {
    using project = tempProject();
    const { journal, text } = journalIn(project);

    journal.record(stamp({ type: 'text', text: 'Hel', delta: true }));
    journal.record(stamp({ type: 'text', text: 'Hello' }));
    journal.prefix({ model: 'm', system: ['You are nex.'], tools: [] });
    journal.message({ role: 'user', text: 'Hi' });
    journal.sync();
    journal.close();

    expect(text()).toBe(
      [
        '{"type":"text","time":"2026-01-02T03:04:05.000Z","session":"s1","text":"Hello"}',
        '{"type":"prefix","model":"m","system":["You are nex."],"tools":[]}',
        '{"type":"message","message":{"role":"user","text":"Hi"}}',
        '',
      ].join('\n'),
    );
  });

  it('leaves nothing for a task that never began', () => {
    using project = tempProject();
    const { journal } = journalIn(project);

    journal.record(stamp({ type: 'thinking', text: 'Hm', delta: true }));
    journal.sync();
    journal.close();

    expect(existsSync(project.path('.nex'))).toBe(false);
  });

  it.skipIf(process.platform === 'win32')('lets nobody but the owner read it', () => {
    using project = tempProject();
    const { journal } = journalIn(project);

    journal.record(stamp({ type: 'text', text: 'a' }));
    journal.close();

    expect(statSync(project.path('.nex/sessions/s1.jsonl')).mode & 0o777).toBe(0o600);
    expect(statSync(project.path('.nex/sessions')).mode & 0o777).toBe(0o700);
  });

  it('takes secrets out of what it writes', () => {
    using project = tempProject();
    const { journal, text } = journalIn(project, { redact: (text) => text.replaceAll('hunter2', '[secret 1]') });

    journal.record(stamp({ type: 'tool.output', id: 'c', text: 'password: hunter2' }));
    journal.message({ role: 'user', text: 'it is hunter2' });
    journal.close();

    expect(text()).not.toContain('hunter2');
    expect(text().match(/\[secret 1\]/g)).toHaveLength(2);
  });

  it('keeps the beginning of endless live output, and of each call its own', () => {
    using project = tempProject();
    const { journal, text } = journalIn(project);

    for (let count = 0; count < 100; count++)
      journal.record(stamp({ type: 'tool.output', id: 'a', text: 'x'.repeat(1000) }));
    journal.record(stamp({ type: 'tool.output', id: 'b', text: 'mine' }));
    journal.close();

    expect(text().match(/"id":"a"/g)).toHaveLength(64);
    expect(text()).toContain('mine');
  });

  it.each([
    ['{"type":"text","time":"t","sess', ''],
    ['{"type":"name","name":"whole"}', '{"type":"name","name":"whole"}\n'],
    [`{"type":"name","name":"${'long '.repeat(40_000)}`, ''],
  ])('goes on in a journal that was torn, from a sound line end', (torn, kept) => {
    using project = tempProject({ '.nex/sessions/s1.jsonl': `{"type":"name","name":"first"}\n${torn}` });
    const { journal, text } = journalIn(project);

    journal.message({ role: 'user', text: 'Hi' });
    journal.close();

    expect(text()).toBe(
      `{"type":"name","name":"first"}\n${kept}{"type":"message","message":{"role":"user","text":"Hi"}}\n`,
    );
  });

  it('tells once that it cannot write, and never throws', () => {
    using project = tempProject({ '.nex': 'a file where the folder should be' });
    const { journal, failures } = journalIn(project);

    journal.record(stamp({ type: 'text', text: 'a' }));
    journal.record(stamp({ type: 'text', text: 'b' }));
    journal.sync();
    journal.close();

    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatch(/^This session cannot be written down \(.+\)\. It goes on, but cannot be resumed\.$/);
  });

  it.skipIf(process.platform === 'win32')('does not write through a planted link', () => {
    using project = tempProject({ 'precious.txt': 'precious' });
    mkdirSync(project.path('.nex/sessions'), { recursive: true });
    symlinkSync(project.path('precious.txt'), project.path('.nex/sessions/s1.jsonl'));
    const { journal, failures } = journalIn(project);

    journal.record(stamp({ type: 'text', text: 'a' }));
    journal.close();

    expect(readFileSync(project.path('precious.txt'), 'utf8')).toBe('precious');
    expect(failures).toHaveLength(1);
  });
});

describe('newSessionId', () => {
  it('sorts by time', () => {
    const clock = manualClock();
    const first = newSessionId(clock, () => 0.5);
    clock.advance(1000);
    const second = newSessionId(clock, () => 0);

    expect([first, second]).toEqual(['20260102-030405-i000', '20260102-030406-0000']);
    expect(first < second).toBe(true);
  });

  it('is four letters or digits at its end for every random number', () => {
    expect(newSessionId(manualClock(), () => 0.999999999)).toBe('20260102-030405-zzzz');
  });
});
