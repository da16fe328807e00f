import {
  blocksOf,
  type ErrorType,
  type Finding,
  firstFrame,
  frameOf,
  kindOf,
  nextText,
  type Toolchain,
} from './toolchain.ts';

/** Words that Go's compiler and vet use themselves. They quote nothing, so every other word is a name. */
const GO_WORDS = new Set(
  `a all an and any argument arguments as assign assignment at be before bool but byte call calls can cannot case chan
  channel circular compare comparison composite const constant conversion convert cycle declared declaration default
  defer directory does duplicate element empty end error expected export exported expression field fields file find
  float32 float64 for format found func function go gomod go.mod goto got has have if implement import imported in
  index indirect initialization instantiate int int32 int64 interface invalid is it key label literal local loop main
  map method method(s) methods mismatch missing mixed module modules more most must name named named/unnamed negative
  new newline nil no non non-bool non-boolean non-constant non-interface non-name not number of on only operand
  operands operation operator option or out outside overflows package parameter pointer possible private provide
  provided provides range receiver redeclared reference required result return returned returns self-assignment select
  shadowed should slice specified statement std string struct switch syntax than that the this to too type type-check
  typed undefined unexported unexpected unkeyed unreachable untyped unused use used uses value values variable vendor
  verb want with without wrong`.split(/\s+/),
);

function withoutGoNames(message: string): string {
  return message
    .replace(/"[^"\n]*"|`[^`\n]*`/g, '<q>')
    .replace(/[\w./*&[\]{}-]*[\w)}\]*]/g, (word) => (GO_WORDS.has(word) || /^\W*$/.test(word) ? word : '<name>'))
    .replace(/<<name>>/g, '<q>');
}

export const goTool: Toolchain = {
  name: 'go',
  language: 'go',
  programs: ['go test', 'go build', 'go vet', 'go run', 'go install', 'golangci-lint', 'staticcheck', 'gotestsum'],
  marks:
    /^(?:ok|FAIL|---) .*\b(?:\d+\.\d+s|\[build failed\])|^--- FAIL: |^\?? +\S+\t\[no test files\]|^\.?\.?\/?\S+\.go:\d+:\d+: |^go: /m,
  read(lines) {
    const compile = lines.flatMap((line): Finding[] => {
      const [, path, at, message = ''] = /^(?:vet: )?((?:\.{0,2}\/)?[\w./@-]+\.go):(\d+):\d+: (.*)$/.exec(line) ?? [];
      if (path === undefined || message === 'too many errors') return [];
      const errorType: ErrorType = /^syntax error|^expected /.test(message)
        ? 'syntax'
        : /is not in (?:std|GOROOT)|no required module|cannot find (?:package|module)|import cycle/.test(message)
          ? 'import'
          : /undefined|cannot use|not enough arguments|too many arguments|mismatch|missing return|does not implement/.test(
                message,
              )
            ? 'type'
            : 'build';
      return [{ errorType, headline: message, shape: withoutGoNames(message), frame: frameOf(path, at) }];
    });
    if (compile.length > 0) return compile;
    const module = lines.find(
      (line) =>
        /^go: |^package \S+ is not in/.test(line) &&
        !/^go: (?:downloading|finding|extracting|added|upgraded)/.test(line),
    );
    const tests = readGoTests(lines);
    if (tests.length > 0 || module === undefined) return tests;
    return [{ errorType: kindOf(module, 'import'), headline: module, shape: withoutGoNames(module) }];
  },
};

function readGoTests(lines: readonly string[]): Finding[] {
  const panic = lines.findIndex((line) => /^panic: /.test(line));
  const found: Finding[] = [];
  for (const { head, lines: block } of blocksOf(lines, /^\s*--- (FAIL|PASS|SKIP): (\S+) \([\d.]+s\)$/)) {
    if (head[1] !== 'FAIL') continue;
    const [, path, at, said = ''] =
      block.map((line) => /^\s+(\S+_test\.go):(\d+): ?(.*)$/.exec(line)).find((match) => match !== null) ?? [];
    // A parent of failing subtests says nothing itself.
    if (path === undefined) continue;
    const trace = block.find((line) => /^\s+Error:\s+\S/.test(line))?.replace(/^\s+Error:\s+/, '');
    const headline = trace ?? (said.trim() === '' ? (nextText(block, 1) ?? 'test failed') : said.trim());
    found.push({ errorType: 'test_failure', headline, frame: frameOf(path, at), test: head[2], file: path });
  }
  const message = lines[panic];
  if (message === undefined) return found;
  const frame = firstFrame(lines.slice(panic), /^\s+(\S+\.go):(\d+)(?: \+0x|$)/);
  const headline = message.replace(/ \[recovered\].*$/, '');
  return [{ errorType: 'runtime', headline, frame, test: found[0]?.test }, ...found];
}

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

export const gcc: Toolchain = {
  name: 'gcc',
  language: 'c',
  programs: ['gcc', 'g++', 'cc', 'c++', 'clang', 'clang++', 'ld', 'ninja', 'cmake', 'ctest', 'meson'],
  marks:
    /^\S+\.(?:c|h|cc|cpp|cxx|hpp|hh|m|mm):\d+:\d+: (?:fatal )?error: |undefined reference to |^ld: |^CMake Error|^collect2: |AddressSanitizer|^make(?:\[\d+\])?: \*\*\* |tests? failed out of/m,
  read(lines) {
    const found = lines.flatMap((line): Finding[] => {
      const [, path, at, message] = /^(\S+?):(\d+):\d+: (?:fatal )?error: (.*)$/.exec(line) ?? [];
      if (message !== undefined)
        return [{ errorType: nativeKind(message), headline: message, frame: frameOf(path, at) }];
      const linked =
        /(undefined reference to|multiple definition of|undefined symbol:?|cannot find -l\S*|duplicate symbol) ?(.*)$/.exec(
          line,
        );
      if (linked !== null && /\bld\b|\.o\b|\.a\b|:\(|lld/.test(line)) {
        return [
          {
            errorType: 'build',
            headline: linked[0],
            shape: (linked[1] ?? '').replace(/-l\S*/, '<name>'),
            frame: firstFrame([line], /([\w./-]+\.\w+):(\d+): /),
          },
        ];
      }
      return [];
    });
    return found.length > 0 ? found : readNativeRun(lines);
  },
};

function nativeKind(message: string): ErrorType {
  if (/No such file or directory|file not found/.test(message)) return 'import';
  if (/^(?:expected|unterminated|missing terminating|stray|extraneous|invalid suffix)|before .* token/.test(message))
    return 'syntax';
  return /incompatible|cannot convert|no matching function|too (?:few|many) arguments|no member|undeclared|invalid conversion|no viable/.test(
    message,
  )
    ? 'type'
    : 'build';
}

/** What compiled programs say when they die, and what the builders around the compiler say. */
function readNativeRun(lines: readonly string[]): Finding[] {
  const at = lines.findIndex((line) =>
    /ERROR: \w+Sanitizer: |: runtime error: |^terminate called after|Assertion .* failed\.?|^CMake Error|Segmentation fault|^Undefined symbols for|^\[ {2}FAILED {2}\] \w|: Failure$/.test(
      line,
    ),
  );
  const line = lines[at];
  if (line !== undefined) {
    const what = lines
      .slice(at)
      .find((next) => /^\s+what\(\):/.test(next))
      ?.trim();
    const next = /^CMake Error|: Failure$|^Undefined symbols/.test(line) ? nextText(lines, at + 1) : what;
    const headline = [line.replace(/^==\d+==/, ''), next].filter((text) => text !== undefined).join(' ');
    const frame =
      firstFrame(lines.slice(at), /#\d+ 0x[0-9a-f]+ in .* (\S+?):(\d+)/) ??
      firstFrame([line], /^(?:\S+: )?(\S+?):(\d+):/);
    const failed = /Assert|Failure$|FAILED/.test(line);
    // The thrown class stands in quotes, and is the one quoted thing that must stay; addresses after a signal's name say nothing.
    const shape = headline
      .replace(
        /an instance of '([\w:]+)'/,
        (_, name: string) => `an instance of ${name.split('::').at(-1)?.replaceAll('_', ' ')}`,
      )
      .replace(/ on (?:unknown )?address .*/, '')
      .replace(/^\S+: (\S+?:\d+): .*?: Assertion .* failed\.?/, 'Assertion failed');
    return [
      {
        errorType: failed ? 'test_failure' : kindOf(headline, /CMake|Undefined/.test(line) ? 'build' : 'runtime'),
        headline,
        shape,
        frame,
      },
    ];
  }
  const make = lines.find((text) =>
    /^(?:g?make|mingw32-make)(?:\[\d+\])?: \*\*\* |^(?:ninja|meson): error: |^Makefile:\d+: \*\*\*/.test(text),
  );
  if (make === undefined) return [];
  // "Error 2" only repeats that something else failed; without a word of that something, the target is all there is.
  return [
    {
      errorType: 'build',
      headline: make.replace(/^\S+ \*\*\* /, ''),
      shape: make.replace(/\[[^\]]*\] (?=Error)/, '').replace(/ needed by .*?\./, ' needed.'),
    },
  ];
}
