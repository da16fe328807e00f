import type { Language } from './language.ts';

export const scala: Language = {
  name: 'scala',
  extensions: ['scala', 'sc', 'sbt'],
  grammar: 'scala',
  query: `
(class_definition name: (_) @name body: (_)? @body) @class
(object_definition name: (_) @name body: (_)? @body) @object
(trait_definition name: (_) @name body: (_)? @body) @trait
(enum_definition name: (_) @name body: (_)? @body) @enum
(function_definition name: (_) @name body: (_) @body) @function
(function_declaration name: (_) @name) @function
(type_definition name: (_) @name) @type
(import_declaration) @import
(val_definition pattern: (identifier) @also)
(simple_enum_case name: (_) @also)
(comment) @comment
(block_comment) @comment
`,
  annotations: ['annotation'],
  exported: (_name, signature) => !/\b(?:private|protected)\b/.test(signature),
};
