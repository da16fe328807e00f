// Long because it is a table: the languages without a grammar, each with its patterns.
import type { Language, RegexPattern, SymbolKind } from './language.ts';

// One table, so that all these languages can be compared; it is long because they are many.

const at = (kind: SymbolKind, line: RegExp): RegexPattern => ({ kind, line });
const NAME = '(?<name>[\\p{L}_$][\\p{L}\\p{N}_$]*)';
/** Made when a file asks for it: making all of them takes longer than loading the index. */
function words(kind: SymbolKind, keywords: string, name = NAME): RegexPattern {
  let made: RegExp | undefined;
  return {
    kind,
    get line() {
      made ??= new RegExp(`^\\s*(?:[\\w@]+\\s+){0,4}?(?:${keywords})\\s+${name}`, 'u');
      return made;
    },
  };
}

const braces = { lineComments: ['//'] } as const;
const hashes = { lineComments: ['#'] } as const;
const dashes = { lineComments: ['--'] } as const;

/** Languages without a grammar: their text is searched like any other, their definitions come from these patterns. */
export const regexLanguages: readonly Language[] = [
  {
    ...braces,
    name: 'dart',
    extensions: ['dart'],
    patterns: [
      words('class', 'class|mixin|extension|enum'),
      words('type', 'typedef'),
      at(
        'function',
        /^(?:\s{2})?(?!\s*(?:return|await|if|for|while|switch|else|throw|new|case)\b)(?:[\w<>?,[\]]+\s+)+(?:get\s+)?(?<name>\w+)\s*\([^;]*(?:\{|=>|async\b)\s*$/,
      ),
    ],
  },
  {
    ...braces,
    name: 'groovy',
    extensions: ['groovy', 'gradle', 'gvy'],
    fileNames: ['jenkinsfile'],
    patterns: [
      words('class', 'class|interface|trait|enum'),
      at('function', /^\s*(?:(?:public|private|protected|static|final)\s+)*(?:def|void)\s+(?<name>\w+)\s*\(/),
    ],
  },
  {
    ...braces,
    name: 'objective-c',
    extensions: ['m', 'mm'],
    patterns: [
      at('class', /^@(?:interface|implementation|protocol)\s+(?<name>\w+)/),
      at('method', /^[-+]\s*\([^)]*\)\s*(?<name>\w+)/),
      at('function', /^(?:static\s+)?\w[\w\s*]*?\b(?<name>\w+)\s*\([^;]*\)\s*\{?\s*$/),
    ],
  },
  {
    ...braces,
    name: 'solidity',
    extensions: ['sol'],
    patterns: [words('class', 'contract|library|interface'), words('function', 'function|modifier|event|struct|enum')],
  },
  {
    ...braces,
    name: 'protobuf',
    extensions: ['proto', 'thrift'],
    patterns: [
      words('struct', 'message|struct|exception|union'),
      words('interface', 'service'),
      words('enum', 'enum'),
      words('method', 'rpc'),
    ],
  },
  {
    ...hashes,
    name: 'graphql',
    extensions: ['graphql', 'gql'],
    patterns: [
      words('type', 'type|input|interface|union|scalar|directive|fragment', '@?(?<name>\\w+)'),
      words('enum', 'enum'),
      words('function', 'query|mutation|subscription'),
    ],
  },
  {
    ...hashes,
    name: 'perl',
    extensions: ['pl', 'pm', 't'],
    interpreters: ['perl'],
    patterns: [at('module', /^\s*package\s+(?<name>[\w:]+)/), at('function', /^\s*(?:sub|method)\s+(?<name>[\w:]+)/)],
  },
  {
    ...hashes,
    name: 'r',
    extensions: ['r'],
    interpreters: ['rscript'],
    patterns: [at('function', /^\s*`?(?<name>[\w.]+)`?\s*(?:<-|=)\s*function\b/)],
  },
  {
    ...hashes,
    name: 'julia',
    extensions: ['jl'],
    interpreters: ['julia'],
    patterns: [
      words('module', 'module|baremodule'),
      words('struct', 'struct|abstract type|primitive type'),
      at('function', /^\s*(?:@\w+\s+)*function\s+(?:\w+\.)*(?<name>[\w!]+)/),
      at('function', /^(?<name>[\w!]+)\([^=]*\)(?:::\w+)?\s*=(?!=)/),
      at('macro', /^\s*macro\s+(?<name>\w+)/),
    ],
  },
  {
    ...hashes,
    name: 'nim',
    extensions: ['nim', 'nims'],
    patterns: [
      at('function', /^\s*(?:proc|func|method|iterator|template|macro|converter)\s+`?(?<name>\w+)/),
      at('type', /^\s{2}(?<name>[A-Z]\w*)\*?\s*(?:\{[^}]*\}\s*)?=\s*(?:ref\s+|ptr\s+)?(?:object|enum|tuple|distinct)/),
    ],
  },
  {
    ...hashes,
    name: 'crystal',
    extensions: ['cr'],
    patterns: [
      at('class', /^\s*(?:abstract\s+)?(?:class|struct|module|enum|lib)\s+(?<name>[\w:]+)/),
      at('method', /^\s*(?:(?:private|protected|abstract)\s+)*(?:def|macro)\s+(?:self\.)?(?<name>[\w?!=<>[\]]+)/),
    ],
  },
  {
    ...hashes,
    name: 'powershell',
    extensions: ['ps1', 'psm1', 'psd1'],
    interpreters: ['pwsh'],
    patterns: [
      at('function', /^\s*(?:function|filter)\s+(?:\w+:)?(?<name>[\w-]+)/i),
      at('class', /^\s*(?:class|enum)\s+(?<name>\w+)/i),
    ],
  },
  {
    ...hashes,
    name: 'terraform',
    extensions: ['tf', 'hcl', 'tfvars'],
    patterns: [
      at('type', /^(?:resource|data)\s+"[^"]+"\s+"(?<name>[^"]+)"/),
      at('type', /^(?:variable|output|module|provider)\s+"(?<name>[^"]+)"/),
    ],
  },
  {
    ...hashes,
    name: 'make',
    extensions: ['mk', 'mak'],
    fileNames: ['makefile', 'gnumakefile', 'justfile'],
    interpreters: ['make'],
    patterns: [at('rule', /^(?<name>[\w][\w./-]*)\s*:(?!=)/)],
  },
  {
    ...hashes,
    name: 'cmake',
    extensions: ['cmake'],
    fileNames: ['cmakelists.txt'],
    patterns: [
      at('function', /^\s*(?:function|macro)\s*\(\s*(?<name>\w+)/i),
      at('rule', /^\s*add_(?:executable|library|custom_target)\s*\(\s*(?<name>[\w.-]+)/i),
    ],
  },
  {
    ...hashes,
    name: 'dockerfile',
    extensions: ['dockerfile'],
    fileNames: ['dockerfile', 'containerfile'],
    patterns: [at('rule', /^FROM\s.*\sAS\s+(?<name>[\w.-]+)/i)],
  },
  {
    ...hashes,
    name: 'fish',
    extensions: ['fish'],
    interpreters: ['fish'],
    patterns: [at('function', /^\s*function\s+(?<name>[\w-]+)/)],
  },
  {
    ...dashes,
    name: 'haskell',
    extensions: ['hs', 'lhs', 'hsc'],
    interpreters: ['runhaskell'],
    patterns: [
      at('module', /^module\s+(?<name>[\w.]+)/),
      at('type', /^(?:data|newtype|type)\s+(?:family\s+|instance\s+)?(?:\([^)]*\)\s*=>\s*)?(?<name>[A-Z][\w']*)/),
      at('interface', /^class\s+(?:.*=>\s*)?(?<name>[A-Z][\w']*)/),
      at('function', /^(?<name>[a-z_][\w']*)\s*::/),
    ],
  },
  {
    ...dashes,
    name: 'sql',
    extensions: ['sql', 'psql', 'plsql', 'pgsql'],
    patterns: [
      at(
        'type',
        /^\s*CREATE\s+(?:OR\s+REPLACE\s+)?(?:TEMP(?:ORARY)?\s+)?(?:MATERIALIZED\s+)?(?:UNIQUE\s+)?(?:TABLE|VIEW|TYPE|INDEX|SEQUENCE|SCHEMA|DOMAIN)\s+(?:IF\s+NOT\s+EXISTS\s+)?(?<name>[\w."`[\]]+)/i,
      ),
      at('function', /^\s*CREATE\s+(?:OR\s+REPLACE\s+)?(?:FUNCTION|PROCEDURE|TRIGGER)\s+(?<name>[\w."`[\]]+)/i),
    ],
  },
  {
    ...dashes,
    name: 'ada',
    extensions: ['adb', 'ads'],
    patterns: [
      at('function', /^\s*(?:procedure|function|task|entry)\s+(?<name>\w+)/i),
      at('module', /^\s*package\s+(?:body\s+)?(?<name>[\w.]+)/i),
      at('type', /^\s*(?:sub)?type\s+(?<name>\w+)/i),
    ],
  },
  {
    ...dashes,
    name: 'vhdl',
    extensions: ['vhd', 'vhdl'],
    patterns: [
      at('module', /^\s*(?:entity|architecture|package)\s+(?:body\s+)?(?<name>\w+)/i),
      at('function', /^\s*(?:function|procedure|component)\s+(?<name>\w+)/i),
    ],
  },
  {
    ...braces,
    name: 'verilog',
    extensions: ['v', 'sv', 'svh', 'vh'],
    patterns: [
      at('module', /^\s*(?:module|interface|package|class)\s+(?<name>\w+)/),
      at('function', /^\s*(?:function|task)\s+(?:automatic\s+)?(?:[\w[\]:]+\s+)?(?<name>\w+)\s*[(;]/),
    ],
  },
  {
    ...braces,
    name: 'fsharp',
    extensions: ['fs', 'fsi', 'fsx'],
    patterns: [
      at('module', /^\s*(?:module|namespace)\s+(?:rec\s+|internal\s+|private\s+)*(?<name>[\w.]+)/),
      at('type', /^\s*(?:type|and)\s+(?:internal\s+|private\s+)?(?<name>\w+)/),
      at('function', /^\s*let\s+(?:rec\s+|inline\s+|private\s+|internal\s+|mutable\s+)*(?<name>[\w']+)\s+[^=]/),
      at('method', /^\s*(?:static\s+)?(?:member|override|abstract|default)\s+(?:inline\s+)?(?:\w+\.)?(?<name>\w+)/),
    ],
  },
  {
    ...braces,
    name: 'd',
    extensions: ['d', 'di'],
    patterns: [
      words('class', 'class|struct|interface|union|enum|template'),
      at('function', /^\s*(?:[\w!()[\]*]+\s+)+(?<name>\w+)\s*\([^;]*\)\s*(?:\w+\s*)*\{?\s*$/),
    ],
  },
  {
    name: 'ocaml',
    extensions: ['ml', 'mli', 'mll', 'mly', 're', 'res'],
    lineComments: [],
    patterns: [
      at('module', /^\s*module\s+(?:type\s+|rec\s+)?(?<name>\w+)/),
      at('type', /^\s*type\s+(?:nonrec\s+)?(?:\([^)]*\)\s*|'\w+\s+)?(?<name>\w+)/),
      at('function', /^(?:let|and|val|external)\s+(?:rec\s+|inline\s+)?(?<name>[a-z_][\w']*)/),
      at('class', /^\s*class\s+(?:virtual\s+)?(?<name>\w+)/),
    ],
  },
  {
    name: 'erlang',
    extensions: ['erl', 'hrl', 'escript'],
    interpreters: ['escript'],
    lineComments: ['%'],
    patterns: [
      at('module', /^-module\((?<name>\w+)/),
      at('struct', /^-record\((?<name>\w+)/),
      at('type', /^-(?:type|opaque)\s+(?<name>\w+)/),
      at('function', /^(?<name>[a-z]\w*)\(.*\)\s*(?:when\b.*)?->/),
    ],
  },
  {
    name: 'clojure',
    extensions: ['clj', 'cljs', 'cljc', 'edn'],
    interpreters: ['bb'],
    lineComments: [';'],
    patterns: [
      at('module', /^\(ns\s+(?:\^\S+\s+)?(?<name>[\w.*+!?<>=/-]+)/),
      at('type', /^\((?:defrecord|deftype|defprotocol|definterface|defstruct)\s+(?<name>[\w.*+!?<>=-]+)/),
      at('macro', /^\(defmacro\s+(?:\^\S+\s+)?(?<name>[\w.*+!?<>=-]+)/),
      at('function', /^\((?:defn-?|defmulti|defmethod|def|defonce)\s+(?:\^\S+\s+)?(?<name>[\w.*+!?<>=-]+)/),
    ],
  },
  {
    name: 'lisp',
    extensions: ['lisp', 'lsp', 'cl', 'el', 'scm', 'ss', 'rkt'],
    lineComments: [';'],
    patterns: [
      at('macro', /^\(defmacro\*?\s+(?<name>[^\s()]+)/),
      at(
        'function',
        /^\((?:cl-)?def(?:un|ine|method|generic|subst|var|parameter|const|custom|ine-\w+)\*?\s+\(?(?<name>[^\s()]+)/,
      ),
      at('class', /^\((?:cl-)?def(?:class|struct|type)\s+\(?(?<name>[^\s()]+)/),
    ],
  },
  {
    name: 'fortran',
    extensions: ['f', 'f90', 'f95', 'f03', 'f08', 'for', 'ftn'],
    lineComments: ['!'],
    patterns: [
      at('module', /^\s*(?:module|program)\s+(?!procedure\b)(?<name>\w+)/i),
      at('function', /^\s*(?!end\b)(?:[\w()*=,]+\s+)*?(?:subroutine|function)\s+(?<name>\w+)/i),
      at('type', /^\s*type\s*(?:,[^:]*)?::\s*(?<name>\w+)/i),
    ],
  },
  {
    name: 'visual-basic',
    extensions: ['vb', 'bas', 'vbs'],
    lineComments: ["'"],
    patterns: [
      at('class', /^\s*(?!End\b)(?:\w+\s+)*?(?:Class|Module|Structure|Interface|Enum)\s+(?<name>\w+)/i),
      at('method', /^\s*(?!End\b|Exit\b)(?:\w+\s+)*?(?:Sub|Function|Property)\s+(?<name>\w+)/i),
    ],
  },
  {
    name: 'pascal',
    extensions: ['pas', 'pp', 'dpr', 'lpr'],
    lineComments: ['//'],
    patterns: [
      at('function', /^\s*(?:class\s+)?(?:procedure|function|constructor|destructor)\s+(?:\w+\.)?(?<name>\w+)/i),
      at('class', /^\s*(?<name>T\w+)\s*=\s*(?:class|record|interface)/i),
    ],
  },
  {
    name: 'assembly',
    extensions: ['s', 'asm', 'nasm'],
    lineComments: ['//', ';', '#'],
    patterns: [at('function', /^(?<name>[A-Za-z_][\w$]*):/)],
  },
  {
    name: 'stylesheet',
    extensions: ['scss', 'sass', 'less', 'styl', 'pcss'],
    lineComments: ['//'],
    patterns: [
      at('function', /^\s*@(?:mixin|function)\s+(?<name>[\w-]+)/),
      at('rule', /^(?<name>[.#&%][\w-][^{;]*?)\s*\{/),
    ],
  },
  {
    name: 'html',
    extensions: [
      'html',
      'htm',
      'xhtml',
      'erb',
      'ejs',
      'hbs',
      'handlebars',
      'mustache',
      'twig',
      'liquid',
      'jinja',
      'jinja2',
      'j2',
      'cshtml',
      'razor',
      'haml',
      'slim',
      'pug',
      'astro',
      'heex',
      'eex',
      'leex',
    ],
    lineComments: [],
    patterns: [],
  },
  {
    name: 'batch',
    extensions: ['bat', 'cmd'],
    lineComments: ['rem ', '::'],
    patterns: [at('function', /^:(?<name>\w[\w-]*)/)],
  },
  { name: 'nix', extensions: ['nix'], ...hashes, patterns: [] },
  { name: 'starlark', extensions: ['star'], ...hashes, patterns: [at('function', /^def\s+(?<name>\w+)/)] },
  {
    name: 'awk',
    extensions: ['awk'],
    interpreters: ['awk', 'gawk'],
    ...hashes,
    patterns: [at('function', /^\s*function\s+(?<name>\w+)/)],
  },
  {
    name: 'tcl',
    extensions: ['tcl'],
    interpreters: ['tclsh', 'wish'],
    ...hashes,
    patterns: [at('function', /^\s*proc\s+(?<name>[\w:]+)/)],
  },
  {
    name: 'vim',
    extensions: ['vim'],
    lineComments: ['"'],
    patterns: [at('function', /^\s*(?:function|def)!?\s+(?:\w:)?(?<name>[\w#.]+)/)],
  },
];
