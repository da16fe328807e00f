import { describe, expect, it } from 'vitest';
import { taskTerms } from '../../../src/indexer/task-terms.ts';

describe('taskTerms', () => {
  it('weighs the first line over the rest and code over prose', () => {
    const { terms, subject } = taskTerms('Session expiry\nlogs a warning from refreshToken');
    expect([...terms]).toEqual([
      ['sess', 1],
      ['expiri', 1],
      ['=sessionexpiry', 0.5],
      ['log', 0.5],
      ['warn', 0.5],
      ['=logswarning', 0.25],
      ['=warningfrom', 0.25],
      ['refresh', 0.7],
      ['token', 0.7],
      ['=refreshtoken', 0.7],
      ['=fromrefreshtoken', 0.35],
    ]);
    expect([...subject.keys()]).toEqual(['sess', 'expiri', '=sessionexpiry']);
  });

  it('knows short forms in both directions', () => {
    expect([...taskTerms('configuration').related.keys()]).toContain('cfg');
    expect([...taskTerms('cfg').related.keys()]).toContain('configur');
    expect([...taskTerms('authentication').related.keys()]).toContain('auth');
  });

  it('finds paths in text, logs and backslashes', () => {
    const task = 'see src/a.ts:12 and `lib\\b.py`, ./c/d.go; not 3.14';
    expect(taskTerms(task).paths).toEqual(['src/a.ts', 'lib/b.py', 'c/d.go']);
  });

  it('notices when tests or documents are asked for in the first line', () => {
    const asked = (task: string) => [taskTerms(task).asksForTests, taskTerms(task).asksForAside];
    expect(asked('add tests for the parser')).toEqual([true, false]);
    expect(asked('update the docs of the parser')).toEqual([false, true]);
    expect(asked('mend the parser\ntests included')).toEqual([false, false]);
  });

  it('takes any text, however long', () => {
    expect(taskTerms('').terms.size).toBe(0);
    expect(taskTerms('word '.repeat(100_000)).terms.size).toBe(2);
  });

  it('keeps what the task writes as code apart, and where it says it stands', () => {
    const { literals, scopes, written } = taskTerms(
      'fix(reg-exp-router): stop `matchAll` from reading max_depth twice',
    );
    expect(literals).toEqual(['=matchall', '=maxdepth']);
    expect(scopes).toEqual(['regexprouter']);
    expect(written.get('read')).toBe('reading');
    expect(taskTerms('[Console] Add types').scopes).toEqual(['console']);
    expect(taskTerms('net/http, url: mend paths').scopes).toEqual(['net', 'http', 'url']);
    expect(taskTerms('note: nothing here').scopes).toEqual([]);
    expect(taskTerms('Add types').scopes).toEqual([]);
  });
});
