import type { Language } from './language.ts';

const MODULES = '"defmodule" "defprotocol" "defimpl"';
const FUNCTIONS = '"def" "defp" "defmacro" "defmacrop" "defguard" "defguardp" "defdelegate" "defn" "defnp"';
const head = [
  '(identifier) @name',
  '(_ target: (identifier) @name)',
  '(_ left: (_ target: (identifier) @name))',
  '(_ left: (identifier) @name)',
].join(' ');

export const elixir: Language = {
  name: 'elixir',
  extensions: ['ex', 'exs'],
  interpreters: ['elixir'],
  grammar: 'elixir',
  query: `
(_ target: (identifier) @_keyword (arguments . (alias) @name) (do_block) @body (#any-of? @_keyword ${MODULES})) @module
(_ target: (identifier) @_keyword (arguments . [${head}]) (do_block)? @body (#any-of? @_keyword ${FUNCTIONS})) @function
(_ target: (identifier) @_keyword (arguments . (alias) @import) (#any-of? @_keyword "alias" "import" "use" "require"))
(unary_operator operand: (_ target: (identifier) @_doc (_ (string))) (#any-of? @_doc "doc" "moduledoc")) @comment
(unary_operator operand: (_ target: (identifier) @_spec) (#any-of? @_spec "spec" "impl")) @lead
(comment) @comment
`,
  exported: (_name, signature) => !/^def\w*p\b/.test(signature),
};
