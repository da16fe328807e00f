import { createHmac, randomBytes } from 'node:crypto';
import type { SecretSpan } from './find-secrets.ts';
import { secretFinder } from './find-secrets.ts';
import { restorePlaceholders } from './restore-secrets.ts';

export { isSecretPath } from './secret-paths.ts';

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

/**
 * A redactor for one session. `env` gives the values of secret-looking variables; `salt` makes the placeholders
 * the same again when a session is resumed, and must not be known to whoever sees the text.
 */
export function createRedactor(options: {
  env: Readonly<Record<string, string | undefined>>;
  salt?: string;
}): Redactor {
  const salt = options.salt ?? randomBytes(16).toString('hex');
  const find = secretFinder(options.env);
  const placeholder = ({ kind, value }: SecretSpan) => {
    const digest = createHmac('sha256', salt).update(value).digest('hex').slice(0, 8);
    return `[nex:secret:${kind}:${digest}]`;
  };
  const filter = () => lineFilter((text) => replaceSpans(text, find(text), placeholder));
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

/** Without a line's end in sight, text is cut behind this many characters, at the next place where no secret goes on. */
const LONGEST_LINE = 64 * 1024;
/** A key block that never ends is given up behind this many characters. */
const LONGEST_BLOCK = 64 * 1024;

const BLOCK_BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;
const BLOCK_END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;

/** Hands on whole lines, and key blocks as one piece; which pieces the text came in plays no part. */
function lineFilter(replace: (text: string) => string): { push(text: string): string; end(): string } {
  let held = '';
  const take = (final: boolean): string => {
    let result = '';
    for (;;) {
      const end = unitEnd(held, final);
      if (end === undefined) return result;
      result += replace(held.slice(0, end));
      held = held.slice(end);
      if (held === '') return result;
    }
  };
  return {
    push(text) {
      held += text;
      return take(false);
    },
    end() {
      return take(true);
    },
  };
}

/** Where the first unit of the text ends; undefined when more has to come before that can be said. */
function unitEnd(text: string, final: boolean): number | undefined {
  if (text === '') return undefined;
  const line = lineEnd(text, 0, final);
  if (line === undefined) return undefined;
  if (!BLOCK_BEGIN.test(text.slice(0, line)) || BLOCK_END.test(text.slice(0, line))) return line;
  let end = line;
  while (end < LONGEST_BLOCK) {
    const next = lineEnd(text, end, final);
    if (next === undefined) return final ? end : undefined;
    const piece = text.slice(end, next);
    if (BLOCK_END.test(piece)) return next;
    if (!isKeyMaterial(piece)) return end;
    end = next;
  }
  return end;
}

/** Base64, possibly behind a line number or a file name; armour headers; empty lines. */
function isKeyMaterial(line: string): boolean {
  const bare = line.trim();
  return bare.length < 240 && /^$|[A-Za-z0-9+/=]{16,}[\\n"',]*$|^\W*[A-Za-z0-9+/=]{1,16}$|(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset):|^\s*\d+\s*[|:]\s*$/.test(bare);
}

function lineEnd(text: string, from: number, final: boolean): number | undefined {
  const newline = text.indexOf('\n', from);
  const end = newline === -1 ? text.length : newline + 1;
  if (end - from <= LONGEST_LINE) return newline === -1 && !final ? undefined : end;
  for (let at = from + LONGEST_LINE; at < end; at++) if (/[\s"',;]/.test(text.charAt(at))) return at + 1;
  if (end - from > 16 * LONGEST_LINE) return from + 16 * LONGEST_LINE;
  return newline === -1 && !final ? undefined : end;
}
