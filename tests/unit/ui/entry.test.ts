import { describe, expect, it } from 'vitest';
import { type Complete, newEntry, type Pressed, press } from '../../../src/ui/entry.ts';
import { keyReader } from '../../../src/ui/keys.ts';
import { textIn } from '../../../src/ui/line-buffer.ts';

const HISTORY = ['fix the cart', 'explain the\nindex', 'fix the tests'];

/** What comes of these bytes. */
function comesOf(bytes: string, complete: Complete = () => undefined): string {
  let entry = newEntry(HISTORY);
  for (const key of keyReader().push(bytes)) {
    const pressed: Pressed = press(entry, key, complete);
    if (pressed.kind !== 'typing') return pressed.kind === 'entered' ? `entered ${pressed.text}` : pressed.kind;
    entry = pressed.entry;
  }
  return `${entry.search === undefined ? '' : `search ${entry.search}: `}${textIn(entry.buffer)}`;
}

const UP = '\x1b[A';
const DOWN = '\x1b[B';

describe('an entry', () => {
  it.each([
    ['is entered', 'hello\r', 'entered hello'],
    ['goes on below after a backslash', 'one\\\rtwo\r', 'entered one\ntwo'],
    ['goes on below with Alt-Enter', 'one\x1b\rtwo\r', 'entered one\ntwo'],
    ['takes a paste of several lines without sending it', '\x1b[200~one\r\ntwo\r\n\x1b[201~', 'one\ntwo\n'],
    ['goes back in the history', UP, 'fix the tests'],
    ['goes through the lines of an old entry first', `${UP}${UP}${UP}`, 'explain the\nindex'],
    ['comes back to what was being typed', `mine${UP}${DOWN}`, 'mine'],
    ['stops at the oldest', `${UP}${UP}${UP}${UP}${UP}${UP}`, 'fix the cart'],
    ['is emptied by Ctrl-C', 'abc\x03', ''],
    ['is interrupted by Ctrl-C when it is empty', '\x03', 'interrupted'],
    ['ends at Ctrl-D when it is empty', '\x04', 'ended'],
    ['loses a character at Ctrl-D otherwise', 'ab\x01\x04', 'b'],
    ['is found again by Ctrl-R', '\x12FIX', 'search FIX: fix the tests'],
    ['is found further back by one more', '\x12fix\x12', 'search fix: fix the cart'],
    ['is taken from the search by Enter', '\x12cart\r', 'entered fix the cart'],
    ['comes back when the search is given up', 'mine\x12cart\x07', 'mine'],
  ])('%s', (_, bytes, expected) => {
    expect(comesOf(bytes)).toBe(expected);
  });

  it('is completed by Tab', () => {
    const complete: Complete = (text) => (text === '/he' ? '/help' : undefined);
    expect(comesOf('/he\t\r', complete)).toBe('entered /help');
    expect(comesOf('he\t', complete)).toBe('he');
  });
});
