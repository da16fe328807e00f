import type { Node } from 'web-tree-sitter';
import type { EcmaLexis, IndentedLexis, Lexis } from '../bodies/lexis.ts';

/** In the order that the stored index counts them by: new kinds go to the end. */
export const SYMBOL_KINDS = [
  'function',
  'method',
  'class',
  'interface',
  'struct',
  'enum',
  'union',
  'trait',
  'impl',
  'object',
  'type',
  'module',
  'namespace',
  'macro',
  'property',
  'rule',
] as const;
export type SymbolKind = (typeof SYMBOL_KINDS)[number];

/** What a language may say about a definition better than its query can. */
export interface Refinement {
  kind?: SymbolKind;
  name?: string;
  /** The type it belongs to, when it does not stand inside of it (`func (s *Server) Close()`). */
  parent?: string;
}

/**
 * One language: how its files are known and how its definitions are found.
 *
 * Captures of a query: a SymbolKind marks a definition. Its name and where its signature ends are the fields `name`
 * and `body` of the node, or the captures `@name`, `@body` and `@value` (whose body it is). Fields in a pattern are
 * dear: tree-sitter works out what each could stand for when the query is made, at every start that parses. It leaves
 * that out below a wildcard whose first child is an anchored one, `(_ . …)`, or a wildcard too, does it once for
 * alternatives that stand in one pattern, and a child by its place (`. (identifier)`) costs less than one by its field.
 * `@comment`, `@import` and `@lead` (decorators and attributes that stand before a definition) speak for themselves;
 * `@also` is a name worth finding that is no definition of its own (constants, fields); `@declared` begins with one, but
 * not inside of a function's body, where a variable may look like a function that is declared (`Type name(value);`);
 * `@members` is the body of the definition around it, whose kind `owners` tells; `@exported` names something that is
 * exported elsewhere than where it is defined.
 */
export interface Language {
  /** As index.json names it. */
  readonly name: string;
  /** Without the dot, lower case. */
  readonly extensions: readonly string[];
  /** Whole file names, lower case. */
  readonly fileNames?: readonly string[];
  /** Programs of a `#!` line. */
  readonly interpreters?: readonly string[];
  /** File name of the grammar, without its ending. Without one, `patterns` find the definitions. */
  readonly grammar?: string;
  readonly query?: string;
  readonly patterns?: readonly RegexPattern[];
  /** Starts of a comment that ends with its line; for languages without a grammar. */
  readonly lineComments?: readonly string[];
  /**
   * How to find the bodies of functions that need no parsing. Only for languages in which a few rules tell for certain
   * what a body defines.
   */
  readonly bodies?: Lexis | IndentedLexis | EcmaLexis;
  /** Blanks everything that the grammar cannot read, keeping every offset (a component's template). */
  readonly onlyCode?: (text: string) => string;
  /** Node types inside a definition that stand before its head: annotations, attributes. */
  readonly annotations?: readonly string[];
  /** What before the definition's node, on its line, belongs to its signature (`export default `). */
  readonly prefix?: RegExp;
  readonly exported?: (name: string, signature: string) => boolean;
  /** Kinds of types whose members are exported as they are, unless marked otherwise (an interface's methods). */
  readonly asPublicAs?: readonly SymbolKind[];
  /** What `@members` belong to, by the type of the node around them; nothing else with members is a definition. */
  readonly owners?: Readonly<Record<string, SymbolKind>>;
  /** Imports that are calls or expressions, found in the text; group 1 is what they name. */
  readonly moreImports?: RegExp;
  /** Macros of a preprocessor, each with all of its lines; group 1 is the name. */
  readonly macros?: RegExp;
  /** What a `@value` really is; undefined when it is neither function nor class, and nothing is defined then. */
  readonly value?: (node: Node) => Node | undefined;
  readonly docstring?: (definition: Node) => string | undefined;
  readonly refine?: (kind: SymbolKind, definition: Node, name: Node) => Refinement | undefined;
}

/** A definition found by its line; group `name` is its name. */
export interface RegexPattern {
  readonly kind: SymbolKind;
  readonly line: RegExp;
}

/** Kinds whose functions are methods. */
export const TYPE_KINDS: ReadonlySet<SymbolKind> = new Set([
  'class',
  'interface',
  'struct',
  'enum',
  'union',
  'trait',
  'impl',
  'object',
] as const);
