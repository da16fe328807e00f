import type { Node } from 'web-tree-sitter';
import { blanks } from './blanks.ts';
import { blankMacros, cQuery, macros, NOT_INCLUDED, owners, refineDeclarator } from './c.ts';
import { throughConditionals } from './conditionals.ts';
import type { Language, Refinement } from './language.ts';

export const cpp: Language = {
  name: 'cpp',
  extensions: [
    'cc',
    'cpp',
    'cxx',
    'c++',
    'hpp',
    'hh',
    'hxx',
    'h++',
    'ipp',
    'inl',
    'tpp',
    'cu',
    'cuh',
    'ino',
    'cppm',
    'ixx',
  ],
  grammar: 'cpp',
  query: `${cQuery}
(namespace_definition) @namespace
(alias_declaration) @type
(concept_definition) @type
(field_declaration_list (_ declarator: (field_identifier) @also))
(template_declaration parameters: (_) @lead)
`,
  prefix: /template\s*<[^<>]*>\s*$/,
  exported: (_name, signature) => !/\bstatic\b/.test(signature),
  refine: (kind, definition, name) => refineTypeName(name) ?? refineDeclarator(kind, definition, name),
  onlyCode: (text) =>
    throughConditionals(blankMacrosOfClasses(blankMacros(text)), { dead: /^#\s*if\s+0\b/, others: NOT_INCLUDED }),
  macros,
  owners,
  bodies: {
    like: 'cpp',
    control: 'if for while switch catch constexpr',
    scopes: 'namespace class struct union enum extern',
    types: 'class struct union enum',
    defines:
      'typedef template concept operator namespace using asm __asm__ __asm _Atomic __attribute__ __declspec alignas',
    begins: 'return case goto sizeof else do default break continue try new delete throw co_return co_await co_yield',
    methods: true,
    macros: true,
    directives: true,
  },
};

/** Blanks macros that only classes have, for the same reason. */
function blankMacrosOfClasses(text: string): string {
  return (
    text
      // Labels that say who may see what follows: `PRIVATE_UNLESS_TESTED:`, `public Q_SLOTS:`.
      .replace(/^[ \t]*[A-Z][A-Z0-9_]{3,}[ \t]*:[ \t]*\r?$/gm, blanks)
      .replace(/(?<=\b(?:public|protected|private)[ \t]+)[A-Z][A-Z0-9_]{3,}(?=[ \t]*:[ \t]*\r?\n)/g, blanks)
      // Before a template, a constructor or a conversion, where a type makes no sense.
      .replace(
        /\b(?:[A-Z][A-Z0-9_]{3,}[ \t]+){1,3}(?=operator[ \t]+\w|template[ \t]*<|(?:explicit[ \t]+)?[A-Za-z_]\w*\([^;{}]{0,500}\)\s*(?:noexcept\s*)?:[^:])/g,
        blanks,
      )
  );
}

/** `struct formatter<T, char>` specialises `formatter`; `class ns::reader` defines `reader`. */
function refineTypeName(name: Node): Refinement | undefined {
  let own: Node | null = name;
  while (own && /^(?:qualified_identifier|template_type)$/.test(own.type)) own = own.childForFieldName('name');
  return own === null || own === name ? undefined : { name: own.text };
}

/**
 * Whether a `.h` file needs the C++ grammar. A header without one of these signs reads the same in C, so its
 * content decides alone and the answer does not depend on which files lie beside it.
 */
export function looksLikeCpp(text: string): boolean {
  return /^[ \t]*(?:class\s+\w+[^;]*$|namespace\b|template\s*<|using\s+\w|(?:public|private|protected)\s*:|virtual\s)|\bstd::|\b(?:constexpr|nullptr|noexcept|static_cast|operator\s*[=<>+([-])|^#\s*include\s*<(?:vector|string|map|memory|functional|utility|algorithm|iostream|cstdint|cstddef|type_traits)>/m.test(
    text.slice(0, 200_000).replace(/\/\*[\s\S]*?\*\/|\/\/.*$|^#\s*ifdef\s+__cplusplus[\s\S]*?^#\s*endif/gm, ''),
  );
}
