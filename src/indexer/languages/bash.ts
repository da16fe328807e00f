import type { Language } from './language.ts';

export const bash: Language = {
  name: 'bash',
  extensions: ['sh', 'bash', 'zsh', 'ksh', 'bats', 'ebuild'],
  fileNames: ['.bashrc', '.bash_profile', '.zshrc', '.profile', 'pkgbuild', 'apkbuild'],
  interpreters: ['bash', 'sh', 'zsh', 'dash', 'ksh', 'ash'],
  grammar: 'bash',
  query: `
(function_definition) @function
(command name: (command_name (word) @_source) argument: (_) @import (#any-of? @_source "source" "."))
(variable_assignment name: (variable_name) @also)
(comment) @comment
`,
  exported: () => true,
};
