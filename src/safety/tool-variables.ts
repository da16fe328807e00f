import type { Word } from './word.ts';

/** Names for any program at all, and for what is no program: they tell nothing. */
const GENERIC =
  /^(?:[A-Z]|[A-Z]?\d+|CMD|CMDS|CMDLINE|COMMANDS?|PROG|PROGRAM|EXEC|EXECUTABLE|RUN|RUNNER|ACTION|OP|OPERATION|TASK|SCRIPT|PAYLOAD|CODE|INPUT|ARGS?|ARGV|VAR|VALUE|TEXT|LINE|FOO|BAR|BAZ|X+|EVIL|UN(?:SET|DEFINED|KNOWN)\w*|EMPTY|NOTHING|THING|STUFF|VERB|DANGER|HIDDEN|SECRET)$/;

const OTHER_NAMES: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  py: 'python',
  tf: 'terraform',
  compose: 'docker-compose',
  cxx: 'g++',
  k8s: 'kubectl',
  chrome: 'google-chrome',
});

/**
 * The program that a variable of the environment is named after: `$CARGO`, `${RM}`, `$TERRAFORM_BIN`. Commands get their
 * environment from the user, and nobody names a variable `KUBECTL` for something else; undefined for names that may
 * stand for anything.
 */
export function namedProgram(text: string): string | undefined {
  const name = /^\$\{?([A-Z][A-Z0-9_]*)\}?$/.exec(text)?.[1];
  if (name === undefined || GENERIC.test(name)) return undefined;
  const stem = name.replace(/_?(?:BIN|CMD|COMMAND|EXE|EXECUTABLE|PATH|PROG|PROGRAM)$/, '');
  if (stem === '' || GENERIC.test(stem)) return undefined;
  const program = stem.toLowerCase().replaceAll('_', '-');
  return OTHER_NAMES[program] ?? program;
}

/** True when the words would do harm behind a program that removes files or runs text. */
export function areRisky(words: readonly Word[]): boolean {
  return words.some(
    ({ text, certain, head }, index) =>
      /^-[a-zA-Z]*[rR][a-zA-Z]*$|^--(?:recursive|force|no-preserve-root)$/.test(text) ||
      (/^-[a-z]*c$/.test(text) && /[\s;$]/.test(words[index + 1]?.text ?? '')) ||
      /^(?:\/(?!(?:tmp|usr|opt)\/|dev\/null)|~)/.test(certain ? text : head),
  );
}
