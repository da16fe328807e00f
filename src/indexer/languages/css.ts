import type { Language } from './language.ts';

export const css: Language = {
  name: 'css',
  extensions: ['css'],
  grammar: 'css',
  query: `
(rule_set (selectors) @name (block) @body) @rule
(keyframes_statement (keyframes_name) @name) @rule
(import_statement (string_value (string_content) @import))
(comment) @comment
`,
  exported: () => true,
};
