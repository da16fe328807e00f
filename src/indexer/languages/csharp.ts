import type { Node } from 'web-tree-sitter';
import { throughConditionals } from './conditionals.ts';
import type { Language, Refinement } from './language.ts';

export const csharp: Language = {
  name: 'csharp',
  extensions: ['cs', 'csx'],
  grammar: 'c_sharp',
  query: `
(class_declaration) @class
(struct_declaration) @struct
(record_declaration) @class
(interface_declaration) @interface
(enum_declaration) @enum
(delegate_declaration) @type
(method_declaration) @method
(constructor_declaration) @method
(destructor_declaration) @method
(operator_declaration) @method
(conversion_operator_declaration) @method
(indexer_declaration accessors: (_)? @body) @property
(local_function_statement) @function
(property_declaration accessors: (_)? @body) @property
(namespace_declaration) @namespace
(file_scoped_namespace_declaration name: (_) @also)
(using_directive [(identifier) (qualified_name)] @import .)
(field_declaration (_ (variable_declarator . (_) @also)))
(enum_member_declaration name: (_) @also)
(comment) @comment
`,
  annotations: ['attribute_list'],
  // `#:package` and `#!` stand in programs of one file.
  onlyCode: (text) => throughConditionals(text, { others: /^#[:!]/ }),
  refine: (_kind, definition, name) => refineMember(definition, name),
  asPublicAs: ['interface'],
  exported: (_name, signature) => /\bpublic\b/.test(signature),
  bodies: {
    like: 'csharp',
    control: 'if for foreach while switch catch using lock fixed when',
    scopes: 'class interface enum record struct namespace',
    // `where` stands in local functions, the others in what looks like a body: `extension(Server server) { … }`.
    defines: 'class interface enum record struct namespace delegate operator where public private protected internal',
    methods: true,
    directives: true,
  },
};

/** What has no plain name: `~Client`, `operator ==`, `operator int`, `this` of an indexer. */
function refineMember(definition: Node, name: Node): Refinement | undefined {
  switch (definition.type) {
    case 'destructor_declaration':
      return { name: `~${name.text}` };
    case 'operator_declaration':
      return { name: `operator ${definition.childForFieldName('operator')?.text ?? ''}`.trim() };
    case 'conversion_operator_declaration':
      return { name: `operator ${definition.childForFieldName('type')?.text ?? ''}`.trim() };
    case 'indexer_declaration':
      return { name: 'this' };
    default:
      // Broken code: a statement that was taken for a local function.
      return /^(?:if|else|for|foreach|while|switch|lock|using|catch|return)$/.test(name.text)
        ? { name: '' }
        : undefined;
  }
}
