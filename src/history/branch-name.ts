/** The longest name of a task branch, `nex/` included. */
const LONGEST = 60;
const LONGEST_SLUG = 48;

/**
 * A name for a task's branch that no branch has and that can exist beside them: `nex/add-a-login-endpoint`. Letters
 * of any script stay; everything that git, a shell or a file system could stumble over goes. `taken` are branches.
 */
export function branchName(task: string, taken: readonly string[]): string {
  const names = new Set(taken.map(comparable));
  // A branch `nex` would have to be a file and a folder at once.
  const prefix = names.has('nex') ? 'nex-' : 'nex/';
  const slug = slugOf(task);
  for (let number = 1; ; number++) {
    const suffix = number === 1 ? '' : `-${number}`;
    const name = `${prefix}${slug}${suffix}`;
    const blocked = [...names].some((other) => other === comparable(name) || other.startsWith(`${comparable(name)}/`));
    if (!blocked && name.length <= LONGEST) return name;
  }
}

function slugOf(task: string): string {
  const words = withoutAccents(task)
    .toLowerCase()
    .replace(/['’]/g, '')
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter(Boolean);
  let slug = '';
  for (const word of words) {
    if (slug !== '' && slug.length + 1 + word.length > LONGEST_SLUG) break;
    slug = slug === '' ? cut(word) : `${slug}-${word}`;
  }
  return slug || 'task';
}

/** Accents on Latin letters go; the marks of other scripts are part of their letters. */
function withoutAccents(text: string): string {
  // Loading what it takes to tell scripts apart takes longer than the rest of the name.
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  return text
    .normalize('NFKD')
    .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .normalize('NFC');
}

function cut(word: string): string {
  let short = '';
  for (const letter of word) {
    if (short.length + letter.length > LONGEST_SLUG) break;
    short += letter;
  }
  return short;
}

/** Names that one file system may take for the same. */
function comparable(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
