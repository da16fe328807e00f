/** What kind of thing went wrong; stored, and shown by `nex errors`. */
export type ErrorType =
  | 'syntax'
  | 'runtime'
  | 'logic'
  | 'import'
  | 'test_failure'
  | 'type'
  | 'build'
  | 'lint'
  | 'environment';

/** A place in the project's own code. */
export interface Frame {
  path: string;
  line: number;
}

/** One thing that a tool complains about. */
export interface Finding {
  errorType: ErrorType;
  /** The decisive line, as the tool printed it. */
  headline: string;
  /** What the signature is made of, where the headline has too much or too little in it. */
  shape?: string | undefined;
  /** The innermost place that belongs to the project. */
  frame?: Frame | undefined;
  /** The kind of complaint in the tool's own fixed words, such as a lint rule; then nothing is folded. */
  exact?: string | undefined;
  /** The test that failed, or another name that the complaint is about and does not quote; and the test's file. */
  test?: string | undefined;
  file?: string | undefined;
}

/** A program that checks code, and how its complaints are read. */
export interface Toolchain {
  name: string;
  language?: string;
  /** Names under which it is called; see `Check.program`. */
  programs: readonly string[];
  /** Matches somewhere in its output, passing or failing; for when it was called through a script. */
  marks: RegExp;
  /** What it complains about, in its order. Empty: nothing wrong, or nothing understood. */
  read(lines: readonly string[]): Finding[];
}

const BY_NAME: ReadonlyArray<[RegExp, ErrorType]> = [
  [
    /SyntaxError|IndentationError|TabError|Parse ?Error|PARSE_ERROR|Parsing error|syntax error|Unexpected (?:token|identifier|end of input)|Transform failed/,
    'syntax',
  ],
  [
    /ModuleNotFoundError|ImportError|NoClassDefFoundError|ClassNotFoundException|LoadError|cannot load such file|Cannot find (?:module|package)|MODULE_NOT_FOUND|does not provide an export|ERR_PACKAGE_PATH|ERR_UNSUPPORTED_DIR_IMPORT|Failed to (?:resolve|load)|No module named|Could not load file or assembly/,
    'import',
  ],
  [
    /Assert(?:ion)?(?:Failed)?Error|ERR_ASSERTION|ComparisonFailure|AssertionFailedError|ExpectationNotMet/,
    'test_failure',
  ],
  [
    /EADDRINUSE|EACCES|EPERM|ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ENOSPC|EMFILE|PermissionError|ConnectionRefused|ConnectionError|ConnectException|UnknownHostException|[Aa]ddress already in use|[Cc]onnection refused|[Nn]o space left|[Pp]ermission denied|out of memory|OutOfMemoryError/,
    'environment',
  ],
];

/** The kind of an error by its class and message; `otherwise` when neither tells. */
export function kindOf(text: string, otherwise: ErrorType = 'runtime'): ErrorType {
  return BY_NAME.find(([pattern]) => pattern.test(text))?.[1] ?? otherwise;
}

/** Code that is not the project's: installed packages, standard libraries, the runtimes themselves. */
const FOREIGN =
  /node_modules|^node:|site-packages|dist-packages|\/lib\/python|lib\/ruby|\/gems\/|\/rustc\/|\.cargo\/registry|\/go\/pkg\/|\/usr\/(?:lib|local\/go|include)|vendor\/|<frozen|<anonymous|<string>|^\/?\.?pyenv/;

/** A place, unless it lies in code that is not the project's. */
export function frameOf(path: string | undefined, line: string | number | undefined): Frame | undefined {
  if (path === undefined || path === '' || FOREIGN.test(path)) return undefined;
  const clean = path
    .replace(/^file:\/\//, '')
    .replaceAll('\\', '/')
    .replace(/^\.\//, '');
  return { path: clean, line: Number(line) || 1 };
}

/** The first frame that `pattern` (path, line) finds in these lines and that is the project's. */
export function firstFrame(lines: readonly string[], pattern: RegExp): Frame | undefined {
  for (const line of lines) {
    const found = pattern.exec(line);
    const frame = found === null ? undefined : frameOf(found[1], found[2]);
    if (frame !== undefined) return frame;
  }
  return undefined;
}

/** The first line at or after `start` that has text, trimmed. */
export function nextText(lines: readonly string[], start: number, end = lines.length): string | undefined {
  for (let index = start; index < end; index++) {
    const text = lines[index]?.trim();
    if (text) return text;
  }
  return undefined;
}

/** Cuts lines into blocks that begin where `head` matches; what comes before the first is left out. */
export function blocksOf(
  lines: readonly string[],
  head: RegExp,
): Array<{ head: RegExpExecArray; lines: readonly string[] }> {
  const starts: Array<{ at: number; head: RegExpExecArray }> = [];
  lines.forEach((line, at) => {
    const found = head.exec(line);
    if (found !== null) starts.push({ at, head: found });
  });
  return starts.map(({ at, head: found }, index) => ({
    head: found,
    lines: lines.slice(at + 1, starts[index + 1]?.at ?? lines.length),
  }));
}
