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
