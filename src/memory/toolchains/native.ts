import { type ErrorType, type Finding, firstFrame, frameOf, kindOf, nextText, type Toolchain } from './toolchain.ts';

export const gcc: Toolchain = {
  name: 'gcc',
  language: 'c',
  programs: ['gcc', 'g++', 'cc', 'c++', 'clang', 'clang++', 'ld', 'make', 'ninja', 'cmake', 'ctest', 'meson'],
  marks:
    /^\S+\.(?:c|h|cc|cpp|cxx|hpp|hh|m|mm):\d+:\d+: (?:fatal )?error: |undefined reference to |^ld: |^CMake Error|^collect2: |AddressSanitizer|^make(?:\[\d+\])?: \*\*\* |^\S*[Mm]akefile\S*:\d+: \*\*\* |tests? failed out of/m,
  read(lines) {
    const found = lines.flatMap((line): Finding[] => {
      const [, path, at, message] = /^(\S+?):(\d+):\d+: (?:fatal )?error: (.*)$/.exec(line) ?? [];
      if (message !== undefined) {
        // A warning that counts as an error comes on top of what is really wrong.
        const warning = /\[-Werror(?:=|,-W)([\w+-]+)/.exec(message)?.[1];
        const errorType = warning === undefined ? nativeKind(message) : 'lint';
        return [{ errorType, headline: message, exact: warning, frame: frameOf(path, at) }];
      }
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
    /^(?:g?make|mingw32-make)(?:\[\d+\])?: \*\*\* |^(?:ninja|meson): error: |^\S*[Mm]akefile\S*:\d+: \*\*\*/.test(text),
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
