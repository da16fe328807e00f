import { type ErrorType, type Finding, kindOf, type Toolchain } from './toolchain.ts';

/** What shells and the system say, whatever was run. The shape keeps the case and drops the names. */
const CASES: ReadonlyArray<{ pattern: RegExp; errorType: ErrorType; shape: string }> = [
  {
    pattern:
      /(?:command not found|: not found$|is not recognized as an internal or external command|CommandNotFoundException|env: .*No such file)/,
    errorType: 'environment',
    shape: 'command not found',
  },
  {
    pattern:
      /syntax error near unexpected token|unexpected EOF while looking for|syntax error: unexpected|Syntax error: /,
    errorType: 'syntax',
    shape: 'shell syntax error',
  },
  {
    pattern: /EADDRINUSE|[Aa]ddress already in use|port is already (?:allocated|in use)/,
    errorType: 'environment',
    shape: 'address already in use',
  },
  {
    pattern:
      /ENOTFOUND|EAI_AGAIN|Could not resolve host|Temporary failure in name resolution|getaddrinfo|Name or service not known/,
    errorType: 'environment',
    shape: 'host not found',
  },
  {
    pattern: /ECONNREFUSED|[Cc]onnection refused|Failed to connect to|Couldn't connect to server/,
    errorType: 'environment',
    shape: 'connection refused',
  },
  {
    pattern: /ETIMEDOUT|[Cc]onnection timed out|Operation timed out/,
    errorType: 'environment',
    shape: 'connection timed out',
  },
  { pattern: /ENOSPC|[Nn]o space left on device/, errorType: 'environment', shape: 'no space left' },
  { pattern: /EMFILE|[Tt]oo many open files/, errorType: 'environment', shape: 'too many open files' },
  {
    pattern: /heap out of memory|[Cc]annot allocate memory|^Killed$|MemoryError/,
    errorType: 'environment',
    shape: 'out of memory',
  },
  {
    pattern: /Cannot connect to the Docker daemon|Is the docker daemon running/,
    errorType: 'environment',
    shape: 'docker daemon not running',
  },
  {
    pattern: /(?:EACCES|EPERM|[Pp]ermission denied|Operation not permitted)/,
    errorType: 'environment',
    shape: 'permission denied',
  },
  {
    pattern: /^(?:\S+: )?(?:line \d+: )?\S*\.(?:sh|py|js|rb|pl)\b.*No such file or directory/,
    errorType: 'environment',
    shape: 'script not found',
  },
  {
    pattern:
      /[Mm]issing (?:required )?environment variable|environment variable .* (?:is )?(?:not set|missing|required|undefined)|: unbound variable|parameter not set/,
    errorType: 'environment',
    shape: 'environment variable not set',
  },
];

export const shell: Toolchain = {
  name: 'shell',
  programs: ['curl', 'wget', 'docker', 'ssh'],
  marks: new RegExp(CASES.map(({ pattern }) => pattern.source).join('|'), 'm'),
  read(lines) {
    for (const { pattern, errorType, shape } of CASES) {
      const line = lines.find((text) => pattern.test(text));
      if (line !== undefined)
        return [
          { errorType, headline: line.trim(), exact: shape, test: /([^\s:]+): (?:command )?not found/.exec(line)?.[1] },
        ];
    }
    return [];
  },
};

/** A program nobody knows: its first line that announces an error, else its last that mentions one. */
export const anyProgram: Toolchain = {
  name: 'command',
  programs: [],
  marks: /(?!)/,
  read(lines): Finding[] {
    const announced = lines.find((line) =>
      /^\s*(?:\S+: )?(?:error|fatal|failed|failure|panic|exception|abort(?:ed)?)\b ?(?:\[[^\]]*\])?:? ?\S/i.test(line),
    );
    const mentioned = lines.findLast((line) =>
      /\b(?:error|fatal|exception|fail(?:ed|ure)?|panic|cannot|could not|unable to|not found|missing|invalid|undefined|denied)\b/i.test(
        line,
      ),
    );
    const headline = (announced ?? mentioned)?.trim();
    return headline === undefined ? [] : [{ errorType: kindOf(headline, 'runtime'), headline }];
  },
};
