import { type Bodies, NO_BODIES } from './bodies.ts';
import { CodeLexer } from './code-lexer.ts';
import { Insides } from './function-body.ts';
import { KEYWORD, type Lexis, SCOPE, TYPE } from './lexis.ts';
import {
  BRACE,
  BRACKET,
  CLOSE,
  DOT,
  END,
  EQUALS,
  GREATER,
  NEWLINE,
  OPEN,
  SEMICOLON,
  UNBRACE,
  UNBRACKET,
  WORD,
} from './tokens.ts';

/** Finds what `bodiesOf` finds in languages with braces; nothing when brackets do not match or the lexer is lost. */
export function bodiesOfBraces(lexis: Lexis, text: string): Bodies {
  const lexer = new CodeLexer(text, lexis);
  const insides = new Insides(lexer, lexis, text);
  // Braces in which declarations stand, braces in others, brackets.
  let scopes = 0;
  let others = 0;
  let brackets = 0;
  // What the declaration at hand has shown so far.
  let value = false;
  let called = false;
  let scope = false;
  let keyword = false;
  let opened = false;
  let last = END;
  let lastKind = 0;
  const begin = () => {
    value = false;
    called = false;
    scope = false;
    keyword = false;
    last = END;
  };
  for (let token = lexer.next(); token !== END; token = lexer.next()) {
    if (others > 0) {
      if (token === BRACE) others++;
      else if (token === UNBRACE) others--;
      continue;
    }
    if (token === OPEN || token === BRACKET) {
      if (brackets++ === 0 && token === OPEN) {
        opened = last === WORD || last === GREATER;
        // A method may be called `record`; `fn(…)` is a type, and `function (…)` a closure.
        if (last === WORD && (lastKind & SCOPE) !== 0) scope = false;
        if (last === WORD && (lastKind & KEYWORD) !== 0 && lexis.like !== 'go') keyword = false;
      }
    } else if (token === CLOSE || token === UNBRACKET) {
      if (--brackets < 0) return NO_BODIES;
      if (brackets === 0 && token === CLOSE && opened) called = true;
    } else if (brackets > 0) {
      if (token === BRACE) others = 1;
      else if (token === UNBRACE) return NO_BODIES;
    } else if (token === BRACE) {
      // `= {`: values.
      const isList = lexis.like === 'c' && last === EQUALS;
      const isFunction = lexis.keyword ? keyword && (lastKind & TYPE) === 0 : called && !scope && !value;
      if (isFunction || isList) insides.pass(isList);
      else if (scope && !value) scopes++;
      else others = 1;
      begin();
      continue;
    } else if (token === UNBRACE) {
      if (--scopes < 0) return NO_BODIES;
      begin();
      continue;
    } else if (token === SEMICOLON) {
      begin();
      continue;
    } else if (token === EQUALS) value = true;
    else if (token === WORD) {
      if (last === DOT) lexer.kind = 0;
      if ((lexer.kind & KEYWORD) !== 0 && (lexis.like !== 'go' || isLineStart(text, lexer.at - 4))) {
        begin();
        keyword = true;
      }
      if ((lexer.kind & SCOPE) !== 0) scope = true;
    }
    last = token;
    lastKind = lexer.kind;
  }
  return lexer.lost || others + scopes + brackets > 0 ? NO_BODIES : insides.bodies();
}

const isLineStart = (text: string, at: number) => at === 0 || text.charCodeAt(at - 1) === NEWLINE;
