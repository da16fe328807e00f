import type { Language } from './language.ts';

export const rust: Language = {
  name: 'rust',
  extensions: ['rs'],
  grammar: 'rust',
  query: `
(function_item name: (_) @name body: (_) @body) @function
(function_signature_item name: (_) @name) @function
(struct_item name: (_) @name body: (_)? @body) @struct
(enum_item name: (_) @name body: (_) @body) @enum
(union_item name: (_) @name body: (_) @body) @union
(trait_item name: (_) @name body: (_) @body) @trait
(impl_item type: (type_identifier) @name body: (_)? @body) @impl
(impl_item type: (generic_type type: (_) @name) body: (_)? @body) @impl
(impl_item type: (scoped_type_identifier name: (_) @name) body: (_)? @body) @impl
(impl_item type: (reference_type type: (type_identifier) @name) body: (_)? @body) @impl
(impl_item type: (reference_type type: (generic_type type: (_) @name)) body: (_)? @body) @impl
(mod_item name: (_) @name body: (_)? @body) @module
(macro_definition name: (_) @name) @macro
(type_item name: (_) @name) @type
(associated_type name: (_) @name) @type
(use_declaration argument: (_) @import)
(const_item name: (_) @also)
(static_item name: (_) @also)
(field_declaration name: (_) @also)
(enum_variant name: (_) @also)
(attribute_item) @lead
(line_comment) @comment
(block_comment) @comment
`,
  exported: (_name, signature) => signature.startsWith('pub'),
};
