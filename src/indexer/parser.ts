import type { Node, QueryMatch, Tree } from 'web-tree-sitter';
import { around, type Bodies, NO_BODIES, unseen, without } from './bodies/bodies.ts';
import { bodiesOf } from './bodies/bodies-of.ts';
import { nestsDeeply } from './bracket-depth.ts';
import { cleanComment, firstParagraph, headEnds } from './comments.ts';
import { namesDeclared } from './declared-names.ts';
import { type Grammars, type LoadedGrammar, openGrammars } from './grammars.ts';
import { headOf } from './heads.ts';
import type { Language, SymbolKind } from './languages/language.ts';
import { type Above, lastRow, lastRows, leadFinder } from './leads.ts';
import { describeMacros } from './macros.ts';
import { type Described, nest } from './nest.ts';
import { parseWithPatterns } from './parse-with-patterns.ts';
import type { Span } from './spans.ts';
import { timeLimit } from './time-limit.ts';

/** A definition. Lines are 1-based and inclusive. */
export interface CodeSymbol {
  name: string;
  kind: SymbolKind;
  lineStart: number;
  lineEnd: number;
  /** From the head to where the body begins, on one line, at most 240 characters. */
  signature: string;
  /** The last line of the signature. */
  headEnd: number;
  /** The first line of the doc comment, decorators and attributes that belong to it; `lineStart` without any. */
  leadStart: number;
  /** The first paragraph of the doc comment, at most 240 characters; empty when there is none. */
  docstring: string;
  /** The type, module or function it belongs to. */
  parent?: string;
  exported: boolean;
  /** Defined inside a function's body: found by search, left out of outlines. */
  local: boolean;
}

/** What one file says about itself. */
export interface ParsedFile {
  symbols: CodeSymbol[];
  imports: string[];
  /** Names worth finding that are no definitions of their own: constants, fields, variables. */
  names: string[];
  /** Start and end offsets of the comments, in order. */
  comments: readonly Span[];
  /** How the symbols were found. */
  by: 'grammar' | 'patterns' | 'nothing';
}

export interface CodeParser {
  parse(language: Language, text: string): Promise<ParsedFile>;
  /** Loads a language's grammar, so that parsing need not wait for it. */
  prepare(language: Language): Promise<void>;
  /** Grammars that could not be used, in words. */
  readonly notes: readonly string[];
}

/** Reads definitions, imports and comments out of source text. Never throws because of what the text is. */
export function createParser(folders: { grammarsDir: string; treeSitterWasm: string }): CodeParser {
  const grammars: Grammars = openGrammars(folders.grammarsDir, folders.treeSitterWasm);
  return {
    notes: grammars.notes,
    async prepare(language) {
      await grammars.load(language);
    },
    async parse(language, text) {
      const grammar = await grammars.load(language);
      return (grammar && parseWithGrammar(grammar, language, text)) ?? parseWithPatterns(language, text);
    },
  };
}

function parseWithGrammar(grammar: LoadedGrammar, language: Language, text: string): ParsedFile | undefined {
  if (nestsDeeply(text)) return undefined;
  const code = language.onlyCode?.(text) ?? text;
  const progressCallback = timeLimit();
  const bodies = language.bodies ? bodiesOf(language.bodies, code) : NO_BODIES;
  const misleading = new Set<number>();
  const ask = (ranges: Bodies) =>
    askGrammar(grammar, language, { text, code, bodies: ranges, misleading, progressCallback });
  // What is not seen as a body is put back; the second or third time the rest is seen in nearly all files.
  for (let left = bodies, tries = 0; left.insides.length > 0 && tries < 3; tries++) {
    const parsed = ask(left);
    if (parsed) return parsed;
    const before = left.insides.length;
    left = without(bodies, misleading);
    if (left.insides.length === before) break;
  }
  return ask(NO_BODIES);
}

/** Undefined when the engine gives up, or is misled by what is left out; by which bodies, when that is known. */
function askGrammar(
  { parser, query }: LoadedGrammar,
  language: Language,
  {
    text,
    code,
    bodies,
    misleading,
    progressCallback,
  }: { text: string; code: string; bodies: Bodies; misleading: Set<number>; progressCallback: () => boolean },
): ParsedFile | undefined {
  let tree: Tree | null = null;
  try {
    const { insides } = bodies;
    const includedRanges = insides.length === 0 ? [] : around(insides, code);
    tree = parser.parse(code, null, { progressCallback, includedRanges });
    if (!tree) {
      parser.reset();
      return undefined;
    }
    const root = tree.rootNode;
    if (bodies.strict && root.hasError) return undefined;
    const lastRowOf = bodies.endsBehind ? lastRows(includedRanges) : lastRow;
    const matches = query.matches(root, { progressCallback });
    // When the time is up, the engine gives the matches found until then for all of them.
    if (progressCallback()) return undefined;
    return readMatches(matches, language, { text, bodies, misleading, root, lastRowOf });
  } catch {
    // The engine gives up on some inputs (out of memory, nesting too deep); patterns still find something.
    return undefined;
  } finally {
    // WASM memory is not garbage collected.
    tree?.delete();
  }
}

interface Definition {
  kind: SymbolKind;
  node: Node;
  name: Node;
  body: Node | undefined;
  /** Position of its pattern in the query. */
  rank: number;
}

/** What the matches of a file's query name. */
interface Found {
  /** By where their names begin. */
  definitions: Map<number, Definition>;
  comments: Map<number, Node>;
  leads: Node[];
  imports: Set<string>;
  names: Set<string>;
  declared: Node[];
  exportedNames: Set<string>;
}

function sortMatches(matches: readonly QueryMatch[], language: Language): Found {
  const definitions = new Map<number, Definition>();
  const comments = new Map<number, Node>();
  const leads: Node[] = [];
  const imports = new Set<string>();
  const names = new Set<string>();
  const declared: Node[] = [];
  const exportedNames = new Set<string>();
  for (const { captures, patternIndex } of matches) {
    let definition: { kind: SymbolKind; node: Node } | undefined;
    let name: Node | undefined;
    let body: Node | undefined;
    let value: Node | undefined;
    for (const { name: capture, node } of captures) {
      if (capture === 'name') name = node;
      else if (capture === 'body') body = node;
      else if (capture === 'value') value = node;
      else if (capture === 'comment') comments.set(node.startIndex, node);
      else if (capture === 'import') imports.add(node.text.replace(/^["'<]|["'>]$|^import\s+/g, '').slice(0, 200));
      else if (capture === 'also') names.add(node.text);
      else if (capture === 'declared') declared.push(node);
      else if (capture === 'members') {
        const owner = node.parent;
        const kind = owner ? language.owners?.[owner.type] : undefined;
        if (owner && kind) definition = { kind, node: owner };
        body = node;
      } else if (capture === 'lead') leads.push(node);
      else if (capture === 'exported') exportedNames.add(node.text);
      else if (!capture.startsWith('_')) definition = { kind: capture as SymbolKind, node };
    }
    if (definition && value) {
      const inner = language.value ? language.value(value) : value;
      if (!inner) continue;
      if (inner.type === 'class') definition.kind = 'class';
      body = inner.childForFieldName('body') ?? undefined;
    }
    // Two patterns may find one definition; the one that stands first in the query knows more.
    if (definition) {
      const { node } = definition;
      const named = name ?? node.childForFieldName('name') ?? node.childForFieldName('property') ?? node;
      body ??= node.childForFieldName('body') ?? undefined;
      const rank = definitions.get(named.startIndex)?.rank ?? Number.POSITIVE_INFINITY;
      if (patternIndex < rank)
        definitions.set(named.startIndex, { ...definition, name: named, body, rank: patternIndex });
    }
  }
  return { definitions, comments, leads, imports, names, declared, exportedNames };
}

function readMatches(
  matches: readonly QueryMatch[],
  language: Language,
  {
    text,
    bodies,
    misleading,
    root,
    lastRowOf,
  }: { text: string; bodies: Bodies; misleading: Set<number>; root: Node; lastRowOf: (node: Node) => number },
): ParsedFile | undefined {
  const { definitions, comments, leads, imports, names, declared, exportedNames } = sortMatches(matches, language);
  // Where the grammar sees no function around an inside, leaving it out may have misled it.
  const starts = new Set<number | undefined>();
  // An arrow's block may be taken for an object.
  for (const { kind, body } of definitions.values())
    if ((kind === 'function' || kind === 'method') && body?.type !== 'object') starts.add(body?.startIndex);
  const hidden = unseen(bodies, root, starts);
  for (const start of hidden) misleading.add(start);
  if (hidden.length > 0) return undefined;
  if (bodies.fits?.(definitions.values()) === false) return undefined;
  for (const name of namesDeclared(declared, definitions.values(), text)) names.add(name);
  for (const [, named] of language.moreImports ? text.matchAll(language.moreImports) : []) {
    if (named !== undefined) imports.add(named.slice(0, 200));
  }
  const sorted = [...comments.values()].sort((a, b) => a.startIndex - b.startIndex);
  const above = leadFinder(sorted, leads, { text, inside: bodies.comments });
  const ordered = [...definitions.values()].sort((a, b) => a.node.startIndex - b.node.startIndex);
  const spans = [...sorted.map((node): Span => [node.startIndex, node.endIndex]), ...bodies.comments].sort(
    ([a], [b]) => a - b,
  );
  const heads = headEnds(spans, text);
  const described = ordered.flatMap(
    (definition) => describe(definition, language, text, { above, heads, lastRowOf }) ?? [],
  );
  if (language.macros) {
    described.push(...describeMacros(text, language.macros, spans, above));
    described.sort((a, b) => a.start - b.start);
  }
  for (const { symbol } of described) names.delete(symbol.name);
  return {
    symbols: nest(described, exportedNames, language.asPublicAs),
    imports: [...imports],
    names: [...names],
    comments: spans,
    by: 'grammar',
  };
}

function describe(
  definition: Definition,
  language: Language,
  text: string,
  { above, heads, lastRowOf }: { above: Above; heads: (at: number) => number; lastRowOf: (node: Node) => number },
): Described | undefined {
  const { node, body } = definition;
  const refined = language.refine?.(definition.kind, node, definition.name);
  const kind = refined?.kind ?? definition.kind;
  // A definition without a name of its own (an anonymous struct) goes by what refining finds, or is none.
  const name = (refined?.name ?? (definition.name === node ? '' : definition.name.text))
    .replace(/^(["'`])([\s\S]*)\1$/, '$2')
    .slice(0, 200);
  if (name === '') return undefined;
  const head = headOf(node, language.annotations);
  const lineBegin = text.slice(head.startIndex - head.startPosition.column, head.startIndex);
  const prefix = language.prefix?.exec(lineBegin)?.[0] ?? '';
  const end = body && body.startIndex > head.startIndex ? heads(body.startIndex) : node.endIndex;
  const rawHead = text.slice(head.startIndex, Math.min(end, head.startIndex + 2000));
  const signature = `${prefix}${rawHead}`
    .replace(/\s+/g, ' ')
    .replace(/\s*(?:=>\s*)?[{:=;]?\s*$/, '')
    .trim()
    .slice(0, 240);
  const lead = above(node.startPosition.row);
  const doc = language.docstring?.(node) ?? lead.comments.map(cleanComment).join('\n');
  const lineStart = head.startPosition.row + 1;
  const lastLine = lastRowOf(node) + 1;
  return {
    symbol: {
      name,
      kind,
      lineStart,
      lineEnd: Math.max(lineStart, lastLine),
      signature,
      headEnd: Math.min(lastLine, lineStart + rawHead.trimEnd().split('\n').length - 1),
      leadStart: Math.min(lineStart, lead.row + 1),
      docstring: firstParagraph(doc),
      ...(refined?.parent === undefined ? {} : { parent: refined.parent }),
      exported: language.exported?.(name, signature) ?? false,
      local: false,
    },
    start: node.startIndex,
    end: node.endIndex,
  };
}
