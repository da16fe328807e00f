import type { Node } from 'web-tree-sitter';
import type { Language, Refinement, SymbolKind } from './language.ts';

/** What C and C++ share; functions and typedefs name themselves in `refineDeclarator`. */
export const cQuery = `
(function_definition) @function
(struct_specifier body: (field_declaration_list)) @struct
(union_specifier body: (field_declaration_list)) @union
(enum_specifier body: (enumerator_list)) @enum
(type_definition) @type
(preproc_function_def) @macro
(preproc_include path: (_) @import)
(preproc_def) @macro
(enumerator name: (_) @also)
(declaration declarator: [
  (function_declarator declarator: (identifier) @also)
  (pointer_declarator declarator: (function_declarator declarator: (identifier) @also))])
(translation_unit (_ declarator: [(identifier) @also (init_declarator declarator: (identifier) @also)]))
(comment) @comment
`;

const NAMES = new Set(['identifier', 'field_identifier', 'type_identifier', 'destructor_name', 'operator_name']);

/** Functions and typedefs are named deep inside: follows pointer, parenthesis and function declarators down to it. */
export function refineDeclarator(_kind: SymbolKind, definition: Node): Refinement | undefined {
  if (!/^(?:function|type)_definition$/.test(definition.type)) return undefined;
  let node = definition.childForFieldName('declarator');
  let parent: string | undefined;
  for (let depth = 0; node && depth < 12; depth++) {
    if (NAMES.has(node.type)) return { name: node.text.replace(/\s+/g, ' '), ...owner(parent) };
    if (node.type === 'operator_cast') return { name: node.text.replace(/\s*\([\s\S]*$/, ''), ...owner(parent) };
    if (node.type === 'template_function') node = node.childForFieldName('name');
    else if (node.type === 'qualified_identifier') {
      parent = node.childForFieldName('scope')?.text.replace(/<[\s\S]*$/, '') ?? parent;
      node = node.childForFieldName('name');
    } else node = node.childForFieldName('declarator') ?? node.firstNamedChild;
  }
  return { name: '' };
}

/**
 * Blanks macros that stand where the grammar expects a type, a name or a body (`EXPORT_API int run(`,
 * `class EXPORT_API Server {`, `DECLARE_LIST(a, b)` alone on a line, `void run() LOCKS(mutex) {`): it cannot know that
 * they expand to nothing it needs.
 */
export function blankMacros(text: string): string {
  return text
    .replace(/^[A-Z][A-Z0-9_]{3,}(?=[ \t]+[A-Za-z_]\w*[ \t\r\n*&]+[A-Za-z_][\w \t*&:]*\()/gm, blanks)
    .replace(/^[A-Z][A-Z0-9_]{2,}\([^;{}\n]*\)[ \t]*$(?!\s*\{)/gm, blanks)
    .replace(/(?<=\b(?:class|struct)[ \t]+)[A-Z][A-Z0-9_]{2,}(?=[ \t]+[A-Za-z_][\w:]*[^;(){}=]{0,200}\{)/g, blanks)
    .replace(
      /\b[A-Z][A-Z0-9_]{3,}\([^;{}()\n]*\)(?=\s*\{)(?<=\)\s*(?:const\s+|override\s+)?[A-Z0-9_]+\([^;{}()\n]*\))/g,
      blanks,
    );
}

const blanks = (word: string) => ' '.repeat(word.length);

const owner = (parent: string | undefined): Refinement =>
  parent === undefined ? {} : { kind: 'method', parent: parent.replace(/^.*::/, '') };

export const c: Language = {
  name: 'c',
  extensions: ['c', 'h'],
  grammar: 'c',
  query: cQuery,
  exported: (_name, signature) => !/\bstatic\b/.test(signature),
  refine: refineDeclarator,
  onlyCode: blankMacros,
  bodies: {
    like: 'c',
    control: 'if for while switch',
    scopes: 'extern',
    types: 'struct union enum',
    defines: 'typedef asm __asm__ __asm __attribute__',
    begins: 'return case goto sizeof else do default break continue',
    methods: true,
    macros: true,
    directives: true,
  },
};
