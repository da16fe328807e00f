import { leadsToSecret, soundsSecret } from '../platform/secret-names.ts';
import { findKeyBlocks } from './key-blocks.ts';
import { entropyOf, isDocumentary, isPlaceholder, kindOfMatch, shapePattern } from './secret-shapes.ts';

/** A secret in a text. */
export interface SecretSpan {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

/** True for a variable that keeps a secret long enough to be told from common words. */
function keepsSecret(name: string, value: string | undefined): value is string {
  if (value === undefined || value.length < 8 || !soundsSecret(name, 'any') || leadsToSecret(name)) return false;
  if (/^(?:\/|~|\.{1,2}\/|[A-Za-z]:\\)/.test(value) && !value.includes('://')) return false;
  if (/^[a-z][a-z+]*:\/\//i.test(value))
    return /:\/\/[^/\s]*:[^/\s]+@|[?&](?:key|token|sig|password)=/i.test(value) || /WEBHOOK/i.test(name);
  return !/^\d{1,9}$/.test(value) && !/^[a-z]+(?:[-_ ][a-z]+)*$/i.test(value)
    ? true
    : value.length >= 20 && !/[-_ ]/.test(value);
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
    if (!keepsSecret(name, value)) continue;
    const kind = `env-${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
    const forms = [
      value,
      encodeURIComponent(value),
      JSON.stringify(value).slice(1, -1),
      Buffer.from(value).toString('base64').replace(/=+$/, ''),
    ];
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
  for (const { 0: whole, index } of text.matchAll(LONG_RUN)) {
    const lead = leadOf(text, index, whole);
    const run = whole.slice(lead);
    shapes.lastIndex = 0;
    for (let match = shapes.exec(run); match !== null; match = shapes.exec(run)) {
      const value = match[0];
      const start = index + lead + match.index;
      if (!isDocumentary(value)) spans.push({ kind: kindOfMatch(match), start, end: start + value.length, value });
    }
  }
}

/** The letter of a written-out `\n`, or the end of a colour code, stands before a key without being part of it. */
function leadOf(text: string, index: number, run: string): number {
  const before = text.charAt(index - 1);
  if (before === '\\' && /^[nrtbf]/.test(run)) return 1;
  return before === '[' || before === ';' ? (/^\d{1,3}m/.exec(run)?.[0].length ?? 0) : 0;
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

/** Names in program text that only sound like one. */
const NOT_A_SECRET_NAME =
  /(?:max|min|num|total|count|input|output|prompt|completion|context|cached?|used|remaining|budget|next|prev|page|cursor|public|stop|eos|bos|pad|unk|sep|mask|special)[-_. ]?tokens?$|public[-_ ]?key|(?:tokens|secrets|passwords|keys)$|tokeni[sz]|(?:primary|foreign|partition|sort|cache|index|hash|map|object|unique|idempotency|translation|i18n|lookup)[-_. ]?key$|(?:name|id|type|path|file|url|uri|endpoint|field|length|size|count|limit|policy|ttl|expir\w*|header|prefix|regex|pattern|label|hint|error|message|hash|digest|checksum|arn)$/i;

/** An operator with what may open the value: quotes, `Bearer`. */
const OPERATOR =
  /(?:[=:][>=]{0,2}|=>)[ \t]{0,8}(?:[bruf]{0,2}\\?["'`])?(?:(?:Bearer|Basic|Token)[ \t]{1,4})?(?=[^\s"'`<>(){},;\\]{8})/gi;
const VALUE = /[^\s"'`<>(){},;\\]{8,200}/y;

/** Names that are a secret's in the query of an address only; a hash stands behind `key` as well. */
const QUERY_NAME = /^(?:key|sig|signature|x-(?:amz|goog)-signature)$/i;
const HASH = /^[0-9a-f]+$/i;

/** `--password x`, `Bearer x`, `login a password x`: a blank stands between name and value. */
const SPOKEN =
  /(?:(?<![\w-])--[\w-]{0,24}(?:password|passwd|token|secret|api-?key)[ =]{1,2}|\blogin \S{1,80} password |\bidentified by |\bBearer )["']?(?=[^\s"'`<>(){},;\\]{8})/gi;

/** Values that look random behind names that sound secret: `API_KEY=…`, `"password": "…"`, `Authorization: Bearer …`. */
function findAssignments(text: string, spans: SecretSpan[]): void {
  let seenTo = 0;
  let seen = 0;
  for (const match of text.matchAll(OPERATOR)) {
    const start = match.index + match[0].length;
    // `a:b:c:…` is a value at each of its colons; a few looks at the same text are enough.
    seen = start < seenTo ? seen + 1 : 0;
    if (seen > 3) continue;
    const value = valueAt(text, start);
    seenTo = Math.max(seenTo, start + value.length);
    // Random text without any digit is long; most program text ends here.
    if (!/\d/.test(value) && value.length < 24 && !/["'`]/.test(match[0])) continue;
    const name = nameBefore(text, match.index);
    const query = /[?&]/.test(text.charAt(match.index - name.length - 1));
    if (!soundsSecret(name) && !(query && QUERY_NAME.test(name) && !(/^key$/i.test(name) && HASH.test(value))))
      continue;
    if (isRandom(value, name, match[0], query))
      spans.push({ kind: kindOfName(name), start, end: start + value.length, value });
  }
  for (const match of text.matchAll(SPOKEN)) {
    const start = match.index + match[0].length;
    const value = valueAt(text, start);
    if (isRandom(value, match[0], '= Bearer '))
      spans.push({ kind: kindOfName(match[0]), start, end: start + value.length, value });
  }
}

function valueAt(text: string, start: number): string {
  VALUE.lastIndex = start;
  return (VALUE.exec(text)?.[0] ?? '').replace(/&[\w.-]{1,40}=.*$/, '').replace(/[.:!?\]]+$/, '');
}

/** The name that ends here, without the quotes and brackets around it. */
function nameBefore(text: string, at: number): string {
  let end = at;
  while (end > 0 && at - end < 12 && /[\s"'`\]\\]/.test(text.charAt(end - 1)) && text.charAt(end - 1) !== '\n') end--;
  let start = end;
  while (start > 0 && end - start < 64 && /[\w.-]/.test(text.charAt(start - 1))) start--;
  return text.slice(start, end);
}

function kindOfName(name: string): string {
  if (/pass|pwd/i.test(name)) return 'password';
  if (/token|bearer|authorization/i.test(name)) return 'token';
  return /secret|credential/i.test(name) ? 'secret' : 'key';
}

/**
 * True when a value looks like a secret rather than like a word, a reference or program text. In the query of an address
 * (`?access_token=…`) nearly nothing else stands behind such a name, so that less is asked of the value.
 */
function isRandom(value: string, name: string, operator: string, query = false): boolean {
  if (value.length < 8 || NOT_A_SECRET_NAME.test(name) || value.startsWith('[nex:') || isPlaceholder(value))
    return false;
  if (/^(?:[$%@&#]|process\.|os\.|env\.|import\.|self\.|this\.|https?:\/\/|\/|\.{1,2}\/|sha\d+-|h1:|-)/i.test(value))
    return false;
  const quoted = /["'`]/.test(operator);
  const spelled = /bearer|basic|token/i.test(operator);
  const constant = /^[A-Z0-9_]+$/.test(name);
  if (UUID.test(value)) return constant && operator.startsWith('=');
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((set) => set.test(value)).length;
  // Words change their case now and then, random letters all the time.
  const mixed =
    value.length >= 20 && classes >= 2 && entropyOf(value) >= 4 && (wordLength(value) <= 2.8 || UNSPOKEN.test(value));
  if (/pass|pwd/i.test(name))
    return (
      (classes >= 3 || mixed) &&
      (quoted || constant || operator.startsWith('=') || value.length >= 12) &&
      !isProgramText(value, quoted)
    );
  if (isProgramText(value, quoted) || (wordLength(value) > (query ? 3.6 : 3.2) && !mixed)) return false;
  if (!/\d/.test(value)) {
    return (
      value.length >= 24 &&
      classes >= 2 &&
      /^[A-Za-z+/=]+$/.test(value) &&
      (query ? entropyOf(value) >= 3.6 : entropyOf(value) >= 4.2 && (quoted || constant || mixed))
    );
  }
  if (value.length < 16)
    return classes >= 3 && value.length >= 12 && entropyOf(value) >= 3.2 && (quoted || constant || spelled);
  return entropyOf(value) >= (/^[0-9a-f]+$/i.test(value) ? 2.8 : 3.3);
}

/** Nobody's word: five small consonants in a row. */
const UNSPOKEN = /[bcdfghjklmnpqrstvwxz]{5}/;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Paths of names, words joined by dashes, types: they read like language. */
function isProgramText(value: string, quoted: boolean): boolean {
  if (!quoted && /^[A-Za-z_$][\w$]*(?:(?:\.|::|->|\?\.|\[)[\w$\]]+)+$/.test(value)) return true;
  if (!quoted && /^[A-Za-z_$][\w$]*[|&?!+*]/.test(value)) return true;
  return value
    .split(/[-_./:@]/)
    .every((part) => /^(?:[A-Za-z]?[a-z]*|[A-Z]+|\d{1,4}|v\d{1,3}|[a-z]{2,}\d{1,2})$/.test(part));
}

/** Letters per word or number: names are made of words, random text changes its kind at every other character. */
function wordLength(value: string): number {
  const words = value.match(/[A-Z]?[a-z]+|[A-Z]+|\d+/g);
  return words === null ? 0 : words.join('').length / words.length;
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

const PLACEHOLDER = /\[nex:secret:[a-z0-9-]{1,80}:[0-9a-f]{8}\]/g;

function isInsidePlaceholder(text: string, { start, end }: SecretSpan): boolean {
  // A placeholder is short: looking at more would cost the length of the text at every secret.
  const from = Math.max(0, start - 160);
  for (const match of text.slice(from, Math.min(end, start + 24) + 160).matchAll(PLACEHOLDER)) {
    const open = from + match.index;
    if (open < end && open <= start + 24 && open + match[0].length > start) return true;
  }
  return false;
}
