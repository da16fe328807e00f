import type { Node } from 'web-tree-sitter';
import type { Language } from './language.ts';

/** A value that may be a function or a class, perhaps in parentheses or with a type put on it. */
const VALUE = (wrapped: readonly string[]) =>
  `[${['arrow_function', 'function_expression', 'generator_function', 'class', 'parenthesized_expression', ...wrapped]
    .map((type) => `(${type})`)
    .join(' ')}] @value`;

/** What JavaScript and TypeScript share; `wrapped` are what may stand around a function besides parentheses. */
export const ecmaQuery = (wrapped: readonly string[] = []) => `
(function_declaration) @function
(generator_function_declaration) @function
(class_declaration) @class
(method_definition) @method
(class_body (_ value: (_) @value) @method)
(variable_declarator value: ${VALUE(wrapped)}) @function
(assignment_expression right: ${VALUE(wrapped)}) @function
(export_statement "default" @name value: ${VALUE(wrapped)}) @function

(import_statement source: (_) @import)
(export_statement source: (_) @import)
(export_specifier name: (identifier) @exported)
(program (lexical_declaration (variable_declarator name: (identifier) @also)))
(program (variable_declaration (variable_declarator name: (identifier) @also)))
(export_statement (lexical_declaration (variable_declarator name: (identifier) @also)))
(class_body (_ (property_identifier) @also))
(pair key: (property_identifier) @also value: [(arrow_function) (function_expression)])
(decorator) @lead
(comment) @comment
`;

export const ecma = {
  annotations: ['decorator'],
  prefix: /(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:(?:const|let|var)\s+)?$/,
  exported: (_name: string, signature: string) =>
    signature.startsWith('export ') || /^(?:module\.)?exports\b/.test(signature),
  moreImports: /\b(?:require|import)\(\s*["']([^"'\n]+)["']\s*\)/g,
  value,
  // `store.close = () => {}` defines close; what is no plain name (a pattern, broken code) defines nothing.
  refine: (_kind: string, definition: Node) => {
    if (!/^(?:assignment_expression|variable_declarator)$/.test(definition.type)) return undefined;
    const left = definition.childForFieldName('left') ?? definition.childForFieldName('name');
    const name = left?.type === 'member_expression' ? left.childForFieldName('property') : left;
    return { name: name && /identifier$/.test(name.type) ? name.text : '' };
  },
} as const satisfies Partial<Language>;

/** The function or class inside of parentheses and type assertions. */
function value(node: Node): Node | undefined {
  let inner: Node | null = node;
  for (let depth = 0; inner && depth < 6; depth++) {
    if (!/^(?:parenthesized|as|satisfies)_expression$/.test(inner.type)) break;
    inner = inner.firstNamedChild;
  }
  return inner && /^(?:arrow_function|function_expression|generator_function|class)$/.test(inner.type)
    ? inner
    : undefined;
}

export const javascript: Language = {
  ...ecma,
  name: 'javascript',
  extensions: ['js', 'mjs', 'cjs', 'jsx'],
  interpreters: ['node', 'nodejs', 'bun', 'deno'],
  grammar: 'javascript',
  query: ecmaQuery(),
  bodies: { like: 'ecma', typed: false, elements: true },
};
