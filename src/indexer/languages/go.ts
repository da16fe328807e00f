import type { Language } from './language.ts';

export const go: Language = {
  name: 'go',
  extensions: ['go'],
  grammar: 'go',
  query: `
(function_declaration) @function
(method_declaration) @method
(type_spec type: (struct_type (field_declaration_list) @body)) @struct
(type_spec type: (interface_type "{" @body)) @interface
(type_spec) @type
(type_alias) @type
(method_elem) @method
(import_spec path: (_) @import)
(source_file (const_declaration (const_spec name: (identifier) @also)))
(source_file (var_declaration (var_spec name: (identifier) @also)))
(source_file (var_declaration (var_spec_list (var_spec name: (identifier) @also))))
(field_declaration name: (field_identifier) @also)
(comment) @comment
`,
  prefix: /type\s+$/,
  exported: (name) => /^\p{Lu}/u.test(name),
  refine(kind, definition) {
    if (kind !== 'method' || definition.type !== 'method_declaration') return undefined;
    const receiver = /([\p{L}_][\p{L}\p{N}_]*)(?:\[[^\]]*\])?\s*\)$/u.exec(
      definition.childForFieldName('receiver')?.text ?? '',
    );
    return receiver?.[1] === undefined ? undefined : { parent: receiver[1] };
  },
  bodies: { like: 'go', keyword: 'func', types: 'struct interface', defines: 'type import' },
};
