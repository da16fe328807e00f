import type { Language } from './language.ts';

export const csharp: Language = {
  name: 'csharp',
  extensions: ['cs', 'csx'],
  grammar: 'c_sharp',
  query: `
(class_declaration name: (_) @name body: (_)? @body) @class
(struct_declaration name: (_) @name body: (_)? @body) @struct
(record_declaration name: (_) @name body: (_)? @body) @class
(interface_declaration name: (_) @name body: (_)? @body) @interface
(enum_declaration name: (_) @name body: (_)? @body) @enum
(delegate_declaration name: (_) @name) @type
(method_declaration name: (_) @name body: (_)? @body) @method
(constructor_declaration name: (_) @name body: (_)? @body) @method
(destructor_declaration name: (_) @name body: (_)? @body) @method
(operator_declaration "operator" @name body: (_)? @body) @method
(local_function_statement name: (_) @name body: (_)? @body) @function
(property_declaration name: (_) @name accessors: (_)? @body) @property
(namespace_declaration name: (_) @name body: (_) @body) @namespace
(file_scoped_namespace_declaration name: (_) @also)
(using_directive [(identifier) (qualified_name)] @import .)
(field_declaration (variable_declaration (variable_declarator name: (_) @also)))
(enum_member_declaration name: (_) @also)
(comment) @comment
`,
  annotations: ['attribute_list'],
  exported: (_name, signature) => /\bpublic\b/.test(signature),
};
