import type { Language } from './language.ts';

export const php: Language = {
  name: 'php',
  extensions: ['php', 'phtml', 'php5', 'phpt'],
  interpreters: ['php'],
  grammar: 'php',
  query: `
(class_declaration name: (_) @name body: (_) @body) @class
(interface_declaration name: (_) @name body: (_) @body) @interface
(trait_declaration name: (_) @name body: (_) @body) @trait
(enum_declaration name: (_) @name body: (_) @body) @enum
(method_declaration name: (_) @name body: (_)? @body) @method
(function_definition name: (_) @name body: (_) @body) @function
(namespace_definition name: (_) @name) @namespace
(namespace_use_clause . [(qualified_name) (name)] @import)
(require_once_expression (string (string_content) @import))
(require_expression (string (string_content) @import))
(include_expression (string (string_content) @import))
(include_once_expression (string (string_content) @import))
(const_element . (name) @also)
(property_element name: (variable_name (name) @also))
(enum_case name: (_) @also)
(comment) @comment
`,
  annotations: ['attribute_list'],
  exported: (_name, signature) => !/\b(?:private|protected)\b/.test(signature),
};
