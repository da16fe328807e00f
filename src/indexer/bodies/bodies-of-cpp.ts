import { type Bodies, NO_BODIES } from './bodies.ts';
import { CodeLexer } from './code-lexer.ts';
import { Insides } from './function-body.ts';
import { BEGINS, CONTROL, DEFINES, type Lexis, SCOPE } from './lexis.ts';
import { fitsAt } from './scan.ts';
import {
  BRACE,
  BRACKET,
  CLOSE,
  COLON,
  COMMA,
  END,
  EQUALS,
  GREATER,
  LESS,
  LITERAL,
  MINUS,
  OPEN,
  SEMICOLON,
  UNBRACE,
  UNBRACKET,
  WORD,
} from './tokens.ts';

/** The signs of an operator, behind the word. */
const OPERATOR = /\s*(?:\(\s*\)|[^\s\w(;{]+)?/y;

/** What makes a declaration out of a definition. */
const AFTER = /\s*;/y;

/**
 * Finds what `bodiesOf` finds, in C++; nothing when brackets do not match or the lexer is lost. What the grammar cannot
 * read in a body (macros that stand for half a statement) makes it end the function, and
 * what stands around it, too early or too late: there the file reads right without the body and wrong with it.
 */
export function bodiesOfCpp(lexis: Lexis, text: string): Bodies {
  const lexer = new CodeLexer(text, lexis);
  const insides = new Insides(lexer, lexis, text);
  // Braces in which declarations stand, braces in others, brackets, angles of a template's parameters.
  let scopes = 0;
  let others = 0;
  let brackets = 0;
  let angles = 0;
  // What the declaration at hand has shown so far: `=`, parameters, a word for a scope (a namespace's), a colon behind
  // such a word or behind parameters, and `operator`.
  let value = false;
  let called = false;
  let scope = false;
  let space = false;
  let bases = false;
  let members = false;
  let operator = false;
  // Of the parentheses at hand: whether a name stands before them, and whether this is a default.
  let opened = false;
  let byDefault = false;
  // Whether the word before is `template`.
  let template = false;
  let last = END;
  let lastKind = 0;
  const begin = () => {
    value = false;
    called = false;
    scope = false;
    space = false;
    bases = false;
    members = false;
    operator = false;
    last = END;
  };
  for (let token = lexer.next(); token !== END; token = lexer.next()) {
    if (others > 0) {
      if (token === BRACE) others++;
      else if (token === UNBRACE && --others === 0) last = UNBRACE;
      continue;
    }
    if (token === OPEN || token === BRACKET) {
      if (brackets++ === 0 && token === OPEN && angles === 0) {
        opened = operator || last === GREATER || (last === WORD && (lastKind & (CONTROL | DEFINES)) === 0);
        byDefault = false;
      }
    } else if (token === CLOSE || token === UNBRACKET) {
      if (--brackets < 0) return NO_BODIES;
      if (brackets === 0 && token === CLOSE && opened) called = true;
    } else if (brackets > 0) {
      // A literal is no parameter: `TEST_CASE("name") {` is a call of a macro and a block.
      if (token === LITERAL && !byDefault) opened = false;
      else if (brackets === 1 && token === EQUALS) byDefault = true;
      else if (brackets === 1 && token === COMMA) byDefault = false;
      if (token === BRACE) others = 1;
      else if (token === UNBRACE) return NO_BODIES;
    } else if (angles > 0) {
      // What a template takes is no part of what it makes.
      if (token === LESS) angles++;
      else if (token === GREATER && last !== MINUS) {
        if (--angles === 0) begin();
      } else if (token === BRACE) others = 1;
    } else if (token === BRACE) {
      if (value && last === EQUALS) insides.pass(true);
      else if (value || (members && (last === WORD || last === GREATER))) others = 1;
      // `name(…) try {`.
      else if (last === WORD && (lastKind & BEGINS) !== 0) {
        others = 1;
        begin();
      } else if (called && (!scope || (last === CLOSE && !bases && !space))) {
        insides.pass(value, (close) => endOfInside(text, close));
        begin();
      } else {
        if (scope) scopes++;
        else others = 1;
        begin();
      }
      continue;
    } else if (token === UNBRACE) {
      if (--scopes < 0) return NO_BODIES;
      begin();
      continue;
    } else if (token === SEMICOLON) {
      begin();
      continue;
    } else if (token === EQUALS) value = true;
    else if (token === COLON) {
      if (text.charCodeAt(lexer.at) === COLON) lexer.at++;
      else if (scope) bases = true;
      else if (called) members = true;
      else begin();
    } else if (token === LESS) {
      if (template) angles = 1;
    } else if (token === WORD) {
      if ((lexer.kind & SCOPE) !== 0) {
        begin();
        scope = true;
        space = text.startsWith('namespace', lexer.at - 9);
      } else if ((lexer.kind & DEFINES) !== 0 && text.startsWith('operator', lexer.at - 8)) {
        if (fitsAt(OPERATOR, text, lexer.at)) lexer.at = OPERATOR.lastIndex;
        operator = true;
      }
    }
    template = token === WORD && (lexer.kind & DEFINES) !== 0 && text.startsWith('template', lexer.at - 8);
    last = token;
    lastKind = lexer.kind;
  }
  return lexer.lost || others + scopes + brackets > 0 ? NO_BODIES : insides.bodies();
}

/** `int name() {};` is a function's head and a default value for the grammar: a semicolon that stays in tells it. */
function endOfInside(text: string, close: number): number {
  if (!fitsAt(AFTER, text, close + 1)) return close;
  const last = text.lastIndexOf(';', close);
  return /^;\s*$/.test(text.slice(last, close)) ? last : 0;
}
