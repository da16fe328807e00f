import type { Word } from './word.ts';

/** Longer results of `printf` are not worked out. */
const LONGEST = 8192;

/** Backslash escapes as `echo -e` and `printf` read them. */
export function decodeEscapes(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(
    /\\(?:x([\dA-Fa-f]{1,2})|u([\dA-Fa-f]{1,4})|U([\dA-Fa-f]{1,8})|0?([0-7]{1,3})|([\s\S]))/g,
    (piece: string, hex?: string, short?: string, long?: string, octal?: string, other?: string) => {
      const code = hex ?? short ?? long;
      if (code !== undefined) return String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0x10ffff));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
      return ESCAPES[other ?? ''] ?? piece;
    },
  );
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

/** What `printf` prints; undefined when that depends on something unknown. */
export function formatted(words: readonly Word[]): string | undefined {
  const [format, ...values] = words[0]?.text === '--' ? words.slice(1) : words;
  if (format === undefined || !words.every(({ certain }) => certain)) return undefined;
  let text = '';
  let used = 0;
  do {
    const before = used;
    let understood = true;
    text += format.text.replace(
      /%(%|[-+ #0]*\d*(?:\.\d+)?([a-zA-Z]))|\\(?:x[\dA-Fa-f]{1,2}|[0-7]{1,3}|[\s\S])/g,
      (piece: string, specifier?: string, letter?: string) => {
        if (specifier === undefined) return decodeEscapes(piece);
        if (specifier === '%') return '%';
        const value = values[used++]?.text ?? '';
        if (letter === 's' || letter === 'd' || letter === 'i' || letter === 'u' || letter === 'q') return value;
        if (letter === 'b') return decodeEscapes(value);
        if (letter === 'c') return value.slice(0, 1);
        understood = false;
        return '';
      },
    );
    if (!understood || text.length > LONGEST) return undefined;
    if (used === before) break;
  } while (used < values.length);
  return text;
}
