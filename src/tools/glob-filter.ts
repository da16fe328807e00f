import { posix } from 'node:path';
import ignore from 'ignore';

/** More alternatives than anybody writes by hand. */
const MAX_ALTERNATIVES = 200;

/**
 * Whether a path matches a glob, as ripgrep's `--glob` understands it: without a slash it is about the name alone,
 * `!` in front turns it round, `{a,b}` gives alternatives. With a slash it may count from the root or from `folder`.
 */
export function globFilter(glob: string, folder: string): (path: string) => boolean {
  const negative = glob.startsWith('!');
  const patterns = alternatives(negative ? glob.slice(1) : glob).map((pattern) => pattern.replace(/^[#!]/, '\\$&'));
  // The rules of .gitignore are those of a glob filter: "ignored" is "matches".
  const matcher = ignore({ ignorecase: false }).add(patterns);
  const matches = (path: string) => {
    if (matcher.ignores(path)) return true;
    const below = posix.relative(folder, path);
    return below !== '' && !below.startsWith('..') && matcher.ignores(below);
  };
  // An absolute path is one in an added folder: only what lies below that folder can be matched.
  const matchesAnywhere = (path: string) =>
    posix.isAbsolute(path) ? matcher.ignores(posix.relative(folder, path) || posix.basename(path)) : matches(path);
  return (path) => matchesAnywhere(path) !== negative;
}

/** The patterns that braces stand for: `*.{ts,tsx}` is `*.ts` and `*.tsx`. Commas outside braces separate globs too. */
function alternatives(glob: string): string[] {
  let done: string[] = [];
  let open = [glob];
  while (open.length > 0 && done.length + open.length < MAX_ALTERNATIVES) {
    const next: string[] = [];
    for (const pattern of open) {
      const brace = /\{([^{}]*)\}/.exec(pattern);
      if (!brace) done = [...done, ...pattern.split(',')];
      else {
        const [whole, inside = ''] = brace;
        const before = pattern.slice(0, brace.index);
        const after = pattern.slice(brace.index + whole.length);
        next.push(...inside.split(',').map((choice) => before + choice + after));
      }
    }
    open = next;
  }
  return [...done, ...open].map((pattern) => pattern.trim()).filter((pattern) => pattern !== '');
}
