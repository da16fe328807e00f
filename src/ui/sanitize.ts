import type { TextFilter } from '../platform/shell.ts';

/**
 * Takes out of text that we did not write whatever a terminal would obey or hide: escape sequences (CSI, OSC, DCS,
 * SOS, PM, APC and the rest, in 7 and 8 bits), control characters, marks that turn the direction of text, and
 * invisible characters. Tabs and line ends stay; a carriage return alone becomes a line end, so that nothing can
 * be overwritten. Where the pieces of a stream are cut does not matter.
 */
export function sanitizer(): TextFilter {
  let state: 'text' | 'escape' | 'csi' | 'string' | 'string end' = 'text';
  let returned = false;
  let half = '';

  const take = (character: string): string => {
    const was = state;
    state = 'text';
    switch (was) {
      case 'text':
        return show(character);
      case 'escape':
        if (/[ -/]/.test(character)) state = 'escape';
        else if (character === '[') state = 'csi';
        else if (/[PX\]^_]/.test(character)) state = 'string';
        else if (!/[0-~]/.test(character)) return show(character);
        return '';
      case 'csi':
        if (/[ -?]/.test(character)) state = 'csi';
        else if (!/[@-~]/.test(character)) return show(character);
        return '';
      case 'string':
        // A line end closes it too: an unclosed one would hide all that follows.
        if (character === '\n' || character === '\r') return show(character);
        if (character === '\x1b') state = 'string end';
        else if (!/[\x07\x18\x1a\x9c]/.test(character)) state = 'string';
        return '';
      case 'string end':
        if (character === '\\') return '';
        state = 'escape';
        return take(character);
    }
  };

  const show = (character: string): string => {
    if (character === '\r') {
      returned = true;
      return '';
    }
    if (character === '\x1b') state = 'escape';
    else if (character === '\x9b') state = 'csi';
    else if (/[\x90\x98\x9d-\x9f]/.test(character)) state = 'string';
    const shown = BREAK.test(character) ? '\n' : DROPPED.test(character) ? '' : character.toWellFormed();
    if (shown === '') return '';
    const before = returned && character !== '\n' ? '\n' : '';
    returned = false;
    return before + shown;
  };

  return {
    push(text) {
      if (state === 'text' && !returned && half === '' && !SUSPICIOUS.test(text)) return text;
      const whole = half + text;
      // Half of a character outside the basic plane: the other half comes with the next piece.
      half = /[\ud800-\udbff]$/.exec(whole)?.[0] ?? '';
      let clean = '';
      for (const character of whole.slice(0, whole.length - half.length)) clean += take(character);
      return clean;
    },
    end() {
      const rest = half === '' ? '' : take(half);
      half = '';
      state = 'text';
      returned = false;
      return rest;
    },
  };
}

/** The same for a text that is whole. */
export function sanitize(text: string): string {
  if (!SUSPICIOUS.test(text)) return text;
  const filter = sanitizer();
  return filter.push(text) + filter.end();
}

/** Ends a line on some terminals. */
const BREAK = /[\n\v\f\x85\u2028\u2029]/;

/** Zero width joiners stay: emoji and some scripts are written with them. */
const DROPPED =
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}]/u;

/** Cheap to look for; what has none of these is clean. */
const SUSPICIOUS =
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]/;
