import type { Node } from 'web-tree-sitter';
import { blanks } from './blanks.ts';
import { throughConditionals } from './conditionals.ts';
import type { Language, Refinement, SymbolKind } from './language.ts';

/** What C and C++ share; functions and typedefs name themselves in `refineDeclarator`. */
export const cQuery = `
(function_definition) @function
[(field_declaration_list) (enumerator_list)] @members
(type_definition declarator: (_) @name) @type
(preproc_include path: (_) @import)
(enumerator . (_) @also)
(function_declarator) @declared
(translation_unit (_ declarator: [(identifier) @also (init_declarator declarator: (identifier) @also)]))
(comment) @comment
`;

/** What a list of members belongs to, by the type of its node. */
export const owners: Readonly<Record<string, SymbolKind>> = {
  struct_specifier: 'struct',
  union_specifier: 'union',
  enum_specifier: 'enum',
  class_specifier: 'class',
};

/** Macros are found by their lines: they may stand where the grammar expects none (in a list of enumerators). */
export const macros = /^[ \t]*#[ \t]*define[ \t]+(\w+)(?:.*\\\r?\n)*.*/gm;
export const NOT_INCLUDED = /^#\s*(?:define|undef|pragma|error|warning|line)\b/;

const NAMES = new Set([
  'primitive_type',
  'identifier',
  'field_identifier',
  'type_identifier',
  'destructor_name',
  'operator_name',
]);
/** What broken code puts where a name belongs. */
const NO_NAMES =
  /^(?:if|else|for|while|do|switch|case|return|catch|void|int|char|long|short|bool|float|double|unsigned|signed|const|static|inline|struct|union|enum|class|namespace|template|typename|typedef|noexcept|sizeof|extern|operator)$/;
const MACRO = /^[A-Z][A-Z0-9_]+$/;

/** Functions and typedefs are named deep inside: follows pointer, parenthesis and function declarators down to it. */
export function refineDeclarator(_kind: SymbolKind, definition: Node, name: Node): Refinement | undefined {
  if (!/^(?:function|type)_definition$/.test(definition.type)) return undefined;
  // A typedef may have several.
  let node = definition.type === 'type_definition' ? name : definition.childForFieldName('declarator');
  if (MACRO.test(node?.childForFieldName('declarator')?.text ?? '')) {
    const tested = nameFromMacro(definition, node);
    if (tested !== undefined) return { name: tested };
  }
  let parent: string | undefined;
  for (let depth = 0; node && depth < 12; depth++) {
    if (NAMES.has(node.type)) {
      const found = node.text.replace(/\s+/g, ' ');
      return NO_NAMES.test(found) ? { name: '' } : { name: found, ...owner(parent) };
    }
    if (node.type === 'operator_cast') {
      let taken: Node | null = node;
      while (taken && !taken.childForFieldName('parameters'))
        taken = taken.childForFieldName('declarator') ?? taken.lastNamedChild;
      const end = taken?.childForFieldName('parameters')?.startIndex ?? node.endIndex;
      return {
        name: node.text
          .slice(0, end - node.startIndex)
          .replace(/\s+/g, ' ')
          .trim(),
        ...owner(parent),
      };
    }
    if (node.type === 'template_function') node = node.childForFieldName('name');
    else if (node.type === 'qualified_identifier') {
      parent = node.childForFieldName('scope')?.text.replace(/<[\s\S]*$/, '') ?? parent;
      node = node.childForFieldName('name');
    } else node = node.childForFieldName('declarator') ?? node.firstNamedChild;
  }
  return { name: '' };
}

/**
 * `TEST(Suite, works) {` is called `Suite.works`: a function without a type whose name is a macro's defines what it is
 * given. In a body (`FMT_CATCH(...) {`) it defines nothing, nor without names; undefined when it has a type.
 */
function nameFromMacro(definition: Node, declarator: Node | null): string | undefined {
  if (definition.type !== 'function_definition' || definition.childForFieldName('type')) return undefined;
  if (definition.parent?.type === 'compound_statement') return '';
  const given = declarator?.childForFieldName('parameters')?.namedChildren.map(({ text }) => text) ?? [];
  return given.length > 0 && given.every((text) => /^\w+$/.test(text)) ? given.slice(0, 2).join('.') : '';
}

/**
 * Blanks macros that stand where the grammar expects a type, a name or a body (`EXPORT_API int run(`,
 * `class EXPORT_API Server {`, `DECLARE_LIST(a, b)` alone on a line, `void run() LOCKS(mutex) {`): it cannot know that
 * they expand to nothing it needs.
 */
export function blankMacros(text: string): string {
  return (
    blankAttributes(text)
      .replace(
        /^[A-Z][A-Z0-9_]{3,}(?=[ \t]+[A-Za-z_]\w*[ \t\r\n*&]+(?:[A-Za-z_][\w \t*&:]*\(|\(\w+\)[ \t]*\())/gm,
        blanks,
      )
      .replace(
        /^[ \t]*(?:[A-Z][A-Z0-9]*_[A-Z0-9_]*|[A-Z][A-Z0-9_]{2,}\([^;{}\n]*\);?)[ \t]*(?:\/\/.*|\/\*.*\*\/[ \t]*)?\r?$(?!\s*[{,=+\-|?.)])/gm,
        (line, at: number) => (standsAlone(text, line, at) ? blanks(line) : line),
      )
      .replace(
        /(?<=\b(?:class|struct)[ \t]+(?:\[\[\w+\]\][ \t]*)?)[A-Z][A-Z0-9_]{2,}(?:\([^()\n]*\))?(?=[ \t]+(?:\[\[\w+\]\][ \t]*)?[A-Za-z_][\w:]*[^;(){}=]{0,200}\{)/g,
        blanks,
      )
      // `typedef REMOVE_CONST(T) Bare;`: a type without what it is made of.
      .replace(/(?<=\btypedef[ \t]+(?:typename[ \t]+)?[A-Z][A-Z0-9_]+)\([^()\n]*\)/g, blanks)
      .replace(/(?<=\()[A-Z][A-Z0-9_]{3,}(?=[ \t]*\*[ \t]*\w+\)[ \t]*\()/g, blanks)
      .replace(
        /\b[A-Z][A-Z0-9_]{3,}\([^;{}()\n]*\)(?=\s*(?:\{|=\s*0))(?<=\)\s*(?:(?:const|override|noexcept)\s+)*[A-Z0-9_]+\([^;{}()\n]*\))/g,
        blanks,
      )
  );
}

/** An attribute is given numbers alone (`void printflike(1, 2) log(`), parameters would have names. */
function blankAttributes(text: string): string {
  // Most files have none: looking for the numbers costs a third of looking for the whole.
  if (!/\([ \t]*\d+[ \t]*(?:,[ \t]*\d+[ \t]*)*\)\s+\*?[A-Za-z_]\w*[ \t]*\(/.test(text)) return text;
  return text.replace(/\b[A-Za-z_]\w*\([ \t]*\d+[ \t]*(?:,[ \t]*\d+[ \t]*)*\)(?=\s+\*?[A-Za-z_]\w*[ \t]*\()/g, blanks);
}

/** Whether a macro that fills its line is no part of an expression, a list or a head that goes on. */
function standsAlone(text: string, line: string, at: number): boolean {
  if (!/^\s/.test(line)) return true;
  // A call, which the grammar can read.
  if (/\);/.test(line)) return false;
  let end = at - 1;
  for (let lines = 0; end > 0 && lines < 30; lines++) {
    const start = text.lastIndexOf('\n', end - 1) + 1;
    const code = text
      .slice(start, end)
      .replace(/\/\/.*|\/\*.*?\*\//g, '')
      .trim();
    if (code.endsWith('*/')) end = Math.max(0, text.lastIndexOf('/*', end));
    else if (code !== '' && !code.startsWith('#')) return /[;{}:>]$/.test(code);
    else end = start - 1;
  }
  return true;
}

const owner = (parent: string | undefined): Refinement =>
  parent === undefined ? {} : { kind: 'method', parent: parent.replace(/^.*::/, '') };

export const c: Language = {
  name: 'c',
  extensions: ['c', 'h'],
  grammar: 'c',
  query: cQuery,
  exported: (_name, signature) => !/\bstatic\b/.test(signature),
  refine: refineDeclarator,
  onlyCode: (text) =>
    throughConditionals(blankMacros(text), {
      dead: /^#\s*if(?:\s+0\b|def\s+__cplusplus\b|\s+defined\s*\(?\s*__cplusplus\b)/,
      others: NOT_INCLUDED,
    }),
  macros,
  owners,
  bodies: {
    like: 'c',
    control: 'if for while switch',
    scopes: 'extern',
    types: 'struct union enum',
    defines: 'typedef _Atomic asm __asm__ __asm __attribute__',
    begins: 'return case goto sizeof else do default break continue',
    methods: true,
    macros: true,
    directives: true,
  },
};
