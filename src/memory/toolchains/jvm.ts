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

const JAVA_FRAME =
  /^\s+at (?!(?:app\/\/|java\.base\/)?(?:java|javax|jdk|sun|kotlin|scala|groovy|org\.(?:junit|opentest4j|hamcrest|assertj|mockito|apache\.maven|gradle))\.).*\((\w+\.(?:java|kt|scala|groovy)):(\d+)\)/;

/** javac, alone or under maven, gradle and ant; kotlinc too. */
function readCompiler(lines: readonly string[]): Finding[] {
  const found: Finding[] = [];
  lines.forEach((line, index) => {
    const [, path, at1, at2, message] =
      /^(?:\[ERROR\] )?(?:\[javac\] )?(\S+?\.(?:java|groovy|scala)):(?:(\d+)|\[(\d+)(?:,\d+)?\]):? (?:error: )?(.*)$/.exec(
        line,
      ) ?? [];
    const kotlin = /^e: (?:file:\/\/)?(\S+?\.kts?):(?:(\d+):\d+:?|\s*\((\d+), \d+\):) (.*)$/.exec(line);
    const text = message ?? kotlin?.[4];
    if (text === undefined || /^(?:warning|note)/.test(text)) return;
    const symbol = lines.slice(index + 1, index + 6).find((next) => /^\s*(?:\[ERROR\]\s+)?symbol:\s/.test(next));
    const kind = /symbol:\s+(\w+)/.exec(symbol ?? '')?.[1];
    const name = /symbol:\s+(.*)$/.exec(symbol ?? '')?.[1]?.trim();
    found.push({
      errorType: javaKind(text),
      headline: name === undefined ? text : `${text}: ${name}`,
      shape: (kind === undefined ? text : `${text}: ${kind}`)
        .replace(/^package \S+ does not exist/, 'package <name> does not exist')
        .replace(/(Unresolved reference:?) \S+/i, '$1 <name>')
        .replace(/^(\w+) (\S+) in (\w+) (\S+) cannot be applied.*/, '$1 in $3 cannot be applied')
        .replace(/^(class|interface|enum|record) \S+ is public.*/, '$1 <name> is public'),
      frame: frameOf(path ?? kotlin?.[1], at1 ?? at2 ?? kotlin?.[2] ?? kotlin?.[3]),
    });
  });
  // Maven says every compile error twice.
  return found.filter((one, index) => found.findIndex((other) => sameAs(one, other)) === index);
}

function sameAs(one: Finding, other: Finding): boolean {
  return (
    one.headline === other.headline && one.frame?.path === other.frame?.path && one.frame?.line === other.frame?.line
  );
}

function javaKind(message: string): ErrorType {
  if (/^package .* does not exist|cannot access|^Unresolved reference.*import/i.test(message)) return 'import';
  if (/expected$|illegal start|not a statement|reached end of file|unclosed|'else' without|^Expecting /.test(message))
    return 'syntax';
  return /cannot find symbol|incompatible types|cannot be applied|Unresolved reference|Type mismatch|unreported exception|does not override/i.test(
    message,
  )
    ? 'type'
    : 'build';
}

/** Exceptions with Java's stack traces, thrown by a program or inside a test. */
function readThrown(lines: readonly string[], more: Partial<Finding>): Finding | undefined {
  const isError = (line: string) =>
    /^\s*(?:Exception in thread "[^"]*" |Caused by: )?[a-z][\w]*(?:\.[\w$]+)+(?:Error|Exception|Failure|Failed\w*)\b/.test(
      line,
    );
  const at = lines.findIndex(
    (line) =>
      isError(line) || /^\s*(?:Error: Could not find or load main class|[A-Z]\w*(?:Error|Exception)(?::|$))/.test(line),
  );
  const first = lines[at]?.trim().replace(/^Exception in thread "[^"]*" /, '');
  if (first === undefined) return undefined;
  const cause = lines
    .slice(at + 1)
    .findLast((line) => /^\s*Caused by: /.test(line))
    ?.trim();
  const headline = cause === undefined ? first : `${first} (${cause})`;
  const compared = /AssertionFailedError|AssertionError|ComparisonFailure/.test(first);
  return {
    errorType: kindOf(first, 'runtime'),
    headline,
    shape: (compared ? first.replace(/<[^<>\n]*>/g, '<v>') : headline).replace(/^((?:\w+\.)*\w+: )?.*? ==> /, '$1'),
    frame: firstFrame(lines.slice(at), JAVA_FRAME),
    ...more,
  };
}

export const maven: Toolchain = {
  name: 'maven',
  language: 'java',
  programs: ['mvn', 'mvn test', 'mvn compile', 'mvn package', 'mvn verify', 'mvn install', 'mvn clean'],
  marks: /^\[(?:ERROR|INFO)\] (?:BUILD (?:FAILURE|SUCCESS)|COMPILATION ERROR|Tests run: )/m,
  read(lines) {
    const compiled = readCompiler(lines);
    if (compiled.length > 0) return compiled;
    const tests = blocksOf(
      lines,
      /^\[ERROR\] (?:\s*)(\S+?)(?:\((\S+)\))?\s+(?:--)?\s*Time elapsed: [\d.,]+ s(?:ec)?\s+<<< (?:FAILURE|ERROR)!/,
    )
      .filter(({ head }) => !head[0].includes('Tests run'))
      .flatMap(({ head, lines: block }) => readThrown(block, { test: head[1] }) ?? []);
    if (tests.length > 0) return tests;
    const goal = lines.find((line) =>
      /^\[ERROR\] (?:Failed to execute goal|Non-parseable POM|The build could not read|.*Could not resolve)/.test(line),
    );
    if (goal === undefined) return [];
    const headline = goal.replace(/^\[ERROR\] /, '').replace(/ -> \[Help \d+\]$/, '');
    return [
      {
        errorType: /resolve dependencies|Could not (?:find|resolve|transfer)/.test(headline) ? 'environment' : 'build',
        headline,
        shape: headline.replace(/\S+:\S+:\S+/g, '<name>'),
      },
    ];
  },
};

export const gradle: Toolchain = {
  name: 'gradle',
  language: 'java',
  programs: ['gradle', 'gradle test', 'gradle build', 'gradle check', 'gradle assemble'],
  marks: /^BUILD (?:FAILED|SUCCESSFUL) in |^> Task :|^FAILURE: Build failed/m,
  read(lines) {
    const compiled = readCompiler(lines);
    if (compiled.length > 0) return compiled;
    const tests = blocksOf(lines, /^(\S+) > (.+) FAILED$|^\* What went wrong:$/).flatMap(({ head, lines: block }) =>
      head[1] === undefined ? [] : (readThrown(block, { test: `${head[1]} > ${head[2]}` }) ?? []),
    );
    if (tests.length > 0) return tests;
    const at = lines.indexOf('* What went wrong:');
    if (at < 0) return [];
    const reason = lines
      .slice(at + 1, at + 8)
      .filter((line) => /^\s*> /.test(line))
      .at(-1)
      ?.replace(/^\s*> /, '');
    const headline = reason ?? nextText(lines, at + 1) ?? 'Build failed';
    return [
      {
        errorType: /Could not (?:resolve|find|GET|download)/.test(headline) ? 'environment' : 'build',
        headline,
        shape: headline.replace(/\S+:\S+:\S+?(?=[.\s]|$)/g, '<name>'),
      },
    ];
  },
};

export const javac: Toolchain = {
  name: 'javac',
  language: 'java',
  programs: ['javac', 'java', 'kotlinc', 'ant'],
  marks: /\.java:\d+: error: |^Exception in thread "|^\tat [\w.$]+\([\w.]+:\d+\)|^e: \S+\.kt/m,
  read(lines) {
    const compiled = readCompiler(lines);
    if (compiled.length > 0) return compiled;
    const thrown = readThrown(lines, {});
    return thrown === undefined ? [] : [thrown];
  },
};
