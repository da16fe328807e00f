import type { Language } from './language.ts';

export const swift: Language = {
  name: 'swift',
  extensions: ['swift'],
  grammar: 'swift',
  query: `
(class_declaration name: (_) @name body: (_) @body) @class
(protocol_declaration name: (_) @name body: (_) @body) @interface
(function_declaration name: (simple_identifier) @name body: (_)? @body) @function
(protocol_function_declaration name: (simple_identifier) @name) @method
(init_declaration "init" @name body: (_)? @body) @method
(deinit_declaration "deinit" @name body: (_)? @body) @method
(subscript_declaration "subscript" @name) @method
(typealias_declaration name: (type_identifier) @name) @type
(import_declaration (identifier) @import)
(property_declaration name: (pattern bound_identifier: (_) @also))
(enum_entry name: (_) @also)
(comment) @comment
(multiline_comment) @comment
`,
  annotations: ['attribute'],
  exported: (_name, signature) => /\b(?:public|open)\b/.test(signature),
  refine(kind, definition) {
    if (kind !== 'class' || definition.type !== 'class_declaration') return undefined;
    const keyword = definition.childForFieldName('declaration_kind')?.text;
    if (keyword === 'struct' || keyword === 'enum') return { kind: keyword };
    return keyword === 'extension' ? { kind: 'impl' } : undefined;
  },
};
