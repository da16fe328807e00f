import type { Language } from './language.ts';

export const ruby: Language = {
  name: 'ruby',
  extensions: ['rb', 'rake', 'gemspec', 'ru', 'jbuilder', 'rbw', 'podspec'],
  fileNames: ['rakefile', 'gemfile', 'guardfile', 'vagrantfile', 'capfile', 'podfile', 'brewfile', 'fastfile'],
  interpreters: ['ruby', 'jruby', 'rake'],
  grammar: 'ruby',
  query: `
(class) @class
(module) @module
(method) @method
(singleton_method) @method
(_ . (constant) @name "=" (_ . (constant) @_class (identifier) @_new [(block) (do_block)] @body)
  (#any-of? @_class "Class" "Struct" "Module" "Data") (#any-of? @_new "new" "define")) @class
(_ . (constant) @also "=")
(_ . (identifier) @_macro (_ (simple_symbol) @also)
  (#match? @_macro "^(attr_|define_|alias_|scope$|has_|belongs_|delegate|let)"))
(comment) @comment
`,
  exported: (name) => !name.startsWith('_'),
  moreImports: /^(?:[^#"'\n]*[\s;({])?(?:require|require_relative|load)[ \t(]+["']([^"'#\n]+)["']/gm,
  bodies: { like: 'ruby' },
  // `module A::B` defines B.
  refine: (_kind, _definition, name) =>
    name.type === 'scope_resolution' ? { name: name.childForFieldName('name')?.text ?? '' } : undefined,
};
