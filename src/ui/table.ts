import { parseInline } from './inline.ts';
import type { Paint } from './paint.ts';
import { widthOf } from './width.ts';
import { type Span, textOf, wrap } from './wrap.ts';

type Alignment = 'left' | 'right' | 'center';

/** Narrower columns cannot be read; then each row becomes a list of its cells. */
const NARROWEST = 6;

/** The lines of a Markdown table, painted; undefined when they are none after all. */
export function renderTable(lines: readonly string[], columns: number, paint: Paint): string[] | undefined {
  const [head, rule, ...body] = lines.map(cellsOf);
  if (!head || !rule || rule.length !== head.length || !rule.every((cell) => /^:?-+:?$/.test(cell))) return undefined;
  const alignments = rule.map(alignmentOf);
  const parsed = [head, ...body].map((row, index) =>
    head.map((_, column) => parseInline(row[column] ?? '', paint, true, index === 0 ? paint.strong : undefined)),
  );
  const widths = widthsFor(parsed, columns - 3 * (head.length - 1));
  if (!widths) return asList(parsed, columns, paint);
  const separator = ` ${paint.dim(paint.signs.column)} `;
  const [titles = [], ...rows] = parsed.map((row) => renderRow(row, widths, alignments, separator));
  const { row, crossing } = paint.signs;
  return [
    ...titles,
    paint.dim(widths.map((width) => row.repeat(width)).join(`${row}${crossing}${row}`)),
    ...rows.flat(),
  ];
}

function cellsOf(line: string): string[] {
  const inner = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '');
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
}

function alignmentOf(rule: string): Alignment {
  if (!rule.endsWith(':')) return 'left';
  return rule.startsWith(':') ? 'center' : 'right';
}

/** As wide as the cells when there is room; otherwise the widest columns give way. Undefined when none can. */
function widthsFor(rows: readonly Span[][][], room: number): number[] | undefined {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(1, ...rows.map((row) => widthOf(textOf(row[column] ?? [])))),
  );
  for (let excess = widths.reduce((sum, width) => sum + width, 0) - room; excess > 0; excess -= 1) {
    const widest = widths.indexOf(Math.max(...widths));
    const width = widths[widest] ?? 0;
    if (width <= NARROWEST) return undefined;
    widths[widest] = width - 1;
  }
  return widths;
}

function renderRow(
  row: readonly Span[][],
  widths: readonly number[],
  alignments: readonly Alignment[],
  separator: string,
): string[] {
  const cells = row.map((spans, column) => alignLines(spans, widths[column] ?? 0, alignments[column] ?? 'left'));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    cells
      .map((lines, column) => lines[line] ?? ' '.repeat(widths[column] ?? 0))
      .join(separator)
      .trimEnd(),
  );
}

/** A cell's lines, each as wide as its column. Measured before painting: escapes have no width. */
function alignLines(spans: readonly Span[], width: number, alignment: Alignment): string[] {
  const bare = wrap(
    spans.map(({ text }) => ({ text })),
    width,
  );
  return wrap(spans, width).map((line, index) => {
    const gap = width - widthOf(bare[index] ?? '');
    const left = alignment === 'right' ? gap : alignment === 'center' ? Math.floor(gap / 2) : 0;
    return ' '.repeat(left) + line + ' '.repeat(gap - left);
  });
}

function asList([titles = [], ...rows]: readonly Span[][][], columns: number, paint: Paint): string[] {
  return rows.flatMap((row) =>
    row.flatMap((cell, column) => {
      const sign = column === 0 ? `${paint.signs.bullet} ` : '  ';
      const lead: Span[] = [{ text: sign }, ...(titles[column] ?? []), { text: ': ' }];
      return textOf(cell) === '' ? [] : wrap([...lead, ...cell], columns, { first: [], rest: [{ text: '    ' }] });
    }),
  );
}
