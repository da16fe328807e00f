import type { Language } from './language.ts';

export const zig: Language = {
  name: 'zig',
  extensions: ['zig'],
  grammar: 'zig',
  query: `
(function_declaration) @function
(variable_declaration . (identifier) @name (struct_declaration) @body) @struct
(variable_declaration . (identifier) @name (enum_declaration) @body) @enum
(variable_declaration . (identifier) @name (union_declaration) @body) @union
(builtin_function (builtin_identifier) @_import (arguments (string (string_content) @import)) (#eq? @_import "@import"))
(source_file (variable_declaration . (identifier) @also))
(container_field name: (_) @also)
(comment) @comment
`,
  prefix: /pub\s+$/,
  exported: (_name, signature) => signature.startsWith('pub '),
};
