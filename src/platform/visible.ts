/**
 * The text with everything in it that a terminal would obey, hide or reorder written out: `‹ESC›`, `‹U+202E›`. Also
 * spaces that are none to a shell. Character by character: the parts of a text give the parts of the result.
 */
export function makeVisible(text: string): string {
  return text.replace(HIDDEN, (character) => {
    if (/^\p{Extended_Pictographic}/u.test(character)) return character;
    const code = character.codePointAt(0) ?? 0;
    return `‹${NAMES[code] ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`}›`;
  });
}

/** An emoji with its joiners is taken as one first, and kept. */
const HIDDEN =
  /\p{Extended_Pictographic}\ufe0f?(?:\u200d\p{Extended_Pictographic}\ufe0f?)*|[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/gu;

const NAMES: Readonly<Record<number, string>> = {
  0: 'NUL',
  7: 'BEL',
  8: 'BS',
  9: 'TAB',
  10: 'LF',
  13: 'CR',
  27: 'ESC',
  127: 'DEL',
};
