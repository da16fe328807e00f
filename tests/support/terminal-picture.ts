import { widthOf } from '../../src/ui/width.ts';
import type { Cell, Look } from './terminal-screen.ts';

/** Colours of the picture: the terminal's palette of 16, and the two that stand for "none". */
export interface Theme {
  background: string;
  text: string;
  dim: string;
  palette: readonly string[];
}

export const DARK: Theme = {
  background: '#16181d',
  text: '#d8dce4',
  dim: '#838b9a',
  palette: [
    '#3b4048',
    '#f0717b',
    '#8cc570',
    '#e2b765',
    '#68b0f0',
    '#c68aee',
    '#56bac4',
    '#c5cad3',
    '#6b7280',
    '#ff8a93',
    '#a5dc8a',
    '#f5cd7e',
    '#86c4ff',
    '#d9a5fb',
    '#70d2dc',
    '#ffffff',
  ],
};

export const LIGHT: Theme = {
  background: '#ffffff',
  text: '#24292f',
  dim: '#6e7781',
  palette: [
    '#24292f',
    '#c0262d',
    '#1a7f37',
    '#8a5a00',
    '#0550ae',
    '#8250df',
    '#0e6d77',
    '#6e7781',
    '#57606a',
    '#a40e26',
    '#116329',
    '#7d4e00',
    '#0969da',
    '#6639ba',
    '#1b7c83',
    '#8c959f',
  ],
};

const CHARACTER = 8.43;
const LINE = 19;
const MARGIN = 18;
const BAR = 34;

/** A terminal's screen as an SVG picture with a title bar. Text stays text: it can be selected, searched and read aloud. */
export function terminalPicture(
  lines: readonly Cell[][],
  { title, columns, theme }: { title: string; columns: number; theme: Theme },
): string {
  const width = Math.ceil(columns * CHARACTER + 2 * MARGIN);
  const height = Math.ceil(BAR + lines.length * LINE + MARGIN + 4);
  const rows = lines.map((line, row) => rowOf(line, BAR + (row + 1) * LINE, theme)).join('\n');
  const dots = ['#ed6a5e', '#f5bf4f', '#61c454']
    .map((color, index) => `<circle cx="${20 + index * 19}" cy="17" r="5.5" fill="${color}"/>`)
    .join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="9" fill="${theme.background}" stroke="${theme.palette[8]}" stroke-opacity="0.45"/>
${dots}<text x="${width / 2}" y="21" text-anchor="middle" font-family="ui-sans-serif, system-ui, sans-serif" font-size="12.5" fill="${theme.dim}">${escaped(title)}</text>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" xml:space="preserve" fill="${theme.text}">
${rows}
</g>
</svg>
`;
}

/** Stretches that look the same become one text, as wide as its columns, whatever font shows it. */
function rowOf(line: readonly Cell[], y: number, theme: Theme): string {
  const runs: Array<{ text: string; at: number; look: Look }> = [];
  for (const [at, { text, look }] of line.entries()) {
    const run = runs.at(-1);
    if (text === '') continue;
    if (run && JSON.stringify(run.look) === JSON.stringify(look)) run.text += text;
    else runs.push({ text, at, look });
  }
  return runs
    .filter(({ text, look }) => text.trim() !== '' || look.inverse || look.background !== undefined || look.underline)
    .map(({ text, at, look }) => {
      const x = MARGIN + at * CHARACTER;
      const wide = widthOf(text) * CHARACTER;
      const color = colorOf(look.color, theme) ?? (look.dim ? theme.dim : theme.text);
      const back = look.inverse ? color : colorOf(look.background, theme);
      const marks = [
        look.bold ? ' font-weight="700"' : '',
        look.italic ? ' font-style="italic"' : '',
        look.underline || look.struck ? ` text-decoration="${look.underline ? 'underline' : 'line-through'}"` : '',
        look.dim && look.color !== undefined ? ' fill-opacity="0.65"' : '',
        (look.inverse ? theme.background : color) === theme.text
          ? ''
          : ` fill="${look.inverse ? theme.background : color}"`,
      ].join('');
      const box =
        back === undefined
          ? ''
          : `<rect x="${fixed(x)}" y="${y - 14}" width="${fixed(wide)}" height="${LINE}" fill="${back}"/>`;
      return `${box}<text x="${fixed(x)}" y="${y}" textLength="${fixed(wide)}" lengthAdjust="spacingAndGlyphs"${marks}>${escaped(text)}</text>`;
    })
    .join('');
}

function colorOf(color: number | string | undefined, { palette, text }: Theme): string | undefined {
  if (color === undefined || typeof color === 'string') return color;
  return palette[color] ?? text;
}

function fixed(number: number): string {
  return number.toFixed(2).replace(/\.?0+$/, '');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
