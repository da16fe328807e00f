import type { Fix } from './pattern.ts';

/** A change that was made between a failure and the success after it. `patch` is a unified diff, or what is known of it. */
export interface Edit {
  path: string;
  patch: string;
}

/** Commands that put a machine right, as against checks that happened to pass in between. */
const MENDING =
  /\b(?:install|add|ci|sync|restore|get|tidy|migrate|generate|start|up|chmod|export|mkdir|cp|mv|ln|touch)\b/;

/**
 * What fixed a failure, told by the edits and by the commands since that put the machine right (`npm install zod`);
 * where there is nothing else, by whatever was run. `near` is the place of the failure: a change there is named first.
 */
export function fixOf(edits: readonly Edit[], commands: readonly string[], near: readonly string[]): Fix {
  const byPath = new Map<string, string[]>();
  for (const { path, patch } of edits) byPath.set(path, [...(byPath.get(path) ?? []), patch]);
  const paths = [...byPath.keys()].sort((a, b) => rank(a, near) - rank(b, near));
  const told = paths.slice(0, 3).map((path) => describe(path, byPath.get(path) ?? []));
  if (paths.length > 3) told.push(`and ${paths.length - 3} more files`);
  const mending = commands.filter((command) => MENDING.test(command));
  const ran = mending.length > 0 ? mending : edits.length === 0 ? commands : [];
  for (const command of ran.slice(-2)) told.push(`ran \`${command.slice(0, 120)}\``);
  const first = paths[0];
  const context = first === undefined ? undefined : codeOf(byPath.get(first) ?? []);
  return {
    whatFixed: told.join('; '),
    ...(first !== undefined && { filePath: first }),
    ...(context !== undefined && context !== '' && { codeContext: context }),
    resolvedBy: 'edits',
  };
}

/** The place of the failure first, then code, then tests, then everything that is not code. */
function rank(path: string, near: readonly string[]): number {
  if (/(?:^|\/)(?:tests?|spec|__tests__)\/|[._-](?:test|spec)\.\w+$|(?:^|\/)test_|_test\.\w+$/.test(path)) return 3;
  if (near.includes(path)) return 0;
  return /\.(?:md|txt|lock|json)$/.test(path) ? 2 : 1;
}

/** One file's change in few words: the lines taken out and put in that say most. */
function describe(path: string, patches: readonly string[]): string {
  const added = linesOf(patches, '+');
  const removed = linesOf(patches, '-');
  const one = added.find(isTelling) ?? added[0];
  const gone = removed.find(isTelling);
  if (one === undefined && gone !== undefined) return `${path}: removed \`${gone}\``;
  if (one === undefined)
    return `${path} ${patches.some((patch) => patch.startsWith('Created ')) ? 'created' : 'changed'}`;
  const where = patches.map((patch) => /^@@ [^@]*@@ ?(.+)$/m.exec(patch)?.[1]?.trim()).find((heading) => heading);
  const place = where === undefined ? '' : ` in \`${where.slice(0, 60)}\``;
  return gone !== undefined && added.length <= 3 && removed.length <= 3
    ? `${path}${place}: \`${gone}\` became \`${one}\``
    : `${path} (+${added.length} −${removed.length})${place}: \`${one}\``;
}

function linesOf(patches: readonly string[], mark: '+' | '-'): string[] {
  return patches
    .flatMap((patch) => patch.split('\n'))
    .filter((line) => line.startsWith(mark) && !line.startsWith(mark.repeat(3)))
    .map((line) => line.slice(1).trim().slice(0, 120))
    .filter((line) => line !== '');
}

/** Braces and comments say little about a change. */
function isTelling(line: string): boolean {
  return /\w{2}/.test(line) && !/^(?:\/\/|#|\*|\/\*|<!--)/.test(line);
}

/** The lines of the hunks, as far as the 500 characters of Nex AI's column go. */
function codeOf(patches: readonly string[]): string {
  return patches
    .flatMap((patch) => patch.split('\n'))
    .filter((line) => /^[ +-]/.test(line) && !/^(?:--- |\+\+\+ )/.test(line))
    .join('\n')
    .slice(0, 500);
}
