import type { Language } from './language.ts';

export const java: Language = {
  name: 'java',
  extensions: ['java'],
  grammar: 'java',
  query: `
(class_declaration name: (_) @name body: (_) @body) @class
(interface_declaration name: (_) @name body: (_) @body) @interface
(enum_declaration name: (_) @name body: (_) @body) @enum
(record_declaration name: (_) @name body: (_) @body) @class
(annotation_type_declaration name: (_) @name body: (_) @body) @interface
(method_declaration name: (_) @name body: (_)? @body) @method
(constructor_declaration name: (_) @name body: (_) @body) @method
(compact_constructor_declaration name: (_) @name body: (_) @body) @method
(annotation_type_element_declaration name: (_) @name) @method
(import_declaration . (_) @import)
(field_declaration declarator: (variable_declarator name: (_) @also))
(enum_constant name: (_) @also)
(line_comment) @comment
(block_comment) @comment
`,
  annotations: ['annotation', 'marker_annotation'],
  exported: (_name, signature) => /\bpublic\b/.test(signature),
};
