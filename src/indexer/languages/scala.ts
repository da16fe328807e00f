import type { Language } from './language.ts';

export const scala: Language = {
  name: 'scala',
  extensions: ['scala', 'sc', 'sbt'],
  grammar: 'scala',
  query: `
(class_definition) @class
(object_definition) @object
(trait_definition) @trait
(enum_definition) @enum
(function_definition) @function
(function_declaration) @function
(type_definition) @type
(import_declaration) @import
(val_definition pattern: (identifier) @also)
(simple_enum_case name: (_) @also)
(comment) @comment
(block_comment) @comment
`,
  annotations: ['annotation'],
  exported: (_name, signature) => !/\b(?:private|protected)\b/.test(signature),
};
