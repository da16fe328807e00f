import type { Language } from './language.ts';

/** A function as a value. */
export const FUNCTION =
  '[(arrow_function body: (_) @body) (function_expression body: (_) @body) (generator_function body: (_) @body)]';

/** What JavaScript and TypeScript share. `field` is how the grammar calls a class field and its name. */
export const ecmaQuery = (field: { node: string; name: string }) => `
(function_declaration name: (_) @name body: (_) @body) @function
(generator_function_declaration name: (_) @name body: (_) @body) @function
(class_declaration name: (_) @name body: (_) @body) @class
(method_definition name: (_) @name body: (_) @body) @method
(${field.node} ${field.name}: (_) @name value: ${FUNCTION}) @method
(variable_declarator name: (identifier) @name value: ${FUNCTION}) @function
(variable_declarator name: (identifier) @name value: (parenthesized_expression ${FUNCTION})) @function
(variable_declarator name: (identifier) @name value: (class body: (_) @body)) @class
(assignment_expression left: (member_expression property: (_) @name) right: ${FUNCTION}) @function
(assignment_expression left: (identifier) @name right: ${FUNCTION}) @function
(assignment_expression left: (member_expression property: (_) @name) right: (class body: (_) @body)) @class
(export_statement "default" @name value: ${FUNCTION}) @function
(export_statement "default" @name value: (class body: (_) @body)) @class
(export_statement "default" @name declaration: (class_declaration !name body: (_) @body)) @class

(import_statement source: (string (string_fragment) @import))
(export_statement source: (string (string_fragment) @import))
(call_expression function: (import) arguments: (arguments . (string (string_fragment) @import)))
(call_expression function: (identifier) @_require arguments: (arguments . (string (string_fragment) @import))
  (#eq? @_require "require"))

(export_specifier name: (identifier) @exported)
(program (lexical_declaration (variable_declarator name: (identifier) @also)))
(program (variable_declaration (variable_declarator name: (identifier) @also)))
(export_statement (lexical_declaration (variable_declarator name: (identifier) @also)))
(${field.node} ${field.name}: (_) @also)
(pair key: (property_identifier) @also value: [(arrow_function) (function_expression)])
(decorator) @lead
(comment) @comment
`;

export const ecmaPrefix = /(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:(?:const|let|var)\s+)?$/;
export const ecmaExported = (_name: string, signature: string) =>
  signature.startsWith('export ') || /^(?:module\.)?exports\b/.test(signature);

export const javascript: Language = {
  name: 'javascript',
  extensions: ['js', 'mjs', 'cjs', 'jsx'],
  interpreters: ['node', 'nodejs', 'bun', 'deno'],
  grammar: 'javascript',
  query: ecmaQuery({ node: 'field_definition', name: 'property' }).replace(/^.*!name.*\n/m, ''),
  annotations: ['decorator'],
  prefix: ecmaPrefix,
  exported: ecmaExported,
};
