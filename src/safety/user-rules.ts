import { NexError } from '../errors.ts';

/** The user's own rules, compiled: tested on every resolved simple command. */
export interface UserRules {
  readonly ask: readonly RegExp[];
  readonly deny: readonly RegExp[];
}

const LONGEST_PATTERN = 500;

/**
 * Compiles `[safety] ask` and `deny` of a settings file; `origin` names that file.
 * Throws NexError(config) for a pattern that is no regular expression or could take for ever.
 */
export function compileUserRules(
  sources: { ask?: readonly string[] | undefined; deny?: readonly string[] | undefined },
  origin: string,
): UserRules {
  const compile = (key: 'ask' | 'deny') =>
    (sources[key] ?? []).map((source) => compilePattern(source, `${origin}: [safety] ${key}`));
  return { ask: compile('ask'), deny: compile('deny') };
}

/** Both files' rules together: a project adds, it takes nothing away. */
export function joinUserRules(first: UserRules, second: UserRules): UserRules {
  return { ask: [...first.ask, ...second.ask], deny: [...first.deny, ...second.deny] };
}

function compilePattern(source: string, place: string): RegExp {
  if (source.length > LONGEST_PATTERN) {
    throw new NexError('config', `${place}: a pattern is longer than ${LONGEST_PATTERN} characters.`, {
      hint: 'Split it into several patterns.',
    });
  }
  // `(a+)+b` takes exponential time on a string that almost matches, and a cloned repository may bring one.
  if (
    /\([^()]*[+*}][^()]*\)\s*[+*{]/.test(source.replace(/\\./g, '_')) ||
    /\([^()]*\|[^()]*\)\s*[+*{]/.test(source.replace(/\\./g, '_'))
  ) {
    throw new NexError('config', `${place}: the pattern ${source} repeats a group that itself repeats or branches.`, {
      hint: 'Such patterns can take for ever; write it without the outer + or *.',
    });
  }
  try {
    return new RegExp(source);
  } catch (cause) {
    throw new NexError('config', `${place}: ${source} is not a regular expression.`, {
      hint: 'Escape characters such as ( [ * + ? with a backslash.',
      cause,
    });
  }
}
