/**
 * One word of a command as its program would get it, as far as that can be known beforehand.
 * What is only known when it runs stands as it was written: `$X`, `$(…)`.
 */
export interface Word {
  readonly text: string;
  /** True when `text` is exactly what runs. */
  readonly certain: boolean;
  /** The certain text before the first unknown piece; all of it when certain. */
  readonly head: string;
  /** The certain text behind the last unknown piece. */
  readonly tail: string;
  /** It holds an active `*`, `?` or `[…]`. */
  readonly glob: boolean;
  /** An unknown piece comes from a command's output or a file, not just from a variable of the environment. */
  readonly output: boolean;
  /** What reading this word as a file delivers: `<(…)`. */
  readonly stream?: Stream;
}

/** What is known of a program's input or output. */
export interface Stream {
  /** All of it, when it is a constant. */
  readonly text?: string;
  /** It holds something fetched from the network. */
  readonly downloaded?: boolean;
  /** It holds secrets; the name of where they come from. */
  readonly secret?: string;
  /** It holds file names that lie below this folder. */
  readonly namesBelow?: string;
  /** And these names end so: `*.pem`. */
  readonly namesLike?: string;
  /** It is the content of this file. */
  readonly file?: Word;
  /** It holds what stands in files, packed or not; the name of one. */
  readonly holds?: string;
  /** A number, a date, a commit: one plain token that is neither a path nor an option. */
  readonly plain?: boolean;
  /** What a well-known program prints for the shell to evaluate (`ssh-agent -s`). */
  readonly forShell?: boolean;
}

/** Longer output counts as unknown. */
const LONGEST_TEXT = 64 * 1024;

/** Nothing is known of it. */
export const UNKNOWN_STREAM: Stream = {};

/** A word that is exactly this text. */
export function literal(text: string): Word {
  return { text, certain: true, head: text, tail: text, glob: false, output: false };
}

/** A word of which only the beginning is known. */
export function startingWith(head: string, rest: string): Word {
  return { text: head + rest, certain: false, head, tail: '', glob: false, output: true };
}

/** One stream after the other, as of `{ a; b; }`. */
export function joinStreams(first: Stream, second: Stream): Stream {
  if (first.text === '') return second;
  if (second.text === '') return first;
  const secret = first.secret ?? second.secret;
  const holds = held(first) ?? held(second);
  return {
    ...(first.text !== undefined &&
      second.text !== undefined &&
      first.text.length + second.text.length <= LONGEST_TEXT && { text: first.text + second.text }),
    ...((first.downloaded || second.downloaded) && { downloaded: true }),
    ...(secret !== undefined && { secret }),
    ...(holds !== undefined && { holds }),
    ...(first.namesBelow !== undefined && first.namesBelow === second.namesBelow && { namesBelow: first.namesBelow }),
    ...(first.forShell && second.forShell && { forShell: true }),
  };
}

/** The name of a file of which the stream has some content. */
export function held({ holds, file }: Stream): string | undefined {
  return holds ?? file?.text;
}

/** Words as one line to read: quoted where that changes the meaning. */
export function lineOf(words: readonly Word[]): string {
  let line = '';
  for (const word of words) {
    const { text } = word;
    const quoted = text === '' || /[\s;&|<>()]/.test(text) ? `'${text}'` : text;
    line += line === '' ? quoted : ` ${quoted}`;
  }
  return line;
}
