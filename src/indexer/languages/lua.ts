import type { Language } from './language.ts';

export const lua: Language = {
  name: 'lua',
  extensions: ['lua'],
  interpreters: ['lua', 'luajit'],
  grammar: 'lua',
  query: `
(function_declaration) @function
(assignment_statement (variable_list . name: (_) @name) (expression_list . value: (function_definition) @value)) @function
(field name: (identifier) value: (function_definition) @value) @method
(function_call name: (identifier) @_require arguments: (arguments (string content: (_) @import)) (#eq? @_require "require"))
(comment) @comment
`,
  prefix: /local\s+$/,
  exported: (_name, signature) => !signature.startsWith('local '),
  // `function Player.stats:move()` defines move.
  refine: (_kind, _definition, name) => ({
    name: /\w+$/.exec(name.text)?.[0] ?? '',
    ...(name.type === 'method_index_expression' ? { kind: 'method' } : {}),
  }),
};
