import { blocksOf, type Finding, firstFrame, frameOf, kindOf, nextText, type Toolchain } from './toolchain.ts';

const RUBY_FRAME = /^\s*(?:# |from )?(\.?\/?[\w./-]+\.(?:rb|rake)):(\d+)/;

/** Ruby names in messages stand bare, or between a backtick and a quote. */
function withoutRubyNames(message: string): string {
  return message
    .replace(/(undefined (?:local variable or )?method) [`'][^'`]*'/, '$1 <q>')
    .replace(/ for (?:an instance of |nil|main|#<|[A-Z])[^(]*/, (text) =>
      /for nil/.test(text) ? ' for nil ' : ' for <v> ',
    )
    .replace(/(uninitialized constant) \S+/, '$1 <name>')
    .replace(/(cannot load such file --) \S+/, '$1 <name>');
}

export const rspec: Toolchain = {
  name: 'rspec',
  language: 'ruby',
  programs: ['rspec'],
  marks: /^\d+ examples?, \d+ failures?/m,
  read(lines) {
    const found: Finding[] = [];
    for (const { head, lines: block } of blocksOf(lines, /^ {2}\d+\) (.+)$|^(?:Finished in|Failed examples:)/)) {
      if (head[1] === undefined) continue;
      const at = block.findIndex((line) => /^\s+Failure\/Error: /.test(line));
      const code = block[at]?.replace(/^\s+Failure\/Error: /, '').trim() ?? '';
      const body = block.slice(at + 1).filter((line) => line.trim() !== '' && !/^\s+#/.test(line));
      const error = body
        .find((line) => /^\s+(?:[A-Z]\w*::)*[A-Z]\w*(?:Error|Exception|NotFound|Invalid)\w*:?$/.test(line))
        ?.trim();
      const said = (error === undefined ? body : body.slice(body.findIndex((line) => line.trim() === error) + 1))
        .slice(0, 2)
        .map((line) => line.trim())
        .join(', ');
      const frame = firstFrame(block, RUBY_FRAME);
      const more = { frame, test: head[1], file: frame?.path };
      const matcher =
        /\)\.?(?:\s*\.)?((?:to|not_to|to_not) \w+(?:\.\w+)*)/.exec(code)?.[1] ??
        /\.((?:to|not_to|to_not) \w+)/.exec(code)?.[1];
      if (error === undefined)
        found.push({
          errorType: 'test_failure',
          headline: `${code} ${said}`.trim(),
          shape: `expectation ${(matcher ?? said).replaceAll('_', ' ')}`,
          ...more,
        });
      else
        found.push({
          errorType: kindOf(error, 'runtime'),
          headline: `${error} ${said}`,
          shape: `${error.replace(/:$/, '')}: ${withoutRubyNames(said)}`,
          ...more,
        });
    }
    if (found.length > 0) return found;
    const outside = lines.findIndex((line) => /^An error occurred while loading/.test(line));
    return outside < 0 ? ruby.read(lines) : ruby.read(lines.slice(outside));
  },
};

export const ruby: Toolchain = {
  name: 'ruby',
  language: 'ruby',
  programs: ['ruby', 'rake', 'rails', 'rake test', 'rails test', 'rubocop', 'bundle install'],
  marks:
    /\(\w*(?:Error|Exception)\)$|^[ \t]+\d+\) (?:Failure|Error):$|^\d+ runs, \d+ assertions|\d+ files? inspected|^\S+\.rb:\d+/m,
  read(lines) {
    const tests = blocksOf(lines, /^\s+\d+\) (Failure|Error):$|^\d+ runs, /).flatMap(
      ({ head, lines: block }): Finding[] => {
        if (head[1] === undefined) return [];
        const [, test, path, at] = /^(\S+)(?: \[(\S+?):(\d+)\])?:$/.exec(block[0]?.trim() ?? '') ?? [];
        const said = nextText(block, 1) ?? '';
        const frame = frameOf(path, at) ?? firstFrame(block, RUBY_FRAME);
        const more = { headline: said, frame, test, file: frame?.path };
        if (head[1] === 'Error')
          return [{ errorType: kindOf(said, 'runtime'), shape: withoutRubyNames(said), ...more }];
        return [
          {
            errorType: 'test_failure',
            ...more,
            shape: said.replace(
              /^(Expected:?) .*?( to .*)?$/,
              (_, start: string, rest?: string) =>
                `${start} <v>${rest?.replace(/ (?:be|include|match|equal)\b .*/, ' $&') ?? ''}`,
            ),
          },
        ];
      },
    );
    if (tests.length > 0) return tests;
    const cops = lines.flatMap((line): Finding[] => {
      const [, path, at, message = '', rule] =
        /^(\S+\.\w+):(\d+):\d+: [CWEF]: (?:\[Correctable\] )?((\w+\/\w+(?:\/\w+)?): .*)$/.exec(line) ?? [];
      return path === undefined
        ? []
        : [
            {
              errorType: rule?.startsWith('Lint/Syntax') ? 'syntax' : 'lint',
              headline: message,
              exact: rule,
              frame: frameOf(path, at),
            },
          ];
    });
    if (cops.length > 0) return cops;
    const at = lines.findIndex(
      (line) => /\((?:\w+::)*\w*(?:Error|Exception)\)\s*$/.test(line) || /: syntax errors?\b/.test(line),
    );
    const line = lines[at];
    if (line === undefined) return [];
    const [, path, number, , message = line] = /^(\S+?):(\d+):(in [`'][^'`]*': )?\s*(.*)$/.exec(line) ?? [];
    const frame = frameOf(path, number) ?? firstFrame(lines.slice(at), RUBY_FRAME);
    return [{ errorType: kindOf(message, 'runtime'), headline: message, shape: withoutRubyNames(message), frame }];
  },
};
