import { createHmac, randomHex } from '../platform/crypto.ts';
import type { SecretSpan } from './find-secrets.ts';
import { secretFinder } from './find-secrets.ts';
import { lineFilter } from './line-filter.ts';
import { restorePlaceholders } from './restore-secrets.ts';
import { isSecretPath } from './secret-paths.ts';

/** Takes secrets out of text and, in one place only, puts them back. */
export interface Redactor {
  /** The text with a placeholder for every secret: the same one for the same value, always. Idempotent. */
  redact(text: string): string;
  /** The same for text that comes in pieces; where the pieces end makes no difference. */
  filter(): { push(text: string): string; end(): string };
  /**
   * Text that is about to be stored, with placeholders turned back into what they stand for; each only where
   * that value stood in the file before. Otherwise a sentence for the model.
   */
  restore(text: string, original: string | undefined): { ok: true; text: string } | { ok: false; error: string };
  /** Where secrets are in a text of one or more lines. */
  find(text: string): SecretSpan[];
}

/** `[nex:secret:github-token:0123abcd]`: long enough not to occur by chance, and plain enough to be copied. */
const PLACEHOLDER = /\[nex:secret:([a-z0-9-]+):([0-9a-f]{8})\]/g;

/** Keys written one behind the other without anything between them are not more than this. */
const ROUNDS = 8;

/**
 * A redactor for one session. `env` gives the values of secret-looking variables; `salt` makes the placeholders
 * the same again when a session is resumed, and must not be known to whoever sees the text.
 */
export function createRedactor(options: {
  env: Readonly<Record<string, string | undefined>>;
  salt?: string;
}): Redactor {
  let { salt } = options;
  const find = secretFinder(options.env);
  const placeholder = ({ kind, value }: SecretSpan) => {
    salt ??= randomHex(16);
    const digest = createHmac('sha256', salt).update(value).digest('hex').slice(0, 8);
    return `[nex:secret:${kind}:${digest}]`;
  };
  // Of two keys without a border between them the second shows when the first is gone.
  const replaceAll = (text: string): string => {
    let said = text;
    for (let round = 0; round < ROUNDS; round++) {
      const spans = find(said);
      if (spans.length === 0) return said;
      said = replaceSpans(said, spans, placeholder);
    }
    return said;
  };
  const filter = () => lineFilter(replaceAll);
  const redact = (text: string) => {
    const whole = filter();
    return whole.push(text) + whole.end();
  };
  return {
    redact,
    filter,
    find,
    restore: (text, original) => restorePlaceholders(text, original, { pattern: PLACEHOLDER, find, placeholder }),
  };
}

function replaceSpans(text: string, spans: readonly SecretSpan[], placeholder: (span: SecretSpan) => string): string {
  if (spans.length === 0) return text;
  let result = '';
  let at = 0;
  for (const span of spans) {
    result += text.slice(at, span.start) + placeholder(span);
    at = span.end;
  }
  return result + text.slice(at);
}

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
export function newSecretsInPatch(patch: string, find: (text: string) => SecretSpan[]): NewSecret[] {
  const { added, kept } = linesOf(patch);
  const old = new Set(kept.flatMap((text) => find(text).map(({ value }) => value)));
  const files = new Set<string>();
  return added.flatMap(({ file, line, text }) => {
    const named = isSecretPath(file) && !files.has(file);
    files.add(file);
    const found = find(text)
      .filter(({ value }) => !old.has(value))
      .map(({ kind, start }) => ({ file, line: line + text.slice(0, start).split('\n').length - 1, kind }));
    return named ? [{ file, line, kind: 'secret-file' }, ...found] : found;
  });
}

interface PatchLines {
  /** Runs of new lines, each as one text: a private key is more than one line. */
  added: Array<{ file: string; line: number; text: string }>;
  /** Lines that were there before, removed ones included. */
  kept: string[];
}

function linesOf(patch: string): PatchLines {
  const lines: PatchLines = { added: [], kept: [] };
  let file = '';
  let line = 0;
  let run = false;
  // A hunk says how long it is: a removed line that begins with `--` is no header.
  let before = 0;
  let after = 0;
  for (const row of patch.split('\n')) {
    if (before <= 0 && after <= 0) {
      if (row.startsWith('+++ ')) file = pathOf(row.slice(4));
      const hunk = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(row);
      if (hunk !== null) {
        before = Number(hunk[1] ?? 1);
        after = Number(hunk[3] ?? 1);
        line = Number(hunk[2]);
      }
      run = false;
      continue;
    }
    const text = row.slice(1);
    if (row.startsWith('+')) {
      const last = run ? lines.added.at(-1) : undefined;
      if (last === undefined) lines.added.push({ file, line, text });
      else last.text += `\n${text}`;
      run = true;
      after--;
      line++;
    } else if (!row.startsWith('\\')) {
      lines.kept.push(text);
      run = false;
      before--;
      if (row.startsWith('-')) continue;
      after--;
      line++;
    }
  }
  return lines;
}

/** `b/src/a.ts`, in quotes when it holds odd characters. */
function pathOf(written: string): string {
  return written
    .replace(/\t.*$/, '')
    .replace(/^"(.*)"$/, '$1')
    .replace(/^b\//, '');
}
