import { blocksOf, type Finding, frameOf, kindOf, nextText, type Toolchain } from './toolchain.ts';

/** The operators of an assertion; the values around them change from run to run. */
function withoutValues(message: string): string {
  const asserted = /^(?:AssertionError: )?assert (.*)$/s.exec(message)?.[1];
  const unequal = /^AssertionError: .* (!=|==|<|>|<=|>=|not found in|unexpectedly found in|is not|is) .*$/s.exec(
    message,
  )?.[1];
  if (asserted === undefined) return unequal === undefined ? message : `AssertionError: <v> ${unequal} <v>`;
  const operator = / (==|!=|<=|>=|<|>|not in|in|is not|is) /.exec(asserted)?.[1];
  if (operator !== undefined) return `assert <v> ${operator} <v>`;
  const call = /^(not )?(isinstance|issubclass|hasattr|callable|all|any|len)\(/.exec(asserted);
  return call === null
    ? `assert ${/^(?:not )?(?:False|None|True|0)$/.exec(asserted)?.[0] ?? '<v>'}`
    : `assert ${call[1] ?? ''}${call[2]}`;
}

function raised(headline: string, more: Partial<Finding>): Finding {
  const errorType = /^(?:assert |Failed: )/.test(headline) ? 'test_failure' : kindOf(headline, 'runtime');
  const shape = withoutValues(headline)
    .replace(/^Failed: DID NOT RAISE .*/, 'DID NOT RAISE')
    .replace(/^KeyError: .*/, 'KeyError: <q>')
    .replace(/No module named [^'"\s]+/, 'No module named <q>')
    .replace(/ \(unknown location\)| \(most likely due to a circular import\)/g, '');
  return { errorType, headline, shape, ...more };
}

export const pytest: Toolchain = {
  name: 'pytest',
  language: 'python',
  programs: ['pytest'],
  marks:
    /^=+ (?:test session starts|FAILURES|ERRORS|short test summary info) =+$|^=* ?\d+ (?:passed|failed|errors?)\b.* in [\d.]+s/m,
  read(lines) {
    const found: Finding[] = [];
    const end = lines.findIndex((line) => /^=+ short test summary info =+$/.test(line));
    const body = end < 0 ? lines : lines.slice(0, end);
    for (const { head, lines: block } of blocksOf(body, /^_{3,} (.+?) _{3,}$/)) {
      const at = block.findIndex((line) => /^E {1,}\S/.test(line));
      const headline =
        block[at]?.replace(/^E\s+/, '').trim() ?? block.find((line) => /^[\w.]*(?:Error|Exception)\b/.test(line));
      if (headline === undefined) continue;
      const places = block.flatMap((line) => {
        const [, path, number] = /^(\S+\.pyi?):(\d+): /.exec(line) ?? [];
        return frameOf(path, number) ?? [];
      });
      const title = head[1] ?? '';
      const file = /^ERROR collecting (\S+)/.exec(title)?.[1];
      found.push(
        raised(headline, {
          frame: places.at(-1),
          test: file === undefined ? title.replace(/^ERROR at (?:setup|teardown) of /, '') : undefined,
          file: file ?? places[0]?.path,
        }),
      );
    }
    // With `--tb=line` or `no` the long form is missing for some or all; the summary names every test once.
    const known = new Set(found.map(({ test }) => test?.split(/[.:]/).at(-1)));
    const rest =
      end < 0 ? [] : readSummary(lines).filter(({ test }) => test !== undefined && !known.has(test.split('::').at(-1)));
    return found.length > 0 ? [...found, ...rest] : readSummary(lines);
  },
};

function readSummary(lines: readonly string[]): Finding[] {
  const found = lines.flatMap((line): Finding[] => {
    const [, file, test, headline] = /^(?:FAILED|ERROR) (\S+?\.py)(?:::(\S+))?(?: - (.*))?$/.exec(line) ?? [];
    return headline === undefined ? [] : [raised(headline, { file, test, frame: frameOf(file, 1) })];
  });
  if (found.length > 0) return found;
  const loose = lines.find((line) => /^E {1,}\S/.test(line))?.replace(/^E\s+/, '');
  if (loose !== undefined) return [raised(loose, {})];
  const usage = lines.find((line) => /^ERROR: (?!.*py::)/.test(line));
  return usage === undefined ? python.read(lines) : [{ errorType: 'environment', headline: usage }];
}

export const unittest: Toolchain = {
  name: 'unittest',
  language: 'python',
  programs: ['unittest', 'python manage.py', 'django-admin'],
  marks: /^Ran \d+ tests? in [\d.]+s$/m,
  read(lines) {
    const found: Finding[] = [];
    for (const { head, lines: block } of blocksOf(lines, /^(?:ERROR|FAIL): (.+)$/)) {
      const end = block.findIndex((line) => /^={10,}$|^Ran \d+ tests? in/.test(line));
      const [first] = python.read(block.slice(0, end < 0 ? block.length : end));
      if (first !== undefined) found.push({ ...first, test: head[1] });
    }
    return found.length > 0 ? found : python.read(lines);
  },
};

/** The interpreter itself: tracebacks, syntax errors, missing modules. */
export const python: Toolchain = {
  name: 'python',
  language: 'python',
  programs: ['python'],
  marks: /^Traceback \(most recent call last\):|^ {2}File "[^"]+", line \d+|No module named /m,
  read(lines) {
    const start = lines.findLastIndex((line) =>
      /^\s*(?:Traceback \(most recent call last\):|File "[^"]+", line \d+)/.test(line),
    );
    if (start < 0) {
      const missing = lines.find((line) => /No module named /.test(line))?.replace(/^\S+: /, '');
      return missing === undefined ? [] : [raised(missing, {})];
    }
    const isError = (line: string) => /^(?:[A-Za-z_][\w.]*)(?:: .*)?$/.test(line) && !line.startsWith('Traceback');
    const at = lines.findIndex((line, index) => index > start && isError(line));
    const headline = lines[at] ?? nextText(lines, start + 1);
    if (headline === undefined) return [];
    const places = lines.slice(0, at < 0 ? lines.length : at).flatMap((line) => {
      const [, path, number] = /^\s*File "([^"]+)", line (\d+)/.exec(line) ?? [];
      return frameOf(path, number) ?? [];
    });
    // "The above exception was the direct cause": the one that started it tells apart what was wrapped alike.
    const cause = lines
      .slice(0, start)
      .findLast((line) => /^[\w.]+(?:Error|Exception)\b/.test(line))
      ?.split(':')[0];
    const whole = raised(headline, { frame: places.at(-1) });
    return [
      cause === undefined
        ? whole
        : { ...whole, headline: `${headline} (from ${cause})`, shape: `${whole.shape} from ${cause}` },
    ];
  },
};

export const mypy: Toolchain = {
  name: 'mypy',
  language: 'python',
  programs: ['mypy', 'dmypy', 'pyright', 'basedpyright'],
  marks: /^Found \d+ errors? in \d+ files?|^Success: no issues found|^\d+ errors?, \d+ warnings?, /m,
  read: (lines) =>
    lines.flatMap((line): Finding[] => {
      const [, path, at, message = '', code] =
        /^\s*(\S.*?\.pyi?):(\d+)(?::\d+)?(?::| -) error: (.*?)(?:\s+[[(]([\w-]+)[\])])?$/.exec(line) ?? [];
      if (path === undefined) return [];
      const missing = /import-|ImportError|reportMissing/.test(code ?? '');
      return [
        {
          errorType: code === 'syntax' ? 'syntax' : missing ? 'import' : 'type',
          headline: code === undefined ? message : `${message} [${code}]`,
          shape: `${code ?? ''} ${message}`,
          frame: frameOf(path, at),
        },
      ];
    }),
};

export const ruff: Toolchain = {
  name: 'ruff',
  language: 'python',
  programs: ['ruff', 'ruff check', 'ruff format', 'flake8', 'black', 'pylint'],
  marks: /^Found \d+ errors?\.$|^All checks passed!$|^\d+ files? (?:would be reformatted|already formatted)|^Oh no! /m,
  read(lines) {
    const found: Finding[] = [];
    const add = (code: string, message: string, path: string | undefined, at: string | undefined) => {
      const broken = code === 'invalid-syntax' || code === 'E999';
      found.push({
        errorType: broken ? 'syntax' : 'lint',
        headline: `${code} ${message}`,
        exact: broken ? undefined : code,
        shape: message,
        frame: frameOf(path, at),
      });
    };
    lines.forEach((line, index) => {
      const short = /^(\S.*?\.pyi?):(\d+):\d+: ([A-Z]+\d+|invalid-syntax):? (?:\[\*\] )?(.*)$/.exec(line);
      const long = /^([A-Z]+\d+|invalid-syntax|unformatted):? (?:\[\*\] )?(.*)$/.exec(line);
      const place = /^\s+--> (\S+?):(\d+):\d+$/.exec(lines[index + 1] ?? '');
      const plain = /^[Ww]ould reformat:? (\S+)$/.exec(line);
      if (short !== null) add(short[3] ?? '', short[4] ?? '', short[1], short[2]);
      else if (long !== null && place !== null) add(long[1] ?? '', long[2] ?? '', place[1], place[2]);
      else if (plain !== null) add('unformatted', 'File would be reformatted', plain[1], '1');
    });
    return found;
  },
};
