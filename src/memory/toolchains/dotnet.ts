import { blocksOf, type Finding, firstFrame, frameOf, kindOf, nextText, type Toolchain } from './toolchain.ts';

export const dotnet: Toolchain = {
  name: 'dotnet',
  language: 'csharp',
  programs: ['dotnet build', 'dotnet test', 'dotnet run', 'msbuild', 'csc'],
  marks:
    /: error (?:CS|FS|BC|MSB|NU|NETSDK)\d+: |^(?:Failed!|Passed!)\s+- Failed:|^Unhandled exception\. |^Build (?:FAILED|succeeded)\.$/m,
  read(lines) {
    const compiled = lines.flatMap((line): Finding[] => {
      const [, path, at, code, message = ''] =
        /^\s*(?:(\S.*?)(?:\((\d+)(?:,\d+)*\))?\s*: )?error ((?:CS|FS|BC|MSB|NU|NETSDK|CA|IDE)\d+): (.*?)(?: \[[^\]]+\])?$/.exec(
          line,
        ) ?? [];
      if (code === undefined) return [];
      const errorType = /^CS(?:0246|0234)$/.test(code)
        ? 'import'
        : /^CS1\d{3}$/.test(code) && /expected|Invalid|Unexpected/i.test(message)
          ? 'syntax'
          : /^(?:NU|NETSDK|MSB)/.test(code)
            ? 'environment'
            : 'type';
      return [{ errorType, headline: `${code}: ${message}`, frame: frameOf(path, at) }];
    });
    // The build's summary repeats every error.
    if (compiled.length > 0)
      return compiled.filter(
        (one, index) =>
          compiled.findIndex((other) => other.headline === one.headline && other.frame?.line === one.frame?.line) ===
          index,
      );
    const frame = /^\s+at .* in (\S.*?\.(?:cs|fs|vb)):line (\d+)/;
    const tests = blocksOf(lines, /^\s*Failed (\S.*?) \[[^\]]*\]$/).flatMap(({ head, lines: block }): Finding[] => {
      const at = block.findIndex((line) => /^\s+Error Message:/.test(line));
      const said = nextText(block, at + 1);
      if (said === undefined) return [];
      const place = firstFrame(block, frame);
      return [
        {
          errorType: /^(?:Assert|Expected)|Assert\.| should /.test(said) ? 'test_failure' : kindOf(said, 'runtime'),
          headline: said,
          exact: /^Assert\.\w+/.exec(said)?.[0],
          shape: said.replace(/^(Expected) .*? (to|but)\b.*/, '$1 <v> $2'),
          frame: place,
          test: head[1],
          file: place?.path,
        },
      ];
    });
    if (tests.length > 0) return tests;
    const thrown = lines.find((line) => /^Unhandled exception\. /.test(line))?.replace(/^Unhandled exception\. /, '');
    return thrown === undefined
      ? []
      : [{ errorType: kindOf(thrown, 'runtime'), headline: thrown, frame: firstFrame(lines, frame) }];
  },
};
