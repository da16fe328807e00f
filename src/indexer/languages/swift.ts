import type { Language } from './language.ts';

export const swift: Language = {
  name: 'swift',
  extensions: ['swift'],
  grammar: 'swift',
  query: `
(class_declaration) @class
(protocol_declaration) @interface
(function_declaration) @function
(protocol_function_declaration) @method
(init_declaration "init" @name) @method
(deinit_declaration "deinit" @name) @method
(subscript_declaration "subscript" @name) @method
(typealias_declaration) @type
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
