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
  /** Puts an address behind words, where the terminal can. */
  linkTo: ((address: string) => Style) | undefined;
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
  /** Before a line of a command's output. */
  output: string;
  /** Where lines of a file are left out. */
  gap: string;
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
  output: '│ ',
  gap: '⋮',
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
  output: '',
  gap: '...',
  continued: ':',
  begun: '|',
};

/** The palette for a colour level handed in; `words` replaces signs by words and ASCII. */
export function createPaint(color: ColorLevel, options: { words?: boolean; links?: boolean } = {}): Paint {
  const chalk = new Chalk({ level: color });
  // One argument alone: handed to `map`, chalk would paint the index too.
  const by =
    (style: (text: string) => string): Style =>
    (text) =>
      style(text);
  return {
    strong: by(chalk.bold),
    emphasis: by(chalk.italic),
    struck: by(chalk.strikethrough),
    code: by(chalk.cyan),
    link: by(chalk.underline),
    linkTo: options.links ? (address) => (text) => `\x1b]8;;${address}\x1b\\${text}\x1b]8;;\x1b\\` : undefined,
    heading: by(chalk.bold),
    dim: by(chalk.dim),
    good: by(chalk.green),
    bad: by(chalk.red),
    warning: by(chalk.yellow),
    accent: by(chalk.cyan),
    addedWord: by(chalk.green.inverse),
    removedWord: by(chalk.red.inverse),
    keyword: by(chalk.magenta),
    string: by(chalk.green),
    number: by(chalk.yellow),
    signs: options.words ? WORDS : SIGNS,
    colorless: color === 0,
  };
}
