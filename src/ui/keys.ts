/** What was typed: text, a paste (whole, however many lines), or a key by its name. */
export type Key = { type: 'text'; text: string } | { type: 'paste'; text: string } | { type: 'key'; name: KeyName };

export type KeyName =
  | 'enter'
  | 'newline'
  | 'tab'
  | 'back-tab'
  | 'backspace'
  | 'delete'
  | 'left'
  | 'right'
  | 'up'
  | 'down'
  | 'home'
  | 'end'
  | 'word-left'
  | 'word-right'
  | 'cut-word'
  | 'cut-word-right'
  | 'cut-start'
  | 'cut-end'
  | 'insert-cut'
  | 'search'
  | 'clear-screen'
  | 'interrupt'
  | 'end-of-input'
  | 'cancel';

/** Around a paste, where the terminal was asked to mark it (`\x1b[?2004h`). */
const PASTE = { begin: '\x1b[200~', end: '\x1b[201~' };

const CONTROLS: Readonly<Record<string, KeyName>> = {
  '\x01': 'home',
  '\x02': 'left',
  '\x03': 'interrupt',
  '\x04': 'end-of-input',
  '\x05': 'end',
  '\x06': 'right',
  '\x07': 'cancel',
  '\x08': 'backspace',
  '\t': 'tab',
  '\n': 'newline',
  '\x0b': 'cut-end',
  '\x0c': 'clear-screen',
  '\r': 'enter',
  '\x0e': 'down',
  '\x10': 'up',
  '\x12': 'search',
  '\x15': 'cut-start',
  '\x17': 'cut-word',
  '\x19': 'insert-cut',
  '\x7f': 'backspace',
};

/** Behind `ESC [` or `ESC O`; numbers of modifiers are looked at apart. */
const FINALS: Readonly<Record<string, KeyName>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  F: 'end',
  H: 'home',
  Z: 'back-tab',
  '1~': 'home',
  '7~': 'home',
  '4~': 'end',
  '8~': 'end',
  '3~': 'delete',
};

/** With Alt: a line end in the text, and words. */
const WITH_ALT: Readonly<Record<string, KeyName>> = {
  '\r': 'newline',
  '\n': 'newline',
  b: 'word-left',
  f: 'word-right',
  d: 'cut-word-right',
  '\x7f': 'cut-word',
  '\x08': 'cut-word',
};

/**
 * Reads keys out of what a terminal in raw mode sends. Where the pieces were cut does not matter; a sequence that is
 * not known is dropped, so that nothing of it lands in the text.
 */
export function keyReader(): { push(text: string): Key[] } {
  let rest = '';
  return {
    push(text) {
      rest += text;
      const keys: Key[] = [];
      while (rest !== '') {
        const found = firstKey(rest);
        if (found === 'wait') break;
        rest = rest.slice(found.length);
        const last = keys.at(-1);
        if (found.key?.type === 'text' && last?.type === 'text') last.text += found.key.text;
        else if (found.key) keys.push(found.key);
      }
      return keys;
    },
  };
}

function firstKey(text: string): { length: number; key: Key | undefined } | 'wait' {
  if (text.startsWith(PASTE.begin)) {
    const end = text.indexOf(PASTE.end);
    if (end === -1) return 'wait';
    return { length: end + PASTE.end.length, key: { type: 'paste', text: text.slice(PASTE.begin.length, end) } };
  }
  const first = text[0] ?? '';
  if (first === '\x1b') return escapeKey(text);
  if (first < ' ' || first === '\x7f') return { length: 1, key: keyOf(CONTROLS[first]) };
  // Half of a character outside the basic plane: the other half comes with the next piece.
  const plain = /^[^\x00-\x1f\x7f]+/.exec(text)?.[0] ?? '';
  const whole = plain.length === text.length ? plain.replace(/[\ud800-\udbff]$/, '') : plain;
  return whole === '' ? 'wait' : { length: whole.length, key: { type: 'text', text: whole } };
}

function escapeKey(text: string): { length: number; key: Key | undefined } | 'wait' {
  const found = /^\x1b(?:\[([0-?]*)([ -/]*[@-~])|O([A-Za-z]))/.exec(text);
  if (found) {
    const [whole, parameters = '', final = '', single] = found;
    return { length: whole.length, key: keyOf(single ? FINALS[single] : sequenceKey(parameters, final)) };
  }
  if (/^\x1b(?:\[[0-?]*[ -/]*|O)?$/.test(text)) return 'wait';
  // What cannot go on as a sequence is the key behind it with Alt; an escape before an escape stands alone.
  if (text[1] === '\x1b') return { length: 1, key: undefined };
  if (/^\x1b[[O]/.test(text)) return { length: 2, key: undefined };
  return { length: 2, key: keyOf(WITH_ALT[text[1] ?? '']) };
}

function sequenceKey(parameters: string, final: string): KeyName | undefined {
  const [first = '', modifier = ''] = parameters.split(';');
  // Enter with a modifier, as terminals report it that can.
  if (final === 'u') return first === '13' ? 'newline' : undefined;
  const name = FINALS[final === '~' ? `${first}~` : final];
  const byWord = ['3', '5', '9'].includes(modifier);
  if (byWord && name === 'left') return 'word-left';
  if (byWord && name === 'right') return 'word-right';
  return name;
}

function keyOf(name: KeyName | undefined): Key | undefined {
  return name === undefined ? undefined : { type: 'key', name };
}
