import { type Highlighter, highlighter } from './highlight.ts';
import { parseInline } from './inline.ts';
import type { Paint } from './paint.ts';
import { renderTable } from './table.ts';
import { clustersOf } from './width.ts';
import { type Span, wrap } from './wrap.ts';

/** Markdown that comes in pieces, as lines for a terminal. */
export interface MarkdownStream {
  /** What can be shown now: whole lines, each with its line end, or nothing. Never takes back what it gave. */
  push(text: string): string;
  /** The rest. */
  end(): string;
}

export interface MarkdownOptions {
  paint: Paint;
  columns: () => number;
}

/** Below this many columns lines are not broken any more. */
const NARROWEST = 20;

/**
 * Renders Markdown while it streams. A line of the source is a line of the answer, wrapped; it is shown as far as
 * no later character can change it. Tables wait for their end. Code keeps its lines whole, so that it can be copied:
 * the terminal folds them. Where the pieces were cut does not matter. Expects text without control characters.
 */
export function markdownStream({ paint, columns }: MarkdownOptions): MarkdownStream {
  let line = '';
  let begun: { columns: number; shown: number; tried: number } | undefined;
  let table: string[] = [];
  let fence: { mark: string; indent: number; paint: Highlighter } | undefined;
  let blank = false;
  let anything = false;

  const width = () => Math.max(NARROWEST, columns());

  /** Blank lines between blocks: one however many there were, none at the beginning and the end. */
  const show = (lines: readonly string[]): string => {
    if (lines.length === 0) return '';
    const gap = blank && anything ? '\n' : '';
    blank = false;
    anything = true;
    return `${gap}${lines.join('\n')}\n`;
  };

  const flushTable = (): string => {
    const lines = table;
    table = [];
    if (lines.length === 0) return '';
    const rendered = renderTable(lines, width(), paint);
    return show(rendered ?? lines.flatMap((text) => renderLine(text, width(), paint, true) ?? []));
  };

  const takeLine = (text: string): string => {
    if (fence) {
      const close = /^\s*(`{3,}|~{3,})\s*$/.exec(text)?.[1];
      if (close?.startsWith(fence.mark)) {
        fence = undefined;
        return '';
      }
      const code = text.replace(new RegExp(`^ {0,${fence.indent}}`), '');
      return show([`${' '.repeat(fence.indent + 2)}${fence.paint(code)}`.trimEnd()]);
    }
    if (isTableLine(text)) {
      table.push(text);
      return '';
    }
    const before = flushTable();
    const open = /^( *)(`{3,}|~{3,})\s*([^\s`]*)[^`]*$/.exec(text);
    if (open) {
      fence = { mark: open[2] ?? '```', indent: open[1]?.length ?? 0, paint: highlighter(open[3] ?? '', paint) };
      return before;
    }
    if (text.trim() === '') {
      blank = true;
      return before;
    }
    const rendered = renderLine(text, begun?.columns ?? width(), paint, true) ?? [];
    return before + show(rendered.slice(begun?.shown ?? 0));
  };

  /** The lines of an unfinished line that are full. */
  const takePart = (text: string): string => {
    const words = text.trimStart();
    if (fence || isTableLine(text) || /^(?:#|`{3}|~{3}|[-*_ ]*$)/.test(words)) return '';
    const part = begun ?? { columns: width(), shown: 0, tried: 0 };
    // Each look begins at the start of the line, so it must be worth it.
    const due = part.tried + Math.max(part.columns / 2, part.tried / 8);
    if (words.length <= part.columns || words.length < due) return '';
    const before = flushTable();
    const full = (renderLine(settled(text), part.columns, paint, false) ?? []).slice(0, -1);
    const fresh = full.slice(part.shown);
    begun = { columns: part.columns, shown: full.length, tried: words.length };
    return before + show(fresh);
  };

  return {
    push(text) {
      let out = '';
      const parts = text.replaceAll('\t', '    ').split('\n');
      for (const [index, part] of parts.entries()) {
        line += part;
        if (index === parts.length - 1) out += takePart(line);
        else {
          out += takeLine(line);
          line = '';
          begun = undefined;
        }
      }
      return out;
    },
    end() {
      const rest = (line === '' ? '' : takeLine(line)) + flushTable();
      line = '';
      begun = undefined;
      fence = undefined;
      blank = false;
      anything = false;
      return rest;
    },
  };
}

/** Markdown that is whole. */
export function renderMarkdown(text: string, options: MarkdownOptions): string {
  const stream = markdownStream(options);
  return stream.push(text) + stream.end();
}

/** Without the last character as people count them: what comes next may still join it, and change its width. */
function settled(text: string): string {
  const whole = text.replace(/[\ud800-\udbff]$/, '');
  return /[ -~]$/.test(whole) ? whole : Array.from(clustersOf(whole)).slice(0, -1).join('');
}

function isTableLine(text: string): boolean {
  return /^ {0,3}\|/.test(text);
}

/** The lines of one line of the source. */
function renderLine(text: string, columns: number, paint: Paint, whole: boolean): string[] {
  const heading = /^ {0,3}(#{1,6})\s+(.*)$/.exec(text);
  if (heading) {
    const mark = paint.colorless ? `${heading[1]} ` : '';
    return wrap(parseInline(title(heading[2] ?? ''), paint, true, paint.heading), columns, {
      first: [{ text: mark }],
      rest: [{ text: ' '.repeat(mark.length) }],
    });
  }
  if (/^ {0,3}([-*_])(?:\s*\1){2,}\s*$/.test(text)) return [paint.dim(paint.signs.row.repeat(Math.min(columns, 40)))];
  const { lead, rest, content } = leadOf(text, columns, paint);
  return wrap(parseInline(content, paint, whole), columns, { first: lead, rest });
}

/** A heading may be closed by the signs that opened it. */
function title(text: string): string {
  const trimmed = text.trimEnd();
  return / #+$/.test(trimmed) ? trimmed.slice(0, trimmed.lastIndexOf(' ')).trimEnd() : trimmed;
}

/** What stands before the words: indentation, the bars of a quotation, the sign or number of a list item. */
function leadOf(text: string, columns: number, paint: Paint): { lead: Span[]; rest: Span[]; content: string } {
  const indent = ' '.repeat(Math.min(/^ */.exec(text)?.[0].length ?? 0, Math.floor(columns / 3)));
  const trimmed = text.trimStart();
  const quote = /^((?:>\s?)+)(.*)$/.exec(trimmed);
  if (quote) {
    const bars = `${paint.signs.column} `.repeat(Math.min(quote[1]?.replaceAll(/[^>]/g, '').length ?? 1, 5));
    const inner = leadOf(quote[2] ?? '', columns, paint);
    const bar: Span = { text: indent + bars, style: paint.dim };
    return { lead: [bar, ...inner.lead], rest: [bar, ...inner.rest], content: inner.content };
  }
  const item = /^(?:([-*+])|(\d{1,9}[.)]))\s+(?=\S)(\[[ xX]\]\s)?(.*)$/.exec(trimmed);
  if (!item) return { lead: [{ text: indent }], rest: [{ text: indent }], content: trimmed };
  const box = item[3] ? `[${item[3][1]?.trim() === '' ? ' ' : 'x'}] ` : '';
  const sign = `${item[1] ? paint.signs.bullet : (item[2] ?? '')} ${box}`;
  return {
    lead: [{ text: indent }, { text: sign, style: paint.dim }],
    rest: [{ text: indent + ' '.repeat(sign.length) }],
    content: item[4] ?? '',
  };
}
