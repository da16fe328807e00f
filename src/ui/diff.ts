import { diffWordsWithSpace } from 'diff';
import { makeVisible } from '../platform/visible.ts';
import type { Paint, Style } from './paint.ts';
import { cut } from './width.ts';
import { fold, type Span } from './wrap.ts';

export interface DiffOptions {
  paint: Paint;
  columns: number;
  /** More lines than this are only counted. */
  maxLines?: number;
}

interface FilePatch {
  path: string;
  /** What happened to the file beside its lines: `new`, `deleted`, `renamed from …`, `binary`. */
  notes: string[];
  added: number;
  removed: number;
  lines: PatchLine[];
}

type PatchLine = { kind: 'hunk' | 'note'; text: string } | { kind: ' ' | '+' | '-'; text: string; number: number };

/** A longer line is shown up to here: minified files would fill the screen. */
const LONGEST_LINE = 400;
/** Longer lines are not compared word by word. */
const COMPARABLE = 400;

/**
 * A unified patch, as git prints it or its hunks alone, as painted lines: a header for each file with what was
 * added and removed, numbered lines, and in changed lines the words that differ.
 */
export function renderDiff(
  patch: string,
  { paint, columns, maxLines = Number.POSITIVE_INFINITY }: DiffOptions,
): string[] {
  const lines = readPatch(patch).flatMap((file, index) => [
    ...(index === 0 ? [] : ['']),
    ...renderFile(file, paint, columns),
  ]);
  if (lines.length <= maxLines) return lines;
  const more = lines.length - maxLines + 1;
  return [...lines.slice(0, maxLines - 1), paint.dim(`… ${more} more lines`)];
}

function renderFile(file: FilePatch, paint: Paint, columns: number): string[] {
  const counts = [
    file.added > 0 ? paint.good(`+${file.added}`) : '',
    file.removed > 0 ? paint.bad(`-${file.removed}`) : '',
    file.notes.length > 0 ? paint.dim(`(${file.notes.join(', ')})`) : '',
  ];
  const header = file.path === '' ? [] : [[paint.strong(file.path), ...counts].filter((part) => part !== '').join(' ')];
  const highest = Math.max(0, ...file.lines.map((line) => ('number' in line ? line.number : 0)));
  const digits = String(highest).length;
  const marked = markWords(file.lines, paint);
  return header.concat(
    file.lines.flatMap((line, index) => {
      if (!('number' in line)) {
        // The lines bear their numbers: what a hunk's head adds is where lines are left out, and in what they stand.
        if (line.kind === 'hunk' && index === 0 && line.text === '') return [];
        const text = line.kind === 'hunk' ? `${paint.signs.gap} ${line.text}`.trimEnd() : line.text;
        return [paint.dim(cut(line.kind === 'hunk' ? text.padStart(digits - 1 + text.length) : text, columns))];
      }
      const style = line.kind === '+' ? paint.good : line.kind === '-' ? paint.bad : undefined;
      const gutter: Span = { text: `${String(line.number).padStart(digits)} `, style: paint.dim };
      const spans = marked.get(line) ?? [{ text: line.text, style }];
      const first = [gutter, { text: `${line.kind} `, style }];
      return fold(spans, columns, { first, rest: [{ text: ' '.repeat(digits + 3) }] }).map((text) => text.trimEnd());
    }),
  );
}

/** For lines that were changed rather than replaced: the same text, its new and lost words marked. */
function markWords(lines: readonly PatchLine[], paint: Paint): Map<PatchLine, Span[]> {
  const marked = new Map<PatchLine, Span[]>();
  if (paint.colorless) return marked;
  for (let at = 0; at < lines.length; ) {
    const removed = runOf(lines, at, '-');
    const added = runOf(lines, at + removed.length, '+');
    at += Math.max(1, removed.length + added.length);
    // Only where each old line has its new one can lines be compared in pairs.
    if (removed.length !== added.length) continue;
    for (const [index, before] of removed.entries()) {
      const after = added[index];
      if (!after || before.text.length > COMPARABLE || after.text.length > COMPARABLE) continue;
      const parts = diffWordsWithSpace(before.text, after.text);
      const kept = parts
        .filter((part) => !part.added && !part.removed)
        .reduce((sum, part) => sum + part.value.trim().length, 0);
      if (kept * 3 < Math.max(before.text.trim().length, after.text.trim().length)) continue;
      const side = (other: 'added' | 'removed', style: Style, word: Style) =>
        parts
          .filter((part) => !part[other])
          .map((part): Span => ({ text: part.value, style: part.added || part.removed ? word : style }));
      marked.set(before, side('added', paint.bad, paint.removedWord));
      marked.set(after, side('removed', paint.good, paint.addedWord));
    }
  }
  return marked;
}

function runOf(lines: readonly PatchLine[], from: number, kind: '+' | '-'): PatchLine[] {
  let end = from;
  while (lines[end]?.kind === kind) end += 1;
  return lines.slice(from, end);
}

/** Reads by the counts in each hunk's head, so that a removed line `-- x` is no file header. */
function readPatch(patch: string): FilePatch[] {
  const files: FilePatch[] = [];
  let file: FilePatch | undefined;
  let left = { old: 0, new: 0 };
  let next = { old: 1, new: 1 };
  const begin = (path: string): FilePatch => {
    const begun: FilePatch = { path, notes: [], added: 0, removed: 0, lines: [] };
    files.push(begun);
    file = begun;
    return begun;
  };

  for (const line of patch.split('\n')) {
    const kind = line[0];
    if (file && (left.old > 0 || left.new > 0) && (kind === '+' || kind === '-' || kind === ' ' || line === '')) {
      const text = shown(line.slice(1));
      if (kind !== '+') left.old -= 1;
      if (kind !== '-') left.new -= 1;
      file.lines.push({
        kind: kind === '+' || kind === '-' ? kind : ' ',
        text,
        number: kind === '-' ? next.old : next.new,
      });
      if (kind === '+') file.added += 1;
      if (kind === '-') file.removed += 1;
      if (kind !== '+') next.old += 1;
      if (kind !== '-') next.new += 1;
      continue;
    }
    const hunk = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (hunk) {
      file ??= begin('');
      file.lines.push({ kind: 'hunk', text: shown(line.slice(hunk[0].length).trim()) });
      left = { old: Number(hunk[2] ?? 1), new: Number(hunk[4] ?? 1) };
      next = { old: Number(hunk[1]), new: Number(hunk[3]) };
    } else if (line.startsWith('diff --git ')) {
      const names = /^diff --git (?:"?a\/(.*?)"?) (?:"?b\/(.*?)"?)$/.exec(line);
      begin(shown(unquote(names?.[2] ?? line.slice(11))));
    } else if (line.startsWith('--- ') && (!file || file.lines.length > 0)) {
      begin(shown(nameIn(line.slice(4), 'a/')));
    } else if (file && line.startsWith('+++ ')) {
      if (!line.startsWith('+++ /dev/null')) file.path = shown(nameIn(line.slice(4), 'b/'));
    } else if (file) {
      noteOf(line, file);
    }
  }
  return files;
}

function noteOf(line: string, file: FilePatch): void {
  if (line.startsWith('new file')) file.notes.push('new');
  else if (line.startsWith('deleted file')) file.notes.push('deleted');
  else if (line.startsWith('rename from ')) file.notes.push(`renamed from ${shown(unquote(line.slice(12)))}`);
  else if (line.startsWith('copy from ')) file.notes.push(`copied from ${shown(unquote(line.slice(10)))}`);
  else if (line.startsWith('new mode ')) file.notes.push(`mode ${line.slice(9)}`);
  else if (line.startsWith('Binary files ') || line.startsWith('GIT binary patch')) file.notes.push('binary');
  else if (line.startsWith('\\ ')) file.lines.push({ kind: 'note', text: line });
}

function nameIn(text: string, prefix: string): string {
  const name = unquote(text.split('\t')[0] ?? '');
  return name.startsWith(prefix) ? name.slice(2) : name;
}

/** Git puts names with special characters in quotes, their bytes in octal. */
function unquote(name: string): string {
  if (!name.startsWith('"') && !/\\\d{3}/.test(name)) return name;
  const bytes = name.replace(/^"|"$/g, '').replaceAll(/\\(\d{3}|.)/g, (_, code: string) => {
    if (/^\d{3}$/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
    return ESCAPES[code] ?? code;
  });
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' };

function shown(text: string): string {
  const cropped = text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)}…` : text;
  return makeVisible(cropped.replaceAll('\t', '    ').replace(/\r$/, ''));
}
