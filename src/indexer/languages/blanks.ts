/** As long as a piece of text, with its line breaks: what a grammar shall not see, without moving what follows. */
export const blanks = (text: string): string => text.replace(/[^\r\n]+/g, (run) => ' '.repeat(run.length));
