import type { Node } from 'web-tree-sitter';
import type { Language } from './language.ts';

export const python: Language = {
  name: 'python',
  extensions: ['py', 'pyi', 'pyw', 'bzl'],
  fileNames: ['sconstruct', 'sconscript', 'wscript', 'build.bazel', 'workspace'],
  interpreters: ['python', 'python2', 'python3', 'pypy', 'pypy3'],
  grammar: 'python',
  query: `
(function_definition) @function
(class_definition) @class
(import_statement name: (dotted_name) @import)
(import_statement name: (aliased_import name: (dotted_name) @import))
(import_from_statement module_name: (_) @import)
(module (_ (assignment left: (identifier) @also)))
(class_definition body: (_ (_ (assignment left: (identifier) @also))))
(decorator) @lead
(comment) @comment
`,
  exported: (name) => !name.startsWith('_'),
  docstring,
  bodies: { like: 'python' },
};

/** The string that is the first statement of a body. */
function docstring(definition: Node): string | undefined {
  const first = definition.childForFieldName('body')?.firstNamedChild;
  const text = first?.type === 'expression_statement' ? first.firstNamedChild : undefined;
  if (text?.type !== 'string') return undefined;
  return text.text.replace(/^[a-zA-Z]*("""|'''|"|')/, '').replace(/("""|'''|"|')$/, '');
}
