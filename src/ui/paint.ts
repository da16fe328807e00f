import { Chalk } from 'chalk';

/** How much colour a terminal shows: none, 16, 256, all. */
export type ColorLevel = 0 | 1 | 2 | 3;

/** Text in, the same text with escapes around it out; or unchanged without colour. */
export type Style = (text: string) => string;

/** What the screen says with colour and signs. Only the terminal's own 16 colours, which suit light and dark. */
export interface Paint {
  strong: Style;
  emphasis: Style;
  struck: Style;
  code: Style;
  link: Style;
  heading: Style;
  dim: Style;
  good: Style;
  bad: Style;
  warning: Style;
  accent: Style;
  /** Words inside an added or removed line that are what really changed. */
  addedWord: Style;
  removedWord: Style;
  keyword: Style;
  string: Style;
  number: Style;
  signs: Signs;
  /** True when nothing is coloured: signs must then say what colour would. */
  colorless: boolean;
}

export interface Signs {
  call: string;
  good: string;
  bad: string;
  warning: string;
  open: string;
  bullet: string;
  column: string;
  row: string;
  crossing: string;
  /** Begins a line that goes on the one before, and one that does not. */
  continued: string;
  begun: string;
}

const SIGNS: Signs = {
  call: '●',
  good: '✓',
  bad: '✗',
  warning: '!',
  open: '☐',
  bullet: '•',
  column: '│',
  row: '─',
  crossing: '┼',
  continued: '┊',
  begun: '│',
};

/** Signs that a screen reader speaks as words, or passes over. */
const WORDS: Signs = {
  call: '-',
  good: 'ok:',
  bad: 'failed:',
  warning: 'warning:',
  open: '-',
  bullet: '-',
  column: '|',
  row: '-',
  crossing: '+',
  continued: ':',
  begun: '|',
};

/** The palette for a colour level handed in; `words` replaces signs by words and ASCII. */
export function createPaint(color: ColorLevel, options: { words?: boolean } = {}): Paint {
  const chalk = new Chalk({ level: color });
  return {
    strong: chalk.bold,
    emphasis: chalk.italic,
    struck: chalk.strikethrough,
    code: chalk.cyan,
    link: chalk.underline,
    heading: chalk.bold,
    dim: chalk.dim,
    good: chalk.green,
    bad: chalk.red,
    warning: chalk.yellow,
    accent: chalk.cyan,
    addedWord: chalk.green.inverse,
    removedWord: chalk.red.inverse,
    keyword: chalk.magenta,
    string: chalk.green,
    number: chalk.yellow,
    signs: options.words ? WORDS : SIGNS,
    colorless: color === 0,
  };
}
