import { blocksOf, type Finding, firstFrame, frameOf, kindOf, nextText, type Toolchain } from './toolchain.ts';

/** `at total (file:///x/cart.mjs:1:36)`, `at src/sum.js:1:28`, and vitest's `❯ total a.test.ts:2:31`. */
const FRAME = /^\s*(?:at (?:.*\()?|❯ (?:\S.* )?)((?:file:\/\/|node:)?[^\s():]*[^\s()]*?):(\d+):\d+\)?/;

/** What V8 says with a bare name in it, and chai with values; quoted names are folded anyway. */
function withoutNames(message: string): string {
  const expectation = /^(?:AssertionError: )?expected .*? ((?:not )?to|not to) (.*)$/s.exec(message);
  if (expectation !== null) {
    const wanted = expectation[2]?.replace(
      /^((?:not )?(?:strictly |deeply |loosely )?(?:be(?: an instance of)?|equal|eql|contain|include|match|have [a-z ]+?)) .*?(?: \/\/ (.*))?$/s,
      '$1 <v> $2',
    );
    return `expected <v> ${expectation[1]} ${wanted}`;
  }
  return message
    .replace(/\S+ is not defined/, '<name> is not defined')
    .replace(/\S.* is not (a function|a constructor|iterable|async iterable)/, '<name> is not $1');
}

/** An error as it was thrown: its first line decides, with the next when that one only announces it. */
function thrown(headline: string, more: Partial<Finding>): Finding {
  const shape = withoutNames(headline.replace(/^Uncaught /, ''));
  return { errorType: kindOf(headline, 'runtime'), headline, shape, ...more };
}

function isAnnouncement(line: string): boolean {
  return /^(?:Error: Transform failed with|.*(?:equal|match|assertion|error|errors|values):$)/.test(line);
}

export const vitest: Toolchain = {
  name: 'vitest',
  language: 'typescript',
  programs: ['vitest', 'vite test'],
  marks: /^[ \t]*(?:RUN|DEV)\s+v\d|^[ \t]*Test Files\s+\d+ (?:passed|failed)|^[ \t]*FAIL\s+\S+ (?:> |\[ )/m,
  read(lines) {
    const found: Finding[] = [];
    for (const { head, lines: block } of blocksOf(
      lines,
      /^\s*FAIL\s+(?:\|\S+\|\s+)?(\S+\.\w+)\s*(?:\[[^\]]*\]|> (.*))?$|^⎯+ (Unhandled \w+) ⎯+/,
    )) {
      const at = block.findIndex((line) => line.trim() !== '' && !/^⎯/.test(line.trim()));
      const first = block[at]?.trim();
      // Several failing tests with one cause are listed one below the other; the cause follows the last.
      if (first === undefined) continue;
      const next = nextText(block, at + 1);
      const headline = isAnnouncement(first) && next !== undefined ? `${first} ${next}` : first;
      const frame = firstFrame(block, FRAME) ?? firstFrame(block, /(?:\[ |File: )(\S+?):(\d+):\d+/);
      const shape = /^Error: Transform failed/.test(first) ? { shape: next } : {};
      found.push({ ...thrown(headline, { frame, file: head[1], test: head[2] }), ...shape });
    }
    return found;
  },
};

export const jest: Toolchain = {
  name: 'jest',
  language: 'javascript',
  programs: ['jest', 'react-scripts test'],
  marks: /^Test Suites: \d|^[ \t]+● .+ › |^[ \t]+● Test suite failed to run/m,
  read(lines) {
    const found: Finding[] = [];
    let file: string | undefined;
    for (const { head, lines: block } of blocksOf(
      lines,
      /^(?:FAIL|PASS)\s+(\S+)|^ {2}● (.+)$|^(?:Test Suites:|Summary of all failing tests)/,
    )) {
      if (head[1] !== undefined) file = head[1].replace(/^\.\//, '');
      const test = head[2];
      if (test === undefined || test.startsWith('Console')) continue;
      const first = nextText(block, 0);
      if (first === undefined) continue;
      const parse = block.find((line) => /^\s+SyntaxError: /.test(line))?.trim();
      const values = block
        .filter((line) => /^\s+(?:Expected|Received)\b.*?: /.test(line))
        .slice(0, 2)
        .map((line) => line.trim());
      const headline = parse ?? [first.replace(/^thrown: "?/, ''), ...values].join(' ');
      found.push({
        ...thrown(headline, {
          frame: firstFrame(block, FRAME) ?? firstFrame(block, /SyntaxError: (\S+?): .*\((\d+):\d+\)/),
          file,
          test: test === 'Test suite failed to run' ? undefined : test,
        }),
        ...(first.startsWith('expect(') && { errorType: 'test_failure' as const, shape: first }),
      });
    }
    return found;
  },
};

export const nodeTest: Toolchain = {
  name: 'node:test',
  language: 'javascript',
  programs: ['node --test'],
  marks: /^[ℹ#] duration_ms \d|^TAP version \d+|^✖ failing tests:/m,
  read(lines) {
    const found = lines.some((line) => line.startsWith('✖ failing tests:')) ? readSpec(lines) : readTap(lines);
    // A file that could not even be loaded is only "test failed" here; what it printed says why.
    return found.length > 0 ? found : node.read(lines);
  },
};

function readSpec(lines: readonly string[]): Finding[] {
  const found: Finding[] = [];
  for (const { head, lines: block } of blocksOf(lines, /^test at (.+?):\d+:\d+$/)) {
    const at = block.findIndex((line) => /^✖ /.test(line));
    const first = nextText(block, at + 1);
    if (first === undefined || first === "'test failed'") continue;
    const second = nextText(block, block.findIndex((line) => line.trim() === first) + 1);
    const test = block[at]?.replace(/^✖ /, '').replace(/ \([\d.]+m?s\)$/, '');
    const whole = isAnnouncement(first) && second !== undefined ? `${first} ${second}` : first;
    found.push({
      ...thrown(whole, { frame: firstFrame(block, FRAME), test, file: head[1] }),
      shape: withoutNames(first),
    });
  }
  return found;
}

function readTap(lines: readonly string[]): Finding[] {
  const found: Finding[] = [];
  for (const { head, lines: rest } of blocksOf(lines, /^\s*(?:not ok|ok) \d+(?: - (.*))?$/)) {
    if (!head[0].trimStart().startsWith('not ok')) continue;
    const end = rest.findIndex((line) => line.trim() === '...');
    const block = rest.slice(0, end < 0 ? rest.length : end);
    const field = (name: string) => {
      const at = block.findIndex((line) => line.trimStart().startsWith(`${name}: `));
      const value = block[at]?.trim().slice(name.length + 2);
      return value?.startsWith('|') ? nextText(block, at + 1) : value?.replace(/^(['"])(.*)\1$/, '$2');
    };
    const message = field('error');
    if (message === undefined || field('failureType') === 'subtestsFailed' || message === 'test failed') continue;
    const code = field('code');
    const kind = `${field('name') ?? 'Error'}${code?.startsWith('ERR_ASSERTION') ? ` [${code}]` : ''}`;
    const frame = firstFrame(block, /^\s+(?:async )?(?:.*\()?((?:file:\/\/)?[^\s():]+):(\d+):\d+\)?$/);
    found.push(
      thrown(`${kind}: ${message}`, { frame, test: head[1], file: field('location')?.replace(/:\d+:\d+$/, '') }),
    );
  }
  return found;
}

export const mocha: Toolchain = {
  name: 'mocha',
  language: 'javascript',
  programs: ['mocha'],
  marks: /^[ \t]+\d+ passing \(/m,
  read(lines) {
    const start = lines.findIndex((line) => /^\s+\d+ failing$/.test(line));
    if (start < 0) return node.read(lines);
    const found: Finding[] = [];
    for (const { lines: block } of blocksOf(lines.slice(start), /^ {2}\d+\) /)) {
      const at = block.findIndex((line) => /^\s+(?:\S.*)?(?:Error|Exception)\b.*$/.test(line));
      const headline = block[at]?.trim() ?? nextText(block, 1);
      if (headline === undefined) continue;
      const test = block
        .slice(0, at)
        .map((line) => line.trim())
        .join(' ')
        .trim()
        .replace(/:$/, '');
      found.push(thrown(headline, { frame: firstFrame(block, FRAME), test }));
    }
    return found;
  },
};

/** Node itself, and what else runs JavaScript with V8's stack traces. */
export const node: Toolchain = {
  name: 'node',
  language: 'javascript',
  programs: ['node', 'deno run', 'bun run', 'ts-node', 'tsx'],
  marks: /^Node\.js v\d|^[ \t]+at .+\(?(?:file:\/\/|node:|\/|[A-Z]:\\|\.)[^\n]*:\d+:\d+\)?$/m,
  read(lines) {
    const stack = lines.findIndex((line) => /^\s+at .+:\d+:\d+\)?(?: \{)?$/.test(line));
    const before = lines.slice(0, stack < 0 ? lines.length : stack);
    const isError = (line: string) =>
      /^(?:Uncaught )?\[?[A-Za-z_$][\w$.]*(?: \[\w+\])?: \S|^\[?\w*Error\]?$/.test(line) && !line.startsWith('node:');
    const at = before.findLastIndex((line) => isError(line) && /Error|Exception/.test(line.split(': ')[0] ?? ''));
    const place = at >= 0 ? at : before.findLastIndex(isError);
    const first = before[place]?.replace(/^\[(.*)\](?: \{)?$/, '$1');
    if (first === undefined || (stack < 0 && at < 0)) return [];
    const cause = lines
      .find((line) => /^\s+\[cause\]: /.test(line))
      ?.trim()
      .replace(/^\[cause\]: /, '');
    const headline = cause === undefined ? first : `${first} (cause: ${cause})`;
    const importer = / imported from (\S+)$/.exec(first)?.[1];
    const frame =
      frameOf(importer, 1) ?? firstFrame(lines, FRAME) ?? firstFrame(before, /^((?:file:\/\/)?\/\S+?):(\d+)$/);
    return [thrown(headline, { frame })];
  },
};
