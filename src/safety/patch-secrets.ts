import type { SecretSpan } from './find-secrets.ts';
import { secretFinder } from './find-secrets.ts';
import { isSecretPath } from './secret-paths.ts';

/** A secret that a diff would bring in. */
export interface NewSecret {
  readonly file: string;
  /** In the new version of the file, counted from 1. */
  readonly line: number;
  readonly kind: string;
}

/**
 * The secrets that a unified diff adds: in new lines, and not merely moved from an old one. A file that is kept for
 * secrets counts by its name. `find` is a redactor's, to know the values of the environment too.
 */
export function newSecretsInPatch(patch: string, find: (text: string) => SecretSpan[] = secretFinder({})): NewSecret[] {
  const found: NewSecret[] = [];
  const old = new Set<string>();
  const fresh: Array<NewSecret & { value: string }> = [];
  let file = '';
  let line = 0;
  let named = false;
  let inHunk = false;
  let left = 0;
  let right = 0;
  let added: { from: number; text: string } | undefined;
  const flush = () => {
    if (added === undefined) return;
    for (const { kind, start, value } of find(added.text)) {
      const offset = added.text.slice(0, start).split('\n').length - 1;
      fresh.push({ file, line: added.from + offset, kind, value });
    }
    added = undefined;
  };
  for (const row of patch.split('\n')) {
    if (inHunk && left <= 0 && right <= 0) inHunk = false;
    if (!inHunk) {
      flush();
      if (row.startsWith('+++ ')) {
        file = pathOf(row.slice(4));
        named = false;
      }
      const hunk = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(row);
      if (hunk === null) continue;
      left = Number(hunk[1] ?? 1);
      right = Number(hunk[3] ?? 1);
      line = Number(hunk[2]);
      inHunk = true;
      continue;
    }
    if (row.startsWith('\\')) continue;
    if (row.startsWith('+')) {
      if (!named && isSecretPath(file)) {
        found.push({ file, line, kind: 'secret-file' });
        named = true;
      }
      // Added lines go together: a private key is more than one of them.
      if (added === undefined) added = { from: line, text: row.slice(1) };
      else added = { from: added.from, text: `${added.text}\n${row.slice(1)}` };
      line++;
      right--;
      continue;
    }
    flush();
    for (const { value } of find(row.slice(1))) old.add(value);
    left--;
    if (!row.startsWith('-')) {
      line++;
      right--;
    }
  }
  flush();
  for (const { value, ...secret } of fresh) if (!old.has(value)) found.push(secret);
  return found;
}

/** `b/src/a.ts`, quoted by git when it holds odd characters. */
function pathOf(written: string): string {
  const path = written.replace(/\t.*$/, '').replace(/^"(.*)"$/, '$1');
  return path.replace(/^b\//, '');
}
