import { findKeyBlocks } from './key-blocks.ts';
import { entropyOf, isDocumentary, isPlaceholder, kindOfMatch, shapePattern } from './secret-shapes.ts';

/** A secret in a text. */
export interface SecretSpan {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

/** Variables whose values are secrets, by their names. */
const SECRET_NAME =
  /(?:SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|SIGNING_?KEY|ENCRYPTION_?KEY|MASTER_?KEY|CREDENTIAL|AUTH_?KEY|_AUTH$|_PAT$|_PWD$|_DSN$|WEBHOOK|CONNECTION_?STRING|DATABASE_URL|REDIS_URL|MONGO\w*_UR[IL]|POSTGRES\w*_URL|SESSION_?KEY|COOKIE_?KEY|JWT)/i;
const HARMLESS_NAME = /(?:_PATH|_FILE|_DIR|_SOCK|_ID|_NAME|_URI|_HOST|_PORT|_TYPE|_EXPIR\w*|_TTL|_MAX|_LIMIT|_BUDGET|_COUNT|_ENABLED|_PID)$|^(?:SSH_AUTH_SOCK|XAUTHORITY|COLORTERM|NEX_TOKEN_RATE_LIMIT|TOKENIZERS_PARALLELISM|GPG_AGENT_INFO|DBUS_SESSION\w*)$/i;

/** True for a variable that keeps a secret long enough to be told from common words. */
export function isSecretVariable(name: string, value: string | undefined): value is string {
  if (value === undefined || value.length < 8 || !SECRET_NAME.test(name) || HARMLESS_NAME.test(name)) return false;
  if (/^(?:\/|~|\.{1,2}\/|[A-Za-z]:\\)/.test(value) && !value.includes('://')) return false;
  if (/^[a-z][a-z+]*:\/\//i.test(value)) return /:\/\/[^/\s]*:[^/\s]+@|[?&](?:key|token|sig|password)=/i.test(value) || /WEBHOOK/i.test(name);
  return !/^\d{1,9}$/.test(value) && !/^[a-z]+(?:[-_ ][a-z]+)*$/i.test(value) ? true : value.length >= 20 && !/[-_ ]/.test(value);
}

/** Finds secrets in a text: by shape, by what stands before them, and by the values of the environment. */
export function secretFinder(env: Readonly<Record<string, string | undefined>>): (text: string) => SecretSpan[] {
  const shapes = shapePattern();
  const values = environmentValues(env);
  return (text) => {
    const spans: SecretSpan[] = [];
    for (const { value, kind } of values) {
      for (let at = text.indexOf(value); at !== -1; at = text.indexOf(value, at + value.length)) {
        spans.push({ kind, start: at, end: at + value.length, value });
      }
    }
    findBlocks(text, spans);
    if (text.length >= 12) {
      findShapes(text, shapes, spans);
      if (text.includes('://')) findConnections(text, spans);
      findAssignments(text, spans);
    }
    return spans.length === 0 ? spans : withoutOverlaps(text, spans);
  };
}

/** Each secret value and the forms in which it may show up. */
function environmentValues(env: Readonly<Record<string, string | undefined>>): Array<{ value: string; kind: string }> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(env)) {
    if (!isSecretVariable(name, value)) continue;
    const kind = `env-${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
    const forms = [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1), Buffer.from(value).toString('base64').replace(/=+$/, '')];
    for (const form of forms) if (form.length >= 8 && !found.has(form)) found.set(form, kind);
  }
  return [...found].map(([value, kind]) => ({ value, kind })).sort((a, b) => b.value.length - a.value.length);
}

/** Private keys, over several lines or in one with `\n` written out. */
function findBlocks(text: string, spans: SecretSpan[]): void {
  for (const { start, end } of findKeyBlocks(text)) {
    const value = text.slice(start, end);
    if (!isDocumentary(value)) spans.push({ kind: 'private-key', start, end, value });
  }
}

const LONG_RUN = /[A-Za-z0-9][\w.:~%=+/-]{15,}/g;

function findShapes(text: string, shapes: RegExp, spans: SecretSpan[]): void {
  // Most text holds few runs this long; only those are held against eighty patterns.
  for (const { 0: run, index } of text.matchAll(LONG_RUN)) {
    shapes.lastIndex = 0;
    for (let match = shapes.exec(run); match !== null; match = shapes.exec(run)) {
      const value = match[0];
      const start = index + match.index;
      if (!isDocumentary(value)) spans.push({ kind: kindOfMatch(match), start, end: start + value.length, value });
    }
  }
}

const CONNECTION = /\b[a-z][a-z0-9+.-]{1,30}:\/\/([^\s:@/'"`<>]{0,80}):([^\s@/'"`<>]{3,200})@(?=[\w.[$-])/gi;

/** The password in `postgres://user:password@host`. */
function findConnections(text: string, spans: SecretSpan[]): void {
  for (const match of text.matchAll(CONNECTION)) {
    const [whole, user = '', password = ''] = match;
    if (password === user || isPlaceholder(password) || /^[$%{]|^\[nex:/.test(password)) continue;
    const end = match.index + whole.length - 1;
    spans.push({ kind: 'password', start: end - password.length, end, value: password });
  }
}

/** Words that make a name sound like a secret's. */
const KEYWORD =
  /secret|token|passw(?:or)?d|passphrase|pwd|api[-_ ]?key|access[-_ ]?key|auth[-_ ]?key|private[-_ ]?key|signing[-_ ]?key|encryption[-_ ]?key|master[-_ ]?key|account[-_ ]?key|shared[-_ ]?access[-_ ]?key|credential|authorization|_auth|connection[-_ ]?string|webhook[-_ ]?url/gi;

const NAME_AFTER = /[A-Za-z0-9_-]{0,24}/y;
const OPERATOR = /["'`]?\]?[ \t]{0,8}(?:=>|:=|={1,3}|:|,)[ \t]{0,8}/y;
/** `Authorization: Bearer x`, and `token x` at the end of a word. */
const OPENING = /(?:[bruf]{0,2}["'`])?(?:(?:Bearer|Basic|Token)[ \t]{1,4})?/iy;
const VALUE = /[^\s"'`<>(){},;\\]{8,200}/y;

const NOT_A_SECRET_NAME =
  /(?:max|min|num|total|count|input|output|prompt|completion|context|cached?|used|remaining|budget|next|prev|page|cursor|public|stop|eos|bos|pad|unk|sep|mask|special)[-_. ]?tokens?$|public[-_ ]?key|(?:tokens|secrets|passwords|keys)$|tokeni[sz]|(?:primary|foreign|partition|sort|cache|index|hash|map|object|unique|idempotency|translation|i18n|lookup)[-_. ]?key$|(?:name|id|type|path|file|url|uri|endpoint|field|length|size|count|limit|policy|ttl|expir\w*|header|prefix|regex|pattern|label|hint|error|message|hash|digest|checksum|arn)$/i;

/** Values that look random behind names that sound secret: `API_KEY=…`, `"password": "…"`, `Authorization: Bearer …`. */
function findAssignments(text: string, spans: SecretSpan[]): void {
  KEYWORD.lastIndex = 0;
  for (let match = KEYWORD.exec(text); match !== null; match = KEYWORD.exec(text)) {
    const nameEnd = match.index + match[0].length;
    const suffix = stickyMatch(NAME_AFTER, text, nameEnd);
    const operator = stickyMatch(OPERATOR, text, nameEnd + suffix.length);
    if (operator === '') continue;
    const from = nameEnd + suffix.length + operator.length;
    const opening = stickyMatch(OPENING, text, from);
    const start = from + opening.length;
    const value = stickyMatch(VALUE, text, start).replace(/[.:!?\]]+$/, '');
    if (value === '') continue;
    const name = text.slice(nameStart(text, match.index), nameEnd) + suffix;
    if (isRandom(value, name, operator, opening)) {
      spans.push({ kind: kindOfName(name), start, end: start + value.length, value });
    }
  }
}

/** Where the name begins that a keyword is part of. */
function nameStart(text: string, at: number): number {
  let start = at;
  while (start > 0 && at - start < 48 && /[\w.-]/.test(text.charAt(start - 1))) start--;
  return start;
}

function stickyMatch(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

function kindOfName(name: string): string {
  if (/pass|pwd/i.test(name)) return 'password';
  if (/token|bearer|authorization/i.test(name)) return 'token';
  return /secret|credential/i.test(name) ? 'secret' : 'key';
}

function isRandom(value: string, name: string, operator: string, opening: string): boolean {
  if (value.length < 8 || NOT_A_SECRET_NAME.test(name) || value.startsWith('[nex:') || isPlaceholder(value)) return false;
  if (/^(?:[$%@&#]|process\.|os\.|env\.|import\.|self\.|this\.|https?:\/\/|\/|\.{1,2}\/|sha\d+-|h1:|@)/i.test(value)) return false;
  const quoted = /["'`]/.test(opening);
  const spelled = /bearer|basic|token\s/i.test(opening);
  const uppercase = /^[A-Z0-9_]+$/.test(name);
  if (operator.includes(',') && !spelled) return false;
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(value)) return uppercase && operator.includes('=');
  const classes = Number(/[a-z]/.test(value)) + Number(/[A-Z]/.test(value)) + Number(/\d/.test(value)) + Number(/[^A-Za-z0-9]/.test(value));
  const password = /pass|pwd/i.test(name);
  // Program text: a path of names, a call, a type.
  if (/^[A-Za-z_$][\w$]*(?:(?:\.|::|->|\?\.)[A-Za-z_$][\w$]*)+$/.test(value) && !quoted) return false;
  if (!/\d/.test(value) && !(password && quoted && classes >= 3)) return value.length >= 24 && classes >= 2 && entropyOf(value) >= 4.2 && /^[A-Za-z+/=_-]+$/.test(value) && !/[-_.]/.test(value) && (quoted || uppercase);
  if (!quoted && !uppercase && !spelled && !operator.includes(':') && !/^[\w-]*[=]/.test(operator.trim()) ) return false;
  if (password) return classes >= 3 && (quoted || uppercase || /=/.test(operator) || value.length >= 12);
  if (value.length < 16) return classes >= 3 && value.length >= 12 && entropyOf(value) >= 3.2 && (quoted || uppercase);
  // Words joined by dashes, dots or underscores read like words; random text does not.
  if (/^[a-z]+(?:[-_./][a-z0-9]{1,12})+$/i.test(value) && value.split(/[-_./]/).every((part) => /^(?:[a-z]+|\d{1,4}|v\d+)$/i.test(part))) return false;
  return entropyOf(value) >= (/^[0-9a-f]+$/i.test(value) ? 2.8 : 3.3);
}

/** Left to right, the longer of two that overlap; placeholders of an earlier round stay whole. */
function withoutOverlaps(text: string, spans: SecretSpan[]): SecretSpan[] {
  const sorted = spans.toSorted((a, b) => a.start - b.start || b.end - a.end);
  const kept: SecretSpan[] = [];
  let end = 0;
  for (const span of sorted) {
    if (span.start < end || isInsidePlaceholder(text, span)) continue;
    kept.push(span);
    end = span.end;
  }
  return kept;
}

function isInsidePlaceholder(text: string, { start, end }: SecretSpan): boolean {
  const open = text.lastIndexOf('[nex:secret:', start + 12);
  if (open === -1) return false;
  const close = text.indexOf(']', open);
  return close !== -1 && open < end && close >= start && close - open < 160;
}
