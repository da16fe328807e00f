import type { Language } from './language.ts';

export const java: Language = {
  name: 'java',
  extensions: ['java'],
  grammar: 'java',
  query: `
(class_declaration) @class
(interface_declaration) @interface
(enum_declaration) @enum
(record_declaration) @class
(annotation_type_declaration) @interface
(method_declaration) @method
(constructor_declaration) @method
(compact_constructor_declaration) @method
(annotation_type_element_declaration) @method
(import_declaration . (_) @import)
(field_declaration declarator: (variable_declarator name: (_) @also))
(enum_constant name: (_) @also)
(line_comment) @comment
(block_comment) @comment
`,
  annotations: ['annotation', 'marker_annotation'],
  exported: (_name, signature) => /\bpublic\b/.test(signature),
  asPublicAs: ['interface'],
  bodies: {
    like: 'java',
    control: 'if for while switch catch synchronized try',
    scopes: 'class interface enum record',
    defines: 'class interface enum record',
    methods: true,
  },
};
