import type { Language } from './language.ts';

export const php: Language = {
  name: 'php',
  extensions: ['php', 'phtml', 'php5', 'phpt'],
  interpreters: ['php'],
  grammar: 'php',
  query: `
(class_declaration) @class
(interface_declaration) @interface
(trait_declaration) @trait
(enum_declaration) @enum
(method_declaration) @method
(function_definition) @function
(namespace_definition) @namespace
(namespace_use_clause . [(qualified_name) (name)] @import)
(const_element . (name) @also)
(property_element name: (variable_name (name) @also))
(enum_case name: (_) @also)
(comment) @comment
`,
  annotations: ['attribute_list'],
  exported: (_name, signature) => !/\b(?:private|protected)\b/.test(signature),
  moreImports: /^(?:[^#"'\n]*[\s;({=@])?(?:require|include)(?:_once)?[ \t(]+["']([^"'$\n]+)["']/gm,
  bodies: {
    like: 'php',
    keyword: 'function',
    scopes: 'class interface trait enum namespace',
    defines: 'class interface trait enum namespace const',
  },
};
