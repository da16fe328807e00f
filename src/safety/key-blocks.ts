/** A private key over one or several lines. */
export interface KeyBlock {
  readonly start: number;
  readonly end: number;
}

const BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;

/** A block that goes on beyond this many characters is cut off. */
const LONGEST_BLOCK = 1024 * 1024;

/** Private keys in a text, in armour, or what a page, a diff or a search left of one; a mere mention of the first line is none. */
export function findKeyBlocks(text: string): KeyBlock[] {
  if (!text.includes('PRIVATE KEY')) return headingLines(text);
  const blocks: KeyBlock[] = headingLines(text);
  let from = 0;
  BEGIN.lastIndex = 0;
  for (const match of text.matchAll(BEGIN)) {
    if (match.index < from) continue;
    const start = match.index + match[0].length;
    const end = blockEnd(text, start).end;
    from = end;
    const body = text
      .slice(start, end)
      .replace(END, '')
      .replace(/\\n|\s/g, '');
    if (/[A-Za-z0-9+/=]{16}/.test(body)) blocks.push({ start: match.index, end });
  }
  for (const match of text.matchAll(LAST)) {
    const end = match.index + match[0].length;
    if (blocks.some((block) => block.start < end && end <= block.end)) continue;
    const start = bodyStart(text, text.lastIndexOf('\n', match.index) + 1);
    if (start !== undefined) blocks.push({ start, end });
  }
  return blocks;
}

const LAST = new RegExp(END.source, 'g');

/** Lines of a key whose first line is not there are looked for this far back; longer keys are written nowhere. */
const MOST_LINES = 400;

/** A whole line of a key, maybe behind a line number or a file's name. */
const BODY = /[A-Za-z0-9+/=]{40,}[ \t\r]*$/;

/** Where the lines of a key begin that end here, its last line being the next; undefined when there are none. */
function bodyStart(text: string, end: number): number | undefined {
  let start: number | undefined;
  let at = end;
  for (let count = 0; count < MOST_LINES && at > 0; count++) {
    const from = text.lastIndexOf('\n', at - 2) + 1;
    const body = BODY.exec(text.slice(Math.max(from, at - 400), at - 1));
    // The last line of a key may be short.
    const short =
      body === null && count === 0 && /^[^\n]{0,80}?[A-Za-z0-9+/=]{1,39}[ \t\r]*$/.test(text.slice(from, at - 1));
    if (body === null && !short) break;
    if (body !== null) start = Math.max(from, at - 400) + body.index;
    at = from;
  }
  return start;
}

/** The start of trailing lines that the last line of a key may still follow, its first line included; undefined when there are none. */
export function danglingBody(text: string): number | undefined {
  const start = bodyStart(text, text.length);
  if (start === undefined) return undefined;
  const first = [...text.slice(0, start).matchAll(BEGIN)].at(-1);
  // A body is not taken away from the first line that it belongs to.
  const own = first !== undefined && blockEnd(text, first.index + first[0].length).end > start;
  return text.lastIndexOf('\n', own ? first.index : start) + 1;
}

const HEADING = /^@@ -[\d,]+ \+[\d,]+ @@ ([A-Za-z0-9+/=]{40,})$/gm;

/** A diff repeats some earlier line above each part of it: of a key that can be any. */
function headingLines(text: string): KeyBlock[] {
  if (!text.includes('@@ ')) return [];
  return [...text.matchAll(HEADING)].map(({ 0: line, 1: body = '', index }) => ({
    start: index + line.length - body.length,
    end: index + line.length,
  }));
}

/** The start of a block that more text could still go on with; undefined when there is none. */
export function openBlock(text: string): number | undefined {
  // The words of a first line may stand once more behind it, as text or cut off.
  if (!text.includes('PRIVATE KEY')) return undefined;
  const last = [...text.matchAll(BEGIN)].at(-1);
  if (last === undefined) return undefined;
  return blockEnd(text, last.index + last[0].length).open ? last.index : undefined;
}

/** Where the block ends whose body begins here: behind its last line, or before the first that is no part of a key. */
function blockEnd(text: string, from: number): { end: number; open: boolean } {
  let at = from;
  let end = from;
  while (at - from < LONGEST_BLOCK) {
    const newline = text.indexOf('\n', at);
    const line = text.slice(at, newline === -1 ? undefined : newline);
    const closing = END.exec(line);
    if (closing !== null) return { end: at + closing.index + closing[0].length, open: false };
    // What stands behind the marker in its own line (`"`, `\n…`) may be anything.
    if (at > from && !isKeyMaterial(line)) return { end, open: false };
    if (line.trim() !== '') end = at + line.trimEnd().length;
    if (newline === -1) return { end, open: true };
    at = newline + 1;
  }
  return { end, open: false };
}

/** Base64, possibly behind a line number or a file name; armour headers; empty lines. */
function isKeyMaterial(line: string): boolean {
  const bare = line.trim();
  if (bare.length > 400) return false;
  return /^$|[A-Za-z0-9+/=]{16,}[\\n"',]*$|^\W*(?:\d+\W+)?[A-Za-z0-9+/=]{1,16}$|(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset):|^\d+\s*[|:]?$/.test(
    bare,
  );
}
