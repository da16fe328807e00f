/** An error line without what differs from one occurrence to the next. */
export interface Folded {
  text: string;
  /** What was folded away and has a name: quoted values, identifiers, file names. In order, without repeats. */
  names: string[];
}

const EXTENSIONS =
  'c|cc|cjs|conf|cpp|cs|csproj|css|cts|cxx|erb|ex|go|gradle|h|hpp|html|ini|java|js|json|jsx|kt|kts|lock|md|mjs|mk|mts|php|pl|proto|py|pyi|pyx|rb|rs|scala|sh|sql|svelte|swift|tf|toml|ts|tsx|txt|vue|xml|yaml|yml';

/** Tried from left to right at each place; what no part matches stays as it is. */
const FOLDABLE = new RegExp(
  [
    String.raw`(?<kept>\bErrno -?\d+)`,
    String.raw`(?<url>\b[a-z][a-z0-9+.-]{1,20}://[^\s'"\x60<>()\]]+)`,
    String.raw`(?<quoted>\x60[^\x60'\n]{0,400}[\x60']|‘[^’\n]{0,400}’|“[^”\n]{0,400}”|«[^»\n]{0,400}»|"(?:\\.|[^"\\\n]){0,600}"|(?<![\w)\]])'(?:\\.|[^'\\\n]){0,400}'(?!\w))`,
    String.raw`(?<repr><[\w.]+(?: [\w.]+)* (?:object )?at 0x[0-9a-fA-F]+>|#<[\w:]+[^>\n]{0,200}>)`,
    String.raw`(?<time>\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?|\b\d\d:\d\d:\d\d(?:\.\d+)?\b|\b\d+(?:\.\d+)? ?(?:ms|µs|us|ns|secs?|seconds?|s|mins?|minutes?)\b)`,
    String.raw`(?<address>\b0x[0-9a-fA-F]+\b|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,64}\b|\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b|(?<![\w.])\[?(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}\]?:?\d*)`,
    String.raw`(?<path>(?:\b[A-Za-z]:)?(?:~|\.{1,2})?(?:[\\/][\w@.+~$-]+|\b[\w@.+~-]+[\\/][\w@.+~$-]+)(?:[\\/][\w@.+~$-]*)*(?::\d+(?::\d+)?)?|\b[\w@.+-]+\.(?:${EXTENSIONS})\b(?::\d+(?::\d+)?)?)`,
    String.raw`(?<word>[$@]?[A-Za-z_][\w$]*(?:(?:\.|::|->|#)[A-Za-z_][\w$]*)*(?:\(\))?)`,
    String.raw`(?<number>[-+]?\d[\d_,.]*(?:[eE][-+]?\d+)?%?)`,
  ].join('|'),
  'gu',
);

/** `TypeError`, `java.lang.NullPointerException`: the kind of error is what a signature is about. */
const ERROR_CLASS = /(?:Error|Exception|Warning|Fault|Failure|Interrupt|Exit)$/;
/** `ERR_MODULE_NOT_FOUND`, `EADDRINUSE`, `TS2322`, `E0425`: codes, the same on every machine. */
const CODE = /^[A-Z][A-Z0-9_]*$/;
/** `toBe`, `assertEqual`: which assertion failed. */
const ASSERTION = /^(?:to|assert|expect|should)[A-Z]\w*$/;

/**
 * Folds paths, places, addresses, times, quoted values, identifiers and numbers to marks such as `<path>`, so that
 * two occurrences of one failure read the same. Words of plain language, error classes and error codes stay.
 */
export function fold(text: string): Folded {
  const names = new Set<string>();
  const named = (name: string) => {
    const bare = name.replace(/^[\s'"`‘“«[(]+|[\s'"`’”»)\]]+$/g, '').slice(0, 80);
    if (bare !== '') names.add(bare);
  };
  const marked = withoutLiterals(text.slice(0, 1_000)).replace(FOLDABLE, (whole, ...rest) => {
    const groups: Record<string, string | undefined> = rest.at(-1);
    if (groups['kept'] !== undefined) return whole;
    if (groups['url'] !== undefined) return '<url>';
    if (groups['quoted'] !== undefined) {
      named(whole);
      return '<q>';
    }
    if (groups['repr'] !== undefined) return '<v>';
    if (groups['time'] !== undefined) return '<time>';
    if (groups['address'] !== undefined) return '<address>';
    if (groups['path'] !== undefined) {
      named(whole.replace(/:\d+(?::\d+)?$/, '').replace(/^.*[\\/]/, ''));
      return '<path>';
    }
    if (groups['number'] !== undefined) return '<n>';
    return foldWord(whole, named);
  });
  const plain = marked
    .replace(/(<(?:q|n|v|name|path)>)(?:, (?:and |or )?\1|,? (?:and|or) \1)+/g, '$1…')
    .replace(/\s+/g, ' ')
    .trim();
  return { text: plain.slice(0, 200), names: [...names] };
}

function foldWord(word: string, named: (name: string) => void): string {
  const last = word.split(/\.|::|->|#/).at(-1) ?? word;
  if (ERROR_CLASS.test(last)) return last;
  if (CODE.test(word) || ASSERTION.test(last)) return last;
  if (!/[_$@#\d]|::|\.|->|\(\)|[a-z][A-Z]/.test(word)) return word;
  named(word);
  return '<name>';
}

/** Values written out, `{ a: 1 }`, `[1, [2]]`, `Cart(id=1)`, become `<v>`; codes such as `[ERR_X]` and `[attr-defined]` stay. */
function withoutLiterals(text: string): string {
  let before = '';
  let now = text;
  // From the inside out, a few levels; deeper nesting was cut off by the tool that printed it.
  for (let level = 0; level < 6 && now !== before; level++) {
    before = now;
    now = now
      .replace(/\{[^{}\n]*\}/g, '<v>')
      .replace(/\[(?!(?:[A-Z][A-Z\d_]*|Errno -?\d+|[a-z]+(?:-[a-z]+)+)\])[^[\]\n]*\]/g, '<v>')
      .replace(/\b[A-Z]\w*\((?:[^()\n]*=[^()\n]*|<v>)\)/g, '<v>');
  }
  return now.replace(/<v>(?:\s*<v>)+/g, '<v>');
}
