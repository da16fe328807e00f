import { describe, expect, it } from 'vitest';
import { type Entry, invert, mergeEntry } from '../../../src/history/change.ts';

const file = (oid: string, mode = '100644'): Entry => ({ mode, oid });
const link = (oid: string): Entry => ({ mode: '120000', oid });

describe('the merge of one path', () => {
  it('takes the change where nothing happened since', () => {
    expect(mergeEntry(file('a'), file('a'), file('b'))).toEqual({ kind: 'take', entry: file('b') });
    expect(mergeEntry(undefined, undefined, file('b'))).toEqual({ kind: 'take', entry: file('b') });
    expect(mergeEntry(file('a'), file('a'), undefined)).toEqual({ kind: 'take', entry: undefined });
    expect(mergeEntry(file('a'), file('a'), link('b'))).toEqual({ kind: 'take', entry: link('b') });
  });

  it('has nothing to do where the change was made already, or changes nothing', () => {
    expect(mergeEntry(file('a'), file('b'), file('b'))).toEqual({ kind: 'keep' });
    expect(mergeEntry(file('a'), undefined, undefined)).toEqual({ kind: 'keep' });
    expect(mergeEntry(file('a'), file('c'), file('a'))).toEqual({ kind: 'keep' });
  });

  it('merges lines when both sides changed the text', () => {
    expect(mergeEntry(file('a'), file('b'), file('c'))).toEqual({
      kind: 'text',
      mode: '100644',
      base: 'a',
      ours: 'b',
      theirs: 'c',
    });
  });

  it('merges mode and text apart', () => {
    expect(mergeEntry(file('a'), file('a', '100755'), file('b'))).toEqual({
      kind: 'take',
      entry: file('b', '100755'),
    });
    expect(mergeEntry(file('a'), file('b'), file('a', '100755'))).toEqual({
      kind: 'take',
      entry: file('b', '100755'),
    });
  });

  it('never forces: what one side removed or replaced is a conflict', () => {
    expect(mergeEntry(file('a'), undefined, file('b')).kind).toBe('conflict');
    expect(mergeEntry(file('a'), file('b'), undefined).kind).toBe('conflict');
    expect(mergeEntry(undefined, file('a'), file('b')).kind).toBe('conflict');
    expect(mergeEntry(file('a'), link('b'), file('c')).kind).toBe('conflict');
  });

  it('backwards swaps before and after', () => {
    expect(invert([{ path: 'p', before: file('a'), after: undefined }])).toEqual([
      { path: 'p', before: undefined, after: file('a') },
    ]);
  });
});
