// How exact the definitions are that the parser finds, against programs that know a language:
//   node tests/bench/definitions.ts [--typescript FOLDER] [--list] PROJECT …
// Python against `ast`, TypeScript and JavaScript against the compiler's API (FOLDER of a typescript package with
// one, up to 5.9), other languages against universal-ctags, which is itself right to about 97 %.
import { execFileSync, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createParser } from '../../src/indexer/parser.ts';
import { maySource, readSource, statOf } from '../../src/indexer/scanner.ts';
import { definitionsByCompiler } from './definitions-by-compiler.ts';

export interface Definition {
  path: string;
  name: string;
  line: number;
  /** Last line of its head, when it is known; the name may stand on any of them. */
  to?: number;
  /** False for what may be reported but need not be: local definitions, fields, constructors. */
  wanted: boolean;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { typescript: { type: 'string' }, list: { type: 'boolean', default: false } },
});
const parser = createParser({
  grammarsDir: fileURLToPath(new URL('../../src/indexer/grammars', import.meta.url)),
  treeSitterWasm: createRequire(import.meta.url).resolve('web-tree-sitter/web-tree-sitter.wasm'),
});

const BY_AST = `
import ast, json, sys
for path in sys.stdin.read().split('\\0'):
    if not path: continue
    try: tree = ast.parse(open(path, 'rb').read())
    except Exception: print(json.dumps({'path': path, 'broken': True})); continue
    def walk(node, local):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                print(json.dumps({'path': path, 'name': child.name, 'line': child.lineno, 'wanted': not local}))
                walk(child, local or not isinstance(child, ast.ClassDef))
            else: walk(child, local)
    walk(tree, False)
`;
/** Kinds of ctags that are definitions; everything else it knows is accepted, not demanded. */
const DEMANDED =
  /^(?:function|method|class|struct|union|enum|interface|trait|module|namespace|singletonMethod|methodSpec|record)$/;

for (const root of positionals) {
  const listed = execFileSync('git', ['-C', root, 'ls-files', '-z'], { maxBuffer: 1 << 30 })
    .toString()
    .split('\0');
  const ours = new Map<string, { files: string[]; found: Definition[]; ms: number }>();
  for (const path of listed.filter((each) => each !== '' && maySource(each))) {
    const stats = statOf(root, path);
    const source = stats && readSource(root, path, stats);
    if (!source?.ok) continue;
    const { symbols, by } = await parser.parse(source.language, source.text);
    if (by === 'patterns') continue;
    const group = ours.get(source.language.name) ?? { files: [], found: [], ms: 0 };
    ours.set(source.language.name, group);
    group.files.push(path);
    for (const { name, leadStart, lineStart, headEnd, local, kind } of symbols)
      group.found.push({
        path,
        name,
        line: Math.min(leadStart, lineStart),
        to: headEnd,
        wanted: !local && !/^(?:type|macro|property|impl)$/.test(kind),
      });
  }
  for (const [language, { files, found }] of ours) {
    const truth = reference(root, language, files);
    if (!truth || truth.definitions.length < 20) continue;
    compare(`${root.split('/').at(-1)} ${language}`, found, truth);
  }
}

interface Reference {
  definitions: Definition[];
  /** Files that the reference cannot read. */
  broken: ReadonlySet<string>;
}

function reference(root: string, language: string, files: readonly string[]): Reference | undefined {
  if (language === 'python') {
    const printed = spawnSync('python3', ['-c', BY_AST], { cwd: root, input: files.join('\0'), maxBuffer: 1 << 30 });
    const rows = printed.stdout
      .toString()
      .split('\n')
      .filter((line) => line !== '')
      .map((line): Definition & { broken?: boolean } => JSON.parse(line));
    return {
      definitions: rows.filter(({ broken }) => !broken),
      broken: new Set(rows.filter(({ broken }) => broken).map(({ path }) => path)),
    };
  }
  if (/^(?:typescript|tsx|javascript)$/.test(language)) {
    return values.typescript === undefined ? undefined : definitionsByCompiler(values.typescript, root, files);
  }
  if (!/^(?:go|rust|java|c|cpp|csharp|ruby|php)$/.test(language)) return undefined;
  const shown = ['--options=NONE', '--output-format=json', '--fields=+nK', '--kinds-all=*', '-L', '-', '-f', '-'];
  const { stdout } = spawnSync('ctags', shown, { cwd: root, input: files.join('\n'), maxBuffer: 1 << 30 });
  const definitions = stdout
    .toString()
    .split('\n')
    .filter((line) => line.startsWith('{"_type": "tag"'))
    .map((line): { path: string; name: string; line: number; kind: string } => JSON.parse(line))
    .filter(({ name }) => !/^__anon/.test(name))
    .map(({ path, name, line, kind }) => ({ path, name, line, wanted: DEMANDED.test(kind) }));
  return { definitions, broken: new Set() };
}

function compare(what: string, found: readonly Definition[], { definitions, broken }: Reference): void {
  const bare = (name: string) => name.replace(/^.*(?:::|\.)(?=.)/, '').replace(/^r#|\s+/g, '');
  const key = ({ path, name }: Definition) => `${path}:${bare(name)}`;
  const meets = (own: Definition, other: Definition) =>
    other.line >= own.line && other.line <= (own.to ?? own.line) + 1;
  const known = Map.groupBy(definitions, key);
  const seen = Map.groupBy(found, key);
  const demanded = definitions.filter(({ wanted, path }) => wanted && !broken.has(path));
  const given = found.filter(({ wanted, path }) => wanted && !broken.has(path));
  const missed = demanded.filter((each) => !seen.get(key(each))?.some((own) => meets(own, each)));
  const wrong = given.filter((each) => !known.get(key(each))?.some((other) => meets(each, other)));
  const percent = (part: number, all: number) => `${(100 - (100 * part) / Math.max(1, all)).toFixed(2)} %`;
  console.log(
    `${what.padEnd(34)} recall ${percent(missed.length, demanded.length)} of ${demanded.length}, precision ${percent(wrong.length, given.length)} of ${given.length}`,
  );
  if (!values.list) return;
  for (const each of missed.slice(0, 15)) console.log(`    missed ${key(each)}:${each.line}`);
  for (const each of wrong.slice(0, 15)) console.log(`    wrong  ${key(each)}:${each.line}`);
}
