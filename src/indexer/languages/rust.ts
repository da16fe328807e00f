import type { Language } from './language.ts';

export const rust: Language = {
  name: 'rust',
  extensions: ['rs'],
  grammar: 'rust',
  query: `
(function_item) @function
(function_signature_item) @function
(struct_item) @struct
(enum_item) @enum
(union_item) @union
(trait_item) @trait
(impl_item) @impl
(mod_item) @module
(macro_definition) @macro
(type_item) @type
(associated_type) @type
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
  asPublicAs: ['trait'],
  refine(kind, definition) {
    if (kind !== 'impl') return undefined;
    const type = definition.childForFieldName('type')?.text ?? '';
    // Of `&'a mut path::Type<T>` the name; blocks for arrays and tuples have none.
    return {
      name: /^(?:&(?:'\w+\s+)?(?:mut\s+)?)?(?:dyn\s+)?(?:\w+\s*::\s*)*(\w+)\s*(?:<[\s\S]*)?$/.exec(type)?.[1] ?? '',
    };
  },
  bodies: {
    like: 'rust',
    keyword: 'fn',
    scopes: 'impl trait mod',
    defines: 'fn struct enum union trait impl mod macro_rules type use const static',
  },
};
