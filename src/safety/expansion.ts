import type { Word as SourceWord, WordPart } from 'unbash';
import { parse } from 'unbash';
import { expandBraces } from './braces.ts';
import type { Expander } from './expander.ts';
import type { FieldWriter } from './fields.ts';
import { fieldWriter } from './fields.ts';
import { expandParameter } from './parameters.ts';
import type { Stream, Word } from './word.ts';
import { literal, UNKNOWN_STREAM } from './word.ts';

const PLAIN_WORD = /^[\w@%+=:,./-]+$/;

/** The fields that the shell makes of one written word: none, one or several. */
export function expandWord(word: SourceWord, expander: Expander): readonly Word[] {
  if (PLAIN_WORD.test(word.text)) return [literal(word.text)];
  const { parts } = word;
  if (parts === undefined) return [protectTilde(literal(word.value), word)];
  if (parts.some(({ type }) => type === 'BraceExpansion')) return expandBracedWord(word, expander);
  const writer = fieldWriter();
  for (const part of parts) writePart(part, expander, writer, false);
  const fields = writer.finish();
  const first = fields[0];
  if (first?.text.startsWith('~')) fields[0] = protectTilde(first, word);
  return fields;
}

/** The one value that a word has where no splitting happens: in assignments, redirects, here-strings. */
export function expandValue(word: SourceWord, expander: Expander): Word {
  if (PLAIN_WORD.test(word.text)) return literal(word.text);
  const { parts } = word;
  if (parts === undefined) return protectTilde(literal(word.value), word);
  const writer = fieldWriter();
  writer.keep();
  for (const part of parts) writePart(part, expander, writer, true);
  return protectTilde(writer.finish()[0] ?? literal(''), word);
}

/** The text of an unquoted here-document, or of any run of parts where quotes mean nothing. */
export function expandText(parts: readonly WordPart[], expander: Expander): Word {
  const writer = fieldWriter();
  writer.keep();
  for (const part of parts) writePart(part, expander, writer, true);
  return writer.finish()[0] ?? literal('');
}

// A quoted or escaped tilde is a name like any other; `~` at the head of our words always means the home folder.
function protectTilde(word: Word, source: SourceWord): Word {
  if (!word.text.startsWith('~') || source.text.startsWith('~')) return word;
  const first = source.parts?.[0];
  const inner = first?.type === 'DoubleQuoted' ? first.parts[0] : first;
  // Text out of a variable was expanded when the variable was set.
  if (inner !== undefined && inner.type !== 'Literal' && inner.type !== 'SingleQuoted' && inner.type !== 'AnsiCQuoted')
    return word;
  return { ...word, text: `./${word.text}`, head: `./${word.head}`, tail: word.certain ? `./${word.tail}` : word.tail };
}

function expandBracedWord(word: SourceWord, expander: Expander): readonly Word[] {
  const alternatives = expandBraces(word.text);
  if (alternatives === undefined) {
    expander.giveUp('too many braces');
    return [{ text: word.text, certain: false, head: '', tail: '', glob: true, output: true }];
  }
  return alternatives.flatMap((source) => {
    const command = parse(`: ${source}`).commands[0]?.command;
    const written = command?.type === 'Command' ? command.suffix[0] : undefined;
    if (written === undefined) return [];
    if (written.type !== 'Word') {
      expander.giveUp('braces');
      return [literal(source)];
    }
    // What was not expanded the first time (`{}`, `{x}`) is literal text.
    const parts = written.parts?.filter(({ type }) => type === 'BraceExpansion') ?? [];
    return parts.length > 0 ? [literal(written.value)] : expandWord(written, expander);
  });
}

function writePart(part: WordPart, expander: Expander, writer: FieldWriter, quoted: boolean): void {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      if (part.type !== 'Literal') writer.keep();
      return writer.add(part.value);
    case 'Glob':
      return quoted ? writer.add(part.value) : writer.addGlob(part.value);
    case 'DoubleQuoted':
    case 'LocaleString':
      if (!isList(part.parts)) writer.keep();
      for (const inner of part.parts) writePart(inner, expander, writer, true);
      return;
    case 'SimpleExpansion':
    case 'ParameterExpansion':
      return expandParameter(part, expander, writer, quoted);
    case 'CommandExpansion':
      return writeOutput(expander.substitute(part.script, part), part.text, writer, quoted);
    case 'ArithmeticExpansion':
      if (part.expression !== undefined) expander.substitute(undefined, part.expression);
      return writer.addUnknown(part.text, 'plain');
    case 'ProcessSubstitution':
      writer.deliver(expander.substitute(part.script, part));
      return writer.add('/dev/fd/63');
    case 'ExtendedGlob':
      for (const inner of part.parts ?? []) writePart(inner, expander, fieldWriter(), true);
      return writer.addGlob(part.text);
    case 'BraceExpansion':
      return writer.add(part.text);
  }
}

/** `"$@"` alone may vanish altogether, `""` does not. */
function isList(parts: readonly WordPart[]): boolean {
  const only = parts.length === 1 ? parts[0] : undefined;
  if (only?.type === 'SimpleExpansion') return only.text === '$@';
  return only?.type === 'ParameterExpansion' && (only.parameter === '@' || only.index?.value === '@');
}

function writeOutput(stream: Stream, source: string, writer: FieldWriter, quoted: boolean): void {
  const { text } = stream;
  if (text !== undefined) {
    const value = text.replace(/\n+$/, '');
    return quoted ? writer.add(value) : writer.addSplit(value, ' \t\n');
  }
  if (stream !== UNKNOWN_STREAM) writer.deliver(stream);
  if (stream.namesBelow !== undefined) writer.add(`${stream.namesBelow}/`);
  writer.addUnknown(source, stream.plain ? 'plain' : 'output');
}
