import type { Language } from './language.ts';

export const kotlin: Language = {
  name: 'kotlin',
  extensions: ['kt', 'kts'],
  grammar: 'kotlin',
  query: `
(class_declaration (enum_class_body) @body) @enum
(class_declaration (class_body)? @body) @class
(object_declaration (class_body)? @body) @object
(companion_object (class_body) @body) @object
(function_declaration (function_body)? @body) @function
(secondary_constructor "constructor" @name (block)? @body) @method
(type_alias type: (_) @name) @type
(import (qualified_identifier) @import)
(property_declaration (variable_declaration (identifier) @also))
(enum_entry (identifier) @also)
(line_comment) @comment
(block_comment) @comment
`,
  annotations: ['annotation'],
  exported: (_name, signature) => !/\b(?:private|internal|protected)\b/.test(signature),
  refine(kind, definition) {
    if (kind === 'object' && definition.type === 'companion_object') return { name: 'Companion' };
    if (kind !== 'class') return undefined;
    return /^(?:[^({]*\s)?interface\s/.test(definition.text.slice(0, 200)) ? { kind: 'interface' } : undefined;
  },
};
