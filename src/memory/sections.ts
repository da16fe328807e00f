/**
 * Markdown cut into sections by place, never rewritten. Works on any string, also on one character per byte, so that
 * bytes that are not UTF-8 survive. Headings inside code fences and comments are text, as Markdown says.
 */
export interface Section {
  /** The heading's text; empty for what stands before the first heading. */
  title: string;
  /** 1 or 2; 0 for what stands before the first heading. Deeper headings are part of their section. */
  level: number;
  start: number;
  /** Where the text below the heading begins. */
  body: number;
  /** Exclusive: the next heading's start. */
  end: number;
  lines: readonly Line[];
}

export interface Line {
  start: number;
  /** Exclusive, without the line end. */
  end: number;
  /** Where the next line begins. */
  next: number;
  /** `code`: in or at the edge of a fence; `comment`: in an HTML comment; `conflict`: in or at the edge of a merge conflict. */
  kind: 'text' | 'blank' | 'code' | 'comment' | 'heading' | 'conflict';
  /** In a fence or comment that is never closed, which therefore swallows the rest of the file. */
  swallowed: boolean;
}

/** The sections of a document, in order; together they are all of it. */
export function sectionsOf(text: string): Section[] {
  const lines = linesOf(text);
  const sections: Section[] = [];
  let current: Line[] = [];
  const add = (title: string, level: number, start: number, body: number) => {
    current = [];
    sections.push({ title, level, start, body, end: text.length, lines: current });
  };
  add('', 0, 0, 0);
  lines.forEach((line, index) => {
    const heading = line.kind === 'heading' ? headingAt(text, lines, index) : undefined;
    if (heading !== undefined && heading.level <= 2) {
      const last = sections.at(-1);
      if (last !== undefined) last.end = line.start;
      add(heading.title, heading.level, line.start, heading.body);
    }
    if (line.start >= (sections.at(-1)?.body ?? 0)) current.push(line);
  });
  return sections;
}

/** The last section with this title, whatever its case; `undefined` when there is none. */
export function findSection(sections: readonly Section[], title: string): Section | undefined {
  return sections.findLast((section) => section.level > 0 && section.title.toLowerCase() === title.toLowerCase());
}

/** The line end that a document uses. */
export function lineEndOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

function headingAt(
  text: string,
  lines: readonly Line[],
  index: number,
): { title: string; level: number; body: number } | undefined {
  const line = lines[index];
  if (line === undefined) return undefined;
  const atx = ATX.exec(shown(text, line));
  if (atx !== null) {
    const title = (atx[2] ?? '').replace(/\s+#+\s*$/, '').trim();
    return { title, level: (atx[1] ?? '').length, body: line.next };
  }
  const under = lines[index + 1];
  if (under === undefined) return undefined;
  return { title: shown(text, line).trim(), level: text[under.start] === '=' ? 1 : 2, body: under.next };
}

const ATX = /^ {0,3}(#{1,6})(?:[ \t]+(.*)|$)/;

/** A line's text without its end and without a byte order mark, as UTF-8 or as single bytes. */
function shown(text: string, line: Line): string {
  const plain = text.slice(line.start, line.end);
  return line.start === 0 ? plain.replace(/^(?:\ufeff|ï»¿)/, '') : plain;
}

/** The lines of a document with what each is. */
function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let fence: string | undefined;
  let comment = false;
  let conflict = false;
  // Marks count only as far as a conflict is closed again; a lone one is somebody's text.
  const lastConflict = text.lastIndexOf('\n>>>>>>>');
  /** Where the fence or comment that is open began. */
  let opened = 0;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const next = newline < 0 ? text.length : newline + 1;
    const end = newline < 0 ? next : text[newline - 1] === '\r' && newline > start ? newline - 1 : newline;
    const line: Line = { start, end, next, kind: 'text', swallowed: false };
    const plain = shown(text, line);
    const opens = /^<{7} /.test(plain) && start < lastConflict;
    if (opens || (conflict && /^(?:={7}|[|>]{7}(?: .*)?)$/.test(plain))) {
      conflict = !plain.startsWith('>');
      line.kind = 'conflict';
      // Each side of a conflict is a text of its own: what one side opens does not reach into the other.
      fence = undefined;
      comment = false;
    } else if (fence !== undefined) {
      line.kind = 'code';
      const closing = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(plain)?.[1];
      if (closing?.startsWith(fence)) fence = undefined;
    } else if (comment) {
      line.kind = 'comment';
      comment = !plain.includes('-->');
    } else {
      const fenced = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/.exec(plain)?.[1];
      if (fenced !== undefined) {
        fence = fenced;
        line.kind = 'code';
      } else if (/^ {0,3}<!--/.test(plain)) {
        comment = !plain.includes('-->');
        line.kind = 'comment';
      } else if (plain.trim() === '') line.kind = 'blank';
      else if (conflict) line.kind = 'conflict';
      else if (ATX.test(plain)) line.kind = 'heading';
      if (fence !== undefined || comment) opened = lines.length;
    }
    markUnderlined(text, lines, line, plain);
    lines.push(line);
    start = next;
  }
  if (fence !== undefined || comment) for (const line of lines.slice(opened)) line.swallowed = true;
  return lines;
}

/** `Title` over `=====` or `-----` is a heading too, when it is one line with nothing right above it. */
function markUnderlined(text: string, before: readonly Line[], line: Line, plain: string): void {
  if (line.kind !== 'text' || !/^ {0,3}(?:=+|-{2,})[ \t]*$/.test(plain)) return;
  const title = before.at(-1);
  const above = before.at(-2);
  if (title?.kind !== 'text' || /^\s*(?:[-*+>|]|\d+[.)]) /.test(shown(text, title)) || above?.kind === 'text') return;
  title.kind = 'heading';
}
