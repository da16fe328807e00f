/**
 * Brings the forms of a word together: plural, -ing, -ed, -er, -ion, final e, final y. It need not give a word, only the
 * same letters for "parse", "parser", "parsing" and "parsed".
 */
export function stem(word: string): string {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
  let base = word;
  if (base.endsWith('ies') && base.length > 4) base = base.slice(0, -2);
  else if (/(?:ss|x|ch|sh|z)es$/.test(base)) base = base.slice(0, -2);
  else if (base.endsWith('s') && !/(?:ss|us|is)$/.test(base)) base = base.slice(0, -1);
  for (const ending of ENDINGS) {
    if (!base.endsWith(ending)) continue;
    const rest = base.slice(0, -ending.length);
    if (rest.length < 4 && !(rest.length === 3 && ending !== 'er' && ending !== 'or' && ending !== 'ion')) break;
    if (!/[aeiouy]/.test(rest)) break;
    base = /([^aeiouls])\1$/.test(rest) ? rest.slice(0, -1) : rest;
    break;
  }
  if (base.length > 4 && base.endsWith('e')) return base.slice(0, -1);
  // `query` meets `queries`, as `cookie` meets `cookies`.
  return /[^aeiou]y$/.test(base) ? `${base.slice(0, -1)}i` : base;
}

const ENDINGS = ['ation', 'ing', 'ion', 'ed', 'er', 'or'];
