/** Where a key is: at the top, or in a `[section]`. */
export interface TomlPlace {
  section?: string;
  key: string;
}

/**
 * The text with a key set, every other byte as it was: comments, order, blank lines, line ends. `value` is TOML.
 * The text must be valid TOML.
 */
export function setInToml(text: string, place: TomlPlace, value: string): string {
  const statements = statementsOf(text);
  const found = statements.find((statement) => isAt(statement, place));
  if (found) return text.slice(0, found.valueStart) + value + text.slice(found.valueEnd);
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const line = `${nameOf(place.key)} = ${value}`;
  const inSection = statements.filter(({ section }) => section === place.section);
  const last = inSection.at(-1);
  if (last) {
    const before = text.slice(0, last.end);
    return `${before}${before.endsWith('\n') ? '' : newline}${line}${newline}${text.slice(last.end)}`;
  }
  if (place.section === undefined) {
    // Keys of the top stand before the first table, and after a comment that speaks of the whole file.
    const at = topEnd(text);
    const before = text.slice(0, at);
    const gap = at < text.length ? newline : '';
    return `${before}${before === '' || before.endsWith('\n') ? '' : newline}${line}${newline}${gap}${text.slice(at)}`;
  }
  const gap = text === '' ? '' : text.endsWith('\n') ? newline : newline + newline;
  return `${text}${gap}[${nameOf(place.section)}]${newline}${line}${newline}`;
}

/** The text without a key and what stands on its line; undefined when it is not there. */
export function removeFromToml(text: string, place: TomlPlace): string | undefined {
  const found = statementsOf(text).find((statement) => isAt(statement, place));
  return found && text.slice(0, found.start) + text.slice(found.end);
}

/** A line of the file that says something. A table's own line has no key. */
interface Statement {
  section: string | undefined;
  key: string | undefined;
  start: number;
  valueStart: number;
  valueEnd: number;
  /** After its line end. */
  end: number;
}

function isAt(statement: Statement, { section, key }: TomlPlace): boolean {
  return statement.key === key && statement.section === section;
}

function statementsOf(text: string): Statement[] {
  const statements: Statement[] = [];
  let section: string | undefined;
  for (let start = 0; start < text.length; ) {
    const content = start + (/^[ \t\r]*/.exec(text.slice(start))?.[0].length ?? 0);
    const first = text[content];
    if (first === undefined || first === '\n' || first === '#') {
      start = lineEnd(text, content);
      continue;
    }
    if (first === '[') {
      const end = lineEnd(text, content);
      section = unquoted(/^\[\[?\s*(.*?)\s*\]/.exec(text.slice(content, end))?.[1] ?? '');
      statements.push({ section, key: undefined, start, valueStart: end, valueEnd: end, end });
      start = end;
      continue;
    }
    const equals = keyEnd(text, content);
    const valueStart = equals + 1 + (/^[ \t]*/.exec(text.slice(equals + 1))?.[0].length ?? 0);
    const valueEnd = endOfValue(text, valueStart);
    const end = lineEnd(text, valueEnd);
    statements.push({ section, key: unquoted(text.slice(content, equals).trim()), start, valueStart, valueEnd, end });
    start = end;
  }
  return statements;
}

/** Where the sign between key and value stands; one inside a quoted key is none. */
function keyEnd(text: string, from: number): number {
  const key = /^(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^=\n"'])*/.exec(text.slice(from))?.[0] ?? '';
  return from + key.length;
}

/** The end of a value: strings and brackets may span lines, and hold signs that mean nothing in them. */
function endOfValue(text: string, from: number): number {
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const rest = text.slice(at);
    const string = /^(?:"""(?:[^\\]|\\[\s\S])*?"""(?!")|'''[\s\S]*?'''(?!')|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')/.exec(rest);
    if (string) {
      at += string[0].length;
      continue;
    }
    const sign = text[at];
    if (sign === '#' && depth === 0) break;
    if (sign === '\n' && depth === 0) break;
    if (sign === '#') {
      at = lineEnd(text, at);
      continue;
    }
    if (sign === '[' || sign === '{') depth += 1;
    if (sign === ']' || sign === '}') depth -= 1;
    at += 1;
  }
  return from + text.slice(from, at).trimEnd().length;
}

function topEnd(text: string): number {
  const table = statementsOf(text).find(({ section }) => section !== undefined);
  if (!table) return text.length;
  // A comment right above the table belongs to it.
  const above = /(?:^|\n)((?:[ \t]*#[^\n]*\n)*)$/.exec(text.slice(0, table.start))?.[1] ?? '';
  return table.start - above.length;
}

function lineEnd(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at === -1 ? text.length : at + 1;
}

function unquoted(key: string): string {
  return /^(["']).*\1$/.test(key) ? key.slice(1, -1) : key;
}

function nameOf(key: string): string {
  return /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
}
