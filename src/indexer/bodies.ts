import type { Node, Range } from 'web-tree-sitter';
import { findBodiesOfCpp } from './bodies-of-cpp.ts';
import { bodiesOfEcma } from './bodies-of-ecma.ts';
import { bodiesOfPython } from './bodies-of-python.ts';
import { bodiesOfRuby } from './bodies-of-ruby.ts';
import { CodeLexer, END, type Span, WORD } from './code-lexer.ts';
import { within } from './code-lines.ts';
import { passBody } from './function-body.ts';
import {
  type EcmaLexis,
  type IndentedLexis,
  KEYWORD,
  type KeywordTable,
  type Lexis,
  LIST,
  SCOPE,
  SHORTEST,
  SHORTEST_LIST,
  TYPE,
  tableOf,
} from './lexis.ts';
import { lineWalker } from './line-walker.ts';

/**
 * What of a text the grammar need not see: insides of function bodies that define nothing, in some languages of lists
 * and the like, too, and the comments there.
 */
export interface Bodies {
  insides: readonly Span[];
  /** For each, where the body begins that the tree must show there, if one must. */
  starts: ReadonlyArray<number | undefined>;
  /** Which of those may be shown as another kind of node than a definition's body: the types, by the start. */
  nodes?: ReadonlyMap<number, readonly string[]>;
  comments: readonly Span[];
}

const OPEN = 40;
const CLOSE = 41;
const BRACE = 123;
const UNBRACE = 125;
const SEMICOLON = 59;
const DOT = 46;
const EQUALS = 61;
const GREATER = 62;

const tables = new Map<Lexis, KeywordTable>();

/**
 * Finds them; none where it cannot tell. What is left of the text has the same symbols, imports, names and comments:
 * a body with anything that may define something, or that may be a macro, is none.
 */
export function bodiesOf(lexis: Lexis | IndentedLexis | EcmaLexis, text: string): Bodies {
  if (lexis.like === 'python') return bodiesOfPython(text);
  if (lexis.like === 'ruby') return bodiesOfRuby(text);
  if (lexis.like === 'ecma') return bodiesOfEcma(lexis, text);
  const table = tables.get(lexis) ?? tableOf(lexis);
  tables.set(lexis, table);
  const lexer = new CodeLexer(text, lexis, table);
  // What stands before is no code.
  if (lexis.like === 'php') lexer.at = Math.max(0, text.indexOf('<?php')) + 5;
  const find = lexis.like === 'cpp' ? findBodiesOfCpp : findBodies;
  return find(lexer, lexis, text) ?? { insides: [], starts: [], comments: [] };
}

/** Walks through declarations; undefined when brackets do not match or the lexer is lost. */
function findBodies(lexer: CodeLexer, lexis: Lexis, text: string): Bodies | undefined {
  const insides: Span[] = [];
  const lists = new Map<number, readonly string[]>();
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
    if (token === OPEN || token === 91) {
      if (brackets++ === 0 && token === OPEN) {
        opened = last === WORD || last === GREATER;
        // A method may be called `record`; `fn(…)` is a type, and `function (…)` a closure.
        if (last === WORD && (lastKind & SCOPE) !== 0) scope = false;
        if (last === WORD && (lastKind & KEYWORD) !== 0 && lexis.like !== 'go') keyword = false;
      }
    } else if (token === CLOSE || token === 93) {
      if (--brackets < 0) return undefined;
      if (brackets === 0 && token === CLOSE && opened) called = true;
    } else if (brackets > 0) {
      if (token === BRACE) others = 1;
      else if (token === UNBRACE) return undefined;
    } else if (token === BRACE) {
      // `= {`: values.
      const isList = lexis.like === 'c' && last === EQUALS;
      const isFunction = lexis.keyword ? keyword && (lastKind & TYPE) === 0 : called && !scope && !value;
      if (isFunction || isList) {
        const start = lexer.at;
        const certain = passBody(lexer, lexis, text);
        if (lexer.lost) return undefined;
        if (certain && lexer.at - 1 - start >= (isList ? SHORTEST_LIST : SHORTEST)) {
          insides.push([start, lexer.at - 1]);
          if (isList) lists.set(start - 1, LIST);
        }
      } else if (scope && !value) scopes++;
      else others = 1;
      begin();
      continue;
    } else if (token === UNBRACE) {
      if (--scopes < 0) return undefined;
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
  return lexer.lost || others + scopes + brackets > 0
    ? undefined
    : { insides, starts: insides.map(([from]) => from - 1), nodes: lists, comments: within(insides, lexer.comments) };
}

const isLineStart = (text: string, at: number) => at === 0 || text.charCodeAt(at - 1) === 10;

/** Where a tree does not show what was left empty: neither among the bodies found in it, nor as another node. */
export function unseen({ starts, nodes }: Bodies, root: Node, found: ReadonlySet<number | undefined>): number[] {
  const isWithin = (start: number) =>
    nodes?.get(start)?.includes(root.descendantForIndex(start)?.parent?.type ?? '') === true;
  return starts.filter((start): start is number => start !== undefined && !found.has(start) && !isWithin(start));
}

/** All but the bodies that begin at these places. */
export function without({ insides, starts, nodes, comments }: Bodies, at: ReadonlySet<number>): Bodies {
  const isKept = (_: unknown, index: number) => !at.has(starts[index] ?? -1);
  const kept = insides.filter(isKept);
  return {
    insides: kept,
    starts: starts.filter(isKept),
    ...(nodes && { nodes }),
    comments: within(kept, comments),
  };
}

/** The ranges of a text that are left without some spans of it. */
export function around(spans: readonly Span[], text: string): Range[] {
  const ranges: Range[] = [];
  const pointAt = lineWalker(text);
  let startIndex = 0;
  for (const [from, to] of [...spans, [text.length, text.length] as const]) {
    const startPosition = pointAt(startIndex);
    ranges.push({ startIndex, startPosition, endIndex: from, endPosition: pointAt(from) });
    startIndex = to;
  }
  return ranges;
}
