import fc from 'fast-check';

/** Lines that real memory files are made of, the odd ones more often. */
const LINES = [
  '# Title',
  '## Notes',
  '## Session Log',
  '## session log ##',
  '### Deep',
  'Setext',
  '=====',
  '-----',
  '---',
  '```',
  '```ts',
  '~~~~',
  '    ## indented',
  '<!-- note',
  '-->',
  '<!-- one line -->',
  '<!-- nex:generated stack -->',
  '<!-- /nex:generated -->',
  '<<<<<<< HEAD',
  '=======',
  '||||||| base',
  '>>>>>>> branch',
  '- item',
  '- 2026-01-02: did it',
  '* [2025-12-31] did that',
  '  more',
  'plain text',
  '',
  '#hash',
  '##',
  '\ufeff',
  'caf\u00e9 \u{1f600}',
];

/** Documents of such lines, with the line ends of both worlds mixed in. */
export const markdown = fc
  .array(fc.tuple(fc.constantFrom(...LINES), fc.constantFrom('\n', '\n', '\n', '\r\n')))
  .map((lines) => lines.map(([line, end]) => line + end).join(''));

/** Any text, one character a byte; faster to make than every character that Unicode has. */
export const anyText = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
