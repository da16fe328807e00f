import { blocksOf, type ErrorType, type Finding, firstFrame, frameOf, nextText, type Toolchain } from './toolchain.ts';

export const cargo: Toolchain = {
  name: 'cargo',
  language: 'rust',
  programs: ['cargo test', 'cargo build', 'cargo check', 'cargo clippy', 'cargo run', 'cargo nextest', 'rustc'],
  marks: /^[ \t]*(?:Compiling|Checking|Finished) \S+.*v?\d|^error(?:\[E\d+\])?: |^test result: /m,
  read(lines) {
    const found: Finding[] = [];
    for (const { head, lines: block } of blocksOf(lines, /^(?:error(?:\[(E\d+)\])?: (.*)|warning: .*)$/)) {
      const message = head[2];
      if (
        message === undefined ||
        /^(?:could not compile|aborting due to|test failed|process didn't exit)|target\(s\) failed/.test(message)
      )
        continue;
      const rule = block
        .flatMap(
          (line) => /`-D ([\w:-]+)` implied|`#\[deny\(([\w:]+)\)\]`|index\.html#(\w+)/.exec(line)?.slice(1) ?? [],
        )
        .find((text) => text !== undefined);
      const code = head[1];
      found.push({
        errorType: rustKind(code, rule, message),
        headline: `${code ?? rule ?? 'error'}: ${message}`,
        exact: rule?.replace(/^clippy::/, '').replaceAll('-', '_'),
        shape: `${code ?? ''} ${message}`,
        frame: firstFrame(block.slice(0, 3), /^\s*--> (\S+?):(\d+):\d+$/),
      });
    }
    return found.length > 0 ? found : readPanics(lines);
  },
};

function rustKind(code: string | undefined, rule: string | undefined, message: string): ErrorType {
  if (rule !== undefined) return 'lint';
  if (code !== undefined) return /^E0(?:432|433|463|583|786)$/.test(code) ? 'import' : 'type';
  if (/^(?:failed to|no matching package|couldn't|could not|linking with)/.test(message)) return 'build';
  return /expected|unexpected|unclosed|unterminated|mismatched closing|unknown start of token/.test(message)
    ? 'syntax'
    : 'build';
}

function readPanics(lines: readonly string[]): Finding[] {
  return lines.flatMap((line, index): Finding[] => {
    const now = /^thread '(.+?)'(?: \(\d+\))? panicked at (\S+?):(\d+):\d+:$/.exec(line);
    const old = /^thread '(.+?)' panicked at '(.*)', (\S+?):(\d+):\d+$/.exec(line);
    if (now === null && old === null) return [];
    const headline = (now === null ? old?.[2] : nextText(lines, index + 1)) ?? 'panicked';
    const asserted = /^assertion/.test(headline);
    return [
      {
        errorType: asserted ? 'test_failure' : 'runtime',
        headline,
        // The quoted comparison is the assertion, not a value.
        shape: headline
          .replace(/[`']\(?(left|right) (==|!=) (left|right)\)?[`']/, '$1 $2 $3')
          .replace(/^(called .*? on an? .*? value): .*/, '$1')
          .replaceAll('`', ' '),
        frame: now === null ? frameOf(old?.[3], old?.[4]) : frameOf(now[2], now[3]),
        test: (now ?? old)?.[1],
      },
    ];
  });
}
