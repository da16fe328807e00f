import { findSection, type Line, lineEndOf, type Section, sectionsOf } from './sections.ts';

const SESSION_LOG = 'Session Log';
/** A line that nex (or Nex AI) wrote into the session log: a list item that begins with a date. */
const ENTRY = /^[-*] [[(*_]*(\d{4}-\d\d-\d\d)/;
/** When the log passes this many lines, the newest `KEPT` stay. */
const MOST = 30;
const KEPT = 20;

/** Adds a line to the end of the session log and, when the log is long, drops its oldest lines. Touches nothing else. */
export function withSessionLine(text: string, line: string): string {
  return withoutOldest(withLine(text, SESSION_LOG, line));
}

/** Adds a list item to the section `Notes`. */
export function withNote(text: string, note: string): string {
  return withLine(text, 'Notes', note);
}

/** The lines of the session log, oldest first, without their list marks. */
export function sessionLines(text: string): string[] {
  const section = findSection(sectionsOf(text), SESSION_LOG);
  return entriesOf(text, section)
    .toSorted((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0))
    .map(({ start, end }) =>
      text
        .slice(start, end)
        .replace(/^[-*] /, '')
        .replace(/\s+/g, ' ')
        .trim(),
    );
}

/** A block between generated marks: the mark lines and what is between them. */
export interface Generated {
  name: string;
  /** Offsets of the text between the marks. */
  from: number;
  to: number;
}

/** The generated blocks of a document. A mark without its counterpart, or inside a code fence, is the user's text. */
export function generatedBlocks(text: string, sections: readonly Section[] = sectionsOf(text)): Generated[] {
  const blocks: Generated[] = [];
  let open: Generated | undefined;
  for (const line of sections.flatMap((section) => section.lines)) {
    if (line.kind !== 'comment') continue;
    const mark = /^\s*<!-- (\/?)nex:generated ?([\w-]*) -->\s*$/.exec(text.slice(line.start, line.end));
    if (mark === null) continue;
    if (mark[1] === '') open = { name: mark[2] ?? '', from: line.next, to: line.next };
    else if (open !== undefined) {
      blocks.push({ ...open, to: line.start });
      open = undefined;
    }
  }
  return blocks;
}

/** A generated block as it stands in the file. */
export function generatedBlock(name: string, content: string): string {
  return `<!-- nex:generated ${name} -->\n${content}\n<!-- /nex:generated -->`;
}

/** Replaces what is between the marks, by name; everything outside stays to the byte. Names without marks are answered. */
export function withGenerated(
  text: string,
  contents: ReadonlyMap<string, string>,
): { text: string; refreshed: string[]; missing: string[] } {
  const blocks = generatedBlocks(text).filter(({ name }) => contents.has(name));
  const end = lineEndOf(text);
  let result = text;
  for (const { name, from, to } of blocks.toReversed()) {
    result = `${result.slice(0, from)}${(contents.get(name) ?? '').replaceAll('\n', end)}${end}${result.slice(to)}`;
  }
  const refreshed = new Set(blocks.map(({ name }) => name));
  return {
    text: result,
    refreshed: [...refreshed],
    missing: [...contents.keys()].filter((name) => !refreshed.has(name)),
  };
}

function withLine(text: string, title: string, line: string): string {
  const sections = sectionsOf(text);
  const end = lineEndOf(text);
  const section = findSection(sections, title);
  if (section === undefined) return withSection(text, sections, `## ${title}${end}${end}${line}${end}`);
  // Text that an unclosed fence has swallowed stays last: a line put behind it would be swallowed too.
  const last = section.lines.filter(({ kind, swallowed }) => kind !== 'blank' && !swallowed).at(-1);
  const at = last?.next ?? section.body;
  const before = text.slice(0, at);
  const after = text.slice(at);
  const follows = last !== undefined && last.kind === 'text' && isListText(text.slice(last.start, last.end));
  const glue = `${before === '' || before.endsWith('\n') ? '' : end}${follows ? '' : end}`;
  // A heading right below would be glued to the list.
  const gap = after === '' || /^\r?\n/.test(after) ? '' : end;
  return `${before}${glue}${line}${end}${gap}${after}`;
}

/** A new section at the end, or before whatever an unclosed fence has swallowed. */
function withSection(text: string, sections: readonly Section[], section: string): string {
  const end = lineEndOf(text);
  const swallowed = sections.flatMap(({ lines }) => lines).find((line) => line.swallowed);
  const holder = sections.findLast(({ start }) => swallowed !== undefined && start <= swallowed.start);
  const mark = /^(?:\ufeff|ï»¿)?/.exec(text)?.[0].length ?? 0;
  const at =
    swallowed === undefined
      ? text.length
      : Math.max(mark, holder?.level === 0 ? swallowed.start : (holder?.start ?? 0));
  const before = text.slice(0, at);
  const after = text.slice(at);
  const bare = before.slice(mark);
  const glue = bare === '' ? '' : /\n\r?\n$/.test(bare) ? '' : bare.endsWith('\n') ? end : `${end}${end}`;
  return `${before}${glue}${section}${after === '' ? '' : end}${after}`;
}

function isListText(line: string): boolean {
  return /^(?:\s*[-*+] |\s+\S)/.test(line);
}

interface Entry {
  date: string;
  start: number;
  end: number;
  /** Where the next thing that is no blank line begins. */
  next: number;
}

function entriesOf(text: string, section: Section | undefined): Entry[] {
  const entries: Entry[] = [];
  const lines = section?.lines ?? [];
  lines.forEach((line, index) => {
    const date = line.kind === 'text' ? ENTRY.exec(text.slice(line.start, line.end))?.[1] : undefined;
    if (date === undefined) return;
    const isMore = (other: Line | undefined) =>
      other?.kind === 'text' && /^\s+\S/.test(text.slice(other.start, other.end));
    let last = index;
    while (isMore(lines[last + 1])) last++;
    const following = lines.slice(last + 1).find(({ kind }) => kind !== 'blank');
    entries.push({
      date,
      start: line.start,
      end: lines[last]?.end ?? line.end,
      next: following?.start ?? lines[last]?.next ?? line.next,
    });
  });
  return entries;
}

function withoutOldest(text: string): string {
  const section = findSection(sectionsOf(text), SESSION_LOG);
  // In a conflict nobody knows yet which lines will stay.
  if (section?.lines.some(({ kind }) => kind === 'conflict')) return text;
  const entries = entriesOf(text, section);
  if (entries.length <= MOST) return text;
  const oldest = entries.toSorted((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : a.start - b.start));
  const gone = oldest.slice(0, entries.length - KEPT).toSorted((a, b) => b.start - a.start);
  return gone.reduce((rest, { start, next }) => rest.slice(0, start) + rest.slice(next), text);
}
