import type { Language } from './language.ts';

export const lua: Language = {
  name: 'lua',
  extensions: ['lua'],
  interpreters: ['lua', 'luajit'],
  grammar: 'lua',
  query: `
(function_declaration name: (identifier) @name body: (_)? @body) @function
(function_declaration name: (dot_index_expression field: (_) @name) body: (_)? @body) @function
(function_declaration name: (method_index_expression method: (_) @name) body: (_)? @body) @method
(assignment_statement (variable_list . name: (identifier) @name) (expression_list . value: (function_definition body: (_)? @body))) @function
(assignment_statement (variable_list . name: (dot_index_expression field: (_) @name))
  (expression_list . value: (function_definition body: (_)? @body))) @function
(field name: (identifier) @name value: (function_definition body: (_)? @body)) @method
(function_call name: (identifier) @_require arguments: (arguments (string content: (_) @import)) (#eq? @_require "require"))
(comment) @comment
`,
  prefix: /local\s+$/,
  exported: (_name, signature) => !signature.startsWith('local '),
};
