import { blocksOf, type Finding, firstFrame, frameOf, kindOf, nextText, type Toolchain } from './toolchain.ts';

export const phpunit: Toolchain = {
  name: 'phpunit',
  language: 'php',
  programs: ['phpunit', 'pest', 'artisan test', 'composer test', 'phpstan'],
  marks: /^PHPUnit \d|^(?:FAILURES|ERRORS)!$|^OK \(\d+ tests?|^Tests: \d+, Assertions: /m,
  read(lines) {
    const end = lines.findIndex((line) => /^(?:FAILURES|ERRORS)!$/.test(line));
    const found: Finding[] = [];
    for (const { head, lines: block } of blocksOf(end < 0 ? lines : lines.slice(0, end), /^\d+\) (\S+::\S+.*)$/)) {
      const said = nextText(block, 0);
      if (said === undefined) continue;
      const frame = firstFrame(block, /^(\/?\S+\.php):(\d+)$/);
      const asserted = /^Failed asserting that /.test(said);
      const compared = said
        .replace(
          /^Failed asserting that .*? (is|matches|contains|equals|has|are|does|was|of type|exception)\b(.*)$/,
          'Failed asserting that <v> $1$2',
        )
        .replace(/matches expected .*/, 'matches expected');
      found.push({
        errorType: asserted ? 'test_failure' : kindOf(said, 'runtime'),
        headline: said,
        shape: asserted ? compared : withoutPhpNames(said),
        frame,
        test: head[1],
        file: frame?.path,
      });
    }
    return found.length > 0 ? found : php.read(lines);
  },
};

function withoutPhpNames(message: string): string {
  return message
    .replace(/\$\w+/g, '<name>')
    .replace(/(undefined (?:function|method)) \S+/i, '$1 <name>')
    .replace(/(?:Class|Interface|Trait) "?[\w\\]+"? not found/, 'Class <name> not found')
    .replace(/(?:[\w\\]+::)?\w+\(\)/g, '<name>')
    .replace(/, called in .*$/, '');
}

export const php: Toolchain = {
  name: 'php',
  language: 'php',
  programs: ['php', 'composer', 'php -l'],
  marks: /^(?:PHP )?(?:Fatal error|Parse error|Warning|Notice):\s/m,
  read: (lines) => {
    const line = lines.find((text) => /^(?:PHP )?(?:Fatal|Parse) error:\s/.test(text));
    if (line === undefined) return [];
    const [, level, said = '', path, at] =
      /^(?:PHP )?(Fatal|Parse) error:\s+(?:Uncaught )?(.*?)(?: in (\S+?)(?::(\d+)| on line \d+)?)?$/.exec(line) ?? [];
    const number = at ?? / on line (\d+)/.exec(line)?.[1];
    return [
      {
        errorType: level === 'Parse' ? 'syntax' : kindOf(said, 'runtime'),
        headline: said,
        shape: level === 'Parse' ? said : withoutPhpNames(said),
        frame: frameOf(path, number),
      },
    ];
  },
};
