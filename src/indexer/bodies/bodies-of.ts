import type { Bodies } from './bodies.ts';
import { bodiesOfBraces } from './bodies-of-braces.ts';
import { bodiesOfCpp } from './bodies-of-cpp.ts';
import { bodiesOfEcma } from './bodies-of-ecma.ts';
import { bodiesOfPython } from './bodies-of-python.ts';
import { bodiesOfRuby } from './bodies-of-ruby.ts';
import type { EcmaLexis, IndentedLexis, Lexis } from './lexis.ts';

/**
 * Finds what of a text the grammar need not see; nothing where it cannot tell. What is left of the text has the same
 * symbols, imports, names and comments: a body with anything that may define something, or that may be a macro, stays.
 */
export function bodiesOf(lexis: Lexis | IndentedLexis | EcmaLexis, text: string): Bodies {
  switch (lexis.like) {
    case 'python':
      return bodiesOfPython(text);
    case 'ruby':
      return bodiesOfRuby(text);
    case 'ecma':
      return bodiesOfEcma(lexis, text);
    case 'cpp':
      return bodiesOfCpp(lexis, text);
    default:
      return bodiesOfBraces(lexis, text);
  }
}
