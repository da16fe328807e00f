import { clustersOf, widthOf } from '../../src/ui/width.ts';

/** How a character looks; colours are numbers of the terminal's own palette, or `#rrggbb`. */
export interface Look {
  bold?: boolean;
  dim?: boolean;
  italic?: boolean;
  underline?: boolean;
  inverse?: boolean;
  struck?: boolean;
  color?: number | string;
  background?: number | string;
  /** Where it leads, by OSC 8. */
  link?: string;
}

export interface Cell {
  /** One character as people count them; empty behind a wide one. */
  text: string;
  look: Look;
}

/** A small terminal: takes what a program writes, and holds what a person would see. */
export interface TerminalScreen {
  write(text: string): void;
  /** Another size from now on; what stands there already is not folded anew. */
  resize(columns: number, rows: number): void;
  /** All lines, what was scrolled away first; blanks at their ends and empty ones at the end left out. */
  lines(): string[];
  /** The same, cell by cell. */
  cells(): Cell[][];
  readonly cursor: { row: number; column: number; visible: boolean };
  /** Control sequences that it does not know, as they came. A program under test should write none. */
  readonly unknown: readonly string[];
  /** How often the bell rang, and what OSC 9 said. */
  readonly bells: number;
  readonly notes: readonly string[];
}

/** Knows what nex and the programs it starts need: colours, moving, erasing, wrapping, links; no more. */
export function terminalScreen(wide = 80, high = 24): TerminalScreen {
  let columns = wide;
  let rows = high;
  const grid: Cell[][] = [[]];
  const unknown: string[] = [];
  const notes: string[] = [];
  let top = 0;
  let row = 0;
  let column = 0;
  let visible = true;
  let bells = 0;
  let look: Look = {};
  let rest = '';

  const lineAt = (index: number): Cell[] => {
    while (grid.length <= index) grid.push([]);
    return grid[index] ?? [];
  };
  const down = () => {
    row += 1;
    lineAt(row);
    top = Math.max(top, row - rows + 1);
  };
  const put = (text: string) => {
    const width = widthOf(text);
    const line = lineAt(row);
    if (width === 0) {
      const before = line[column - 1];
      if (before) before.text += text;
      return;
    }
    if (column + width > columns) {
      down();
      column = 0;
      return put(text);
    }
    while (line.length < column) line.push({ text: ' ', look: {} });
    line[column] = { text, look };
    if (width === 2) line[column + 1] = { text: '', look };
    column += width;
  };
  const control = (code: string, parameters: string) => {
    const [first = 0, second = 0] = parameters.split(';').map(Number);
    const steps = Math.max(1, first);
    if (code === 'm') look = { ...paint(look, parameters), ...(look.link === undefined ? {} : { link: look.link }) };
    else if (code === 'A') row = Math.max(top, row - steps);
    else if (code === 'B') row = Math.min(top + rows - 1, row + steps);
    else if (code === 'C') column = Math.min(columns - 1, column + steps);
    else if (code === 'D') column = Math.max(0, Math.min(column, columns - 1) - steps);
    else if (code === 'G') column = steps - 1;
    else if (code === 'H') [row, column] = [top + steps - 1, Math.max(1, second) - 1];
    else if (code === 'K') {
      if (first === 2) lineAt(row).length = 0;
      else if (first === 0) lineAt(row).length = Math.min(lineAt(row).length, column);
    } else if (code === 'J') {
      lineAt(row).length = Math.min(lineAt(row).length, first === 0 ? column : 0);
      if (first === 0) grid.length = row + 1;
      else for (let index = top; index < grid.length; index += 1) lineAt(index).length = 0;
    } else return false;
    return true;
  };

  const take = (text: string) => {
    const pattern =
      /\x1b\[(\??[\d;]*)([A-Za-z])|\x1b\](\d+);([^\x07\x1b]*)(?:\x07|\x1b\\)|\x1b(?:\[|\])?|[\r\n\x07\b]|[^\x1b\r\n\x07\b]+/g;
    for (const [part, parameters, code, kind, said = ''] of text.matchAll(pattern)) {
      if (part === '\r') column = 0;
      else if (part === '\n') down();
      else if (part === '\b') column = Math.max(0, column - 1);
      else if (part === '\x07') bells += 1;
      else if (code !== undefined) {
        if (parameters?.startsWith('?')) {
          if (parameters === '?25') visible = code === 'h';
          else if (parameters !== '?2004' && parameters !== '?2026') unknown.push(part);
        } else if (!control(code, parameters ?? '')) unknown.push(part);
      } else if (kind === '8') {
        const { link: _, ...bare } = look;
        const target = said.slice(said.indexOf(';') + 1);
        look = target === '' ? bare : { ...bare, link: target };
      } else if (kind === '9') notes.push(said);
      else if (kind !== undefined || part.startsWith('\x1b')) unknown.push(part);
      else for (const cluster of clustersOf(part)) put(cluster);
    }
  };

  const cells = () => {
    const all = grid.map((line) => {
      const end = line.findLastIndex(
        ({ text, look: { inverse, background } }) => text.trim() !== '' || inverse || background !== undefined,
      );
      return line.slice(0, end + 1 + (line[end + 1]?.text === '' ? 1 : 0));
    });
    return all.slice(0, all.findLastIndex((line) => line.length > 0) + 1);
  };
  return {
    write(text) {
      const whole = rest + text;
      // The end of a sequence may come with the next piece.
      rest = /\x1b(?:\[[?\d;]*|\][^\x07\x1b]*\x1b?)?$/.exec(whole)?.[0] ?? '';
      take(whole.slice(0, whole.length - rest.length));
    },
    resize(to, lines) {
      columns = to;
      rows = lines;
    },
    cells,
    lines: () => cells().map((line) => line.map(({ text }) => text).join('')),
    get cursor() {
      return { row, column, visible };
    },
    unknown,
    notes,
    get bells() {
      return bells;
    },
  };
}

function paint(look: Look, parameters: string): Look {
  let next: Look = { ...look };
  const codes = parameters.split(';').map(Number);
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 0) next = {};
    else if (code === 1) next.bold = true;
    else if (code === 2) next.dim = true;
    else if (code === 3) next.italic = true;
    else if (code === 4) next.underline = true;
    else if (code === 7) next.inverse = true;
    else if (code === 9) next.struck = true;
    else if (code === 22) {
      next.bold = false;
      next.dim = false;
    } else if (code === 23) next.italic = false;
    else if (code === 24) next.underline = false;
    else if (code === 27) next.inverse = false;
    else if (code === 29) next.struck = false;
    else if (code === 39) delete next.color;
    else if (code === 49) delete next.background;
    else if (code >= 30 && code <= 37) next.color = code - 30;
    else if (code >= 40 && code <= 47) next.background = code - 40;
    else if (code >= 90 && code <= 97) next.color = code - 82;
    else if (code >= 100 && code <= 107) next.background = code - 92;
    else if (code === 38 || code === 48) {
      const rgb = codes[at + 1] === 2;
      const color = rgb
        ? `#${codes
            .slice(at + 2, at + 5)
            .map((part) => part.toString(16).padStart(2, '0'))
            .join('')}`
        : codes[at + 2];
      if (color !== undefined) next[code === 38 ? 'color' : 'background'] = color;
      at += rgb ? 4 : 2;
    }
  }
  return next;
}
