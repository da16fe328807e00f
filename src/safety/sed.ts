/** What a sed script does beside editing its stream. */
export interface SedScript {
  /** Text that it gives to a shell (`e`, `s///e`); empty text when that is the edited line itself. */
  readonly commands: readonly string[];
  readonly writes: readonly string[];
  readonly reads: readonly string[];
  /** False when there is something in it that this reader does not know. */
  readonly understood: boolean;
}

/** Reads a sed script closely enough to know which commands it holds. */
export function readSedScript(script: string): SedScript {
  const commands: string[] = [];
  const writes: string[] = [];
  const reads: string[] = [];
  let at = 0;
  const result = (understood: boolean) => ({ commands, writes, reads, understood });
  const restOfLine = () => {
    const end = script.indexOf('\n', at);
    const rest = script.slice(at, end === -1 ? undefined : end).trim();
    at = end === -1 ? script.length : end + 1;
    return rest;
  };

  while (at < script.length) {
    const addressed = skipAddress(script, at);
    if (addressed === undefined) return result(false);
    at = addressed;
    const command = script.charAt(at++);
    if (command === '' || '{};'.includes(command)) continue;
    if (command === '#') restOfLine();
    else if ('pPdDgGhHxnNlzF='.includes(command)) at += /^[ \t\d]*/.exec(script.slice(at, at + 16))?.[0].length ?? 0;
    else if ('qQ'.includes(command)) at += /^[ \t\d]*/.exec(script.slice(at, at + 16))?.[0].length ?? 0;
    else if ('aic'.includes(command)) {
      // A backslash at the line's end carries the text on.
      let text = restOfLine();
      while (text.endsWith('\\') && at < script.length) text = restOfLine();
    } else if ('btT:'.includes(command)) at += /^[^;\n}]*/.exec(script.slice(at))?.[0].length ?? 0;
    else if ('wW'.includes(command)) writes.push(restOfLine());
    else if ('rR'.includes(command)) reads.push(restOfLine());
    else if (command === 'e') commands.push(restOfLine());
    else if (command === 's' || command === 'y') {
      const delimiter = script.charAt(at);
      const middle = behindDelimiter(script, at + 1, delimiter);
      const end = middle === undefined ? undefined : behindDelimiter(script, middle, delimiter);
      if (end === undefined || delimiter === '' || delimiter === '\n') return result(false);
      const flags = /^[gpiImMe\d]*/.exec(script.slice(end, end + 32))?.[0] ?? '';
      at = end + flags.length;
      if (flags.includes('e')) commands.push('');
      if (script.charAt(at) === 'w') {
        at++;
        writes.push(restOfLine());
      }
    } else return result(false);
    const behind = /^[ \t]*/.exec(script.slice(at, at + 64))?.[0].length ?? 0;
    if (behind > 0 && at < script.length) at += behind;
    if (at < script.length && !/[;}\n{#]/.test(script.charAt(at)) && script.charAt(at - 1) !== '\n')
      return result(false);
  }
  return result(true);
}

/** The index behind blanks, `;` and an address such as `1,$`, `/x/I`, `\,x,!`. */
function skipAddress(script: string, from: number): number | undefined {
  let at = from;
  for (;;) {
    const character = script.charAt(at);
    if (character !== '' && ' \t\n;,!~+$0123456789'.includes(character)) at++;
    else if (character === '/' || character === '\\') {
      const delimiter = character === '/' ? '/' : script.charAt(at + 1);
      const end = behindDelimiter(script, at + (character === '/' ? 1 : 2), delimiter);
      if (end === undefined) return undefined;
      at = end;
      while (/[IM]/.test(script.charAt(at))) at++;
    } else return at;
  }
}

function behindDelimiter(script: string, from: number, delimiter: string): number | undefined {
  let inBrackets = false;
  for (let at = from; at < script.length; at++) {
    const character = script.charAt(at);
    if (character === '\\') at++;
    else if (inBrackets) inBrackets = character !== ']';
    else if (character === delimiter) return at + 1;
    else if (character === '[' && script.indexOf(']', at + 2) !== -1) {
      inBrackets = true;
      // A bracket directly behind `[` or `[^` belongs to the set.
      if (script.charAt(at + 1) === '^') at++;
      if (script.charAt(at + 1) === ']') at++;
    }
  }
  return undefined;
}
