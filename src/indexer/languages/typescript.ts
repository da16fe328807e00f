import { blanks } from './blanks.ts';
import { ecma, ecmaQuery } from './javascript.ts';
import type { Language } from './language.ts';

const query = `${ecmaQuery(['as_expression', 'satisfies_expression'])}
(abstract_class_declaration) @class
(interface_declaration) @interface
(type_alias_declaration) @type
(enum_declaration) @enum
(internal_module) @namespace
(module) @namespace
(ambient_declaration "global" @name (statement_block) @body) @namespace
(function_signature) @function
(method_signature) @method
(abstract_method_signature) @method
(import_require_clause source: (_) @import)
(property_signature (property_identifier) @also)
`;

const shared = {
  ...ecma,
  name: 'typescript',
  query,
  bodies: { like: 'ecma', typed: true, elements: false },
} as const satisfies Partial<Language>;

export const typescript: Language = {
  ...shared,
  extensions: ['ts', 'mts', 'cts'],
  grammar: 'typescript',
  onlyCode: separateCallSignatures,
};
export const tsx: Language = {
  ...shared,
  extensions: ['tsx'],
  grammar: 'tsx',
  bodies: { ...shared.bodies, elements: true },
};

/** Components whose code sits in `<script>`: everything else becomes blanks, so that lines stay where they are. */
const component = (name: string): Language => ({
  ...shared,
  name,
  extensions: [name],
  grammar: 'typescript',
  onlyCode: scriptsOnly,
});
export const vue = component('vue');
export const svelte = component('svelte');

function scriptsOnly(text: string): string {
  let result = '';
  let end = 0;
  for (const match of text.matchAll(/(<script\b[^>]*>)([\s\S]*?)(?=<\/script\s*>|$)/gi)) {
    const start = match.index + (match[1] ?? '').length;
    result += blanks(text.slice(end, start)) + (match[2] ?? '');
    end = start + (match[2] ?? '').length;
  }
  return result + blanks(text.slice(end));
}

/**
 * The grammar takes a call signature that follows a member without a semicolon for type arguments of that
 * member, and loses the rest of the file. A blank of the line's indentation becomes the semicolon.
 */
function separateCallSignatures(text: string): string {
  if (!/^[ \t]+<(?:\w|\r?$)/m.test(text)) return text;
  let before = '';
  return text
    .split('\n')
    .map((line) => {
      const code = line.trim();
      const separate = /^[ \t]+<(?:\w|\r?$)/.test(line) && /[\w\])>}'"]$/.test(before);
      if (code !== '' && !/^(?:\/[/*]|\*)/.test(code)) before = code;
      return separate ? line.replace(/[ \t](?=<)/, ';') : line;
    })
    .join('\n');
}
