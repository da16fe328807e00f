// How exact the definitions are that the parser finds, against programs that know a language:
//   node tests/bench/definitions.ts [--typescript FOLDER] [--list COUNT] PROJECT …
// Python against `ast`, TypeScript and JavaScript against the compiler's API (FOLDER of a typescript package with
// one, up to 5.9), other languages against universal-ctags, which is itself right to about 97 %: where the two
// differ, the form of the source tells who is right (definitions-by-form.ts). `--list` shows so many of each kind.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createParser } from '../../src/indexer/parser.ts';
import { maySource, readSource, statOf } from '../../src/indexer/scanner.ts';
import { definitionsByCompiler } from './definitions-by-compiler.ts';
import { codeOf, type Form, formOf } from './definitions-by-form.ts';

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
  options: { typescript: { type: 'string' }, list: { type: 'string', default: '0' } },
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
  /^(?:func|function|method|class|struct|union|enum|interface|annotation|trait|module|namespace|singletonMethod|methodSpec|record|macro|property|type|talias|typedef|delegate)$/;
const CTAGS_NAMES: Record<string, string> = {
  cpp: 'C++',
  csharp: 'C#',
  c: 'C',
  go: 'Go',
  java: 'Java',
  php: 'PHP',
  ruby: 'Ruby',
  rust: 'Rust',
};

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
    for (const { name, leadStart, lineStart, lineEnd, headEnd, local, kind } of symbols)
      group.found.push({
        path,
        name,
        line: Math.min(leadStart, lineStart),
        // The name of a typedef stands behind its body.
        to: kind === 'type' ? lineEnd : headEnd,
        wanted: !local && !/^impl$/.test(kind),
      });
  }
  for (const [language, { files, found }] of ours) {
    const truth = reference(root, language, files);
    if (!truth || truth.definitions.length < 20) continue;
    compare(root, language, found, truth);
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
  const forced = CTAGS_NAMES[language];
  if (forced === undefined) return undefined;
  const shown = [
    '--options=NONE',
    `--language-force=${forced}`,
    '--output-format=json',
    '--fields=+nK',
    '--kinds-all=*',
    '-L',
    '-',
    '-f',
    '-',
  ];
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

function compare(
  root: string,
  language: string,
  found: readonly Definition[],
  { definitions, broken }: Reference,
): void {
  const meets = (own: Definition, other: Definition) =>
    other.line >= own.line && other.line <= (own.to ?? own.line) + 1;
  const known = Map.groupBy(definitions, key);
  const seen = Map.groupBy(found, key);
  const demanded = definitions.filter(({ wanted, path }) => wanted && !broken.has(path));
  const given = found.filter(({ wanted, path }) => wanted && !broken.has(path));
  let missed = demanded.filter((each) => !seen.get(key(each))?.some((own) => meets(own, each)));
  let extra = given.filter((each) => !known.get(key(each))?.some((other) => meets(each, other)));
  const byCtags = CTAGS_NAMES[language] !== undefined;
  const form = byCtags ? formsOf(root, language) : (): Form => 'definition';
  // `TEST(Suite, works) {`: ctags gives the name of the macro, nex what it is given; it is one definition.
  const otherwise = new Map<Definition, Definition>();
  const extraByPath = Map.groupBy(extra, ({ path }) => path);
  for (const each of missed) {
    if (form(each) !== 'names') continue;
    const own = extraByPath.get(each.path)?.find((one) => meets(one, each) && form(one) === 'definition');
    if (own) otherwise.set(each, own);
  }
  const named = new Set(otherwise.values());
  missed = missed.filter((each) => !otherwise.has(each));
  extra = extra.filter((each) => !named.has(each));

  const what = `${root.split('/').at(-1)} ${language}`.padEnd(28);
  const raw = percents(missed.length, demanded.length, extra.length, given.length);
  console.log(`${what} recall / precision ${raw} of ${demanded.length} and ${given.length}`);
  // One that nex has under no name is missed.
  const missedBy = Map.groupBy(missed, (each) => (form(each) === 'names' ? 'definition' : form(each)));
  const extraBy = Map.groupBy(extra, form);
  if (byCtags) {
    const ours = missedBy.get('definition')?.length ?? 0;
    const unseen = extraBy.get('definition')?.length ?? 0;
    const right = percents(ours, demanded.length - missed.length + ours, extra.length - unseen, given.length);
    console.log(`    where ctags is right ${right}`);
    console.log(
      `    only ctags has ${missed.length}: ${counts(missedBy)}; only nex has ${extra.length}: ${counts(extraBy)}`,
    );
  }
  for (const [name, each] of missedBy) show(`missed ${name}`, each);
  for (const [name, each] of extraBy) show(`extra ${name}`, each);
}

/** A name without the type or module before it. */
function bare(name: string): string {
  return name.replace(/^.*(?:::|\.)(?=.)/, '').replace(/^r#|\s+/g, '');
}

function key({ path, name }: Definition): string {
  return `${path}:${bare(name)}`;
}

function percents(missed: number, demanded: number, extra: number, given: number): string {
  const shares = [missed / Math.max(1, demanded), extra / Math.max(1, given)];
  return shares.map((share) => `${(100 * (1 - share)).toFixed(2)} %`).join(' / ');
}

function counts(groups: ReadonlyMap<Form, readonly Definition[]>): string {
  return [...groups].map(([form, { length }]) => `${length} ${form}`).join(', ') || 'none';
}

function show(kind: string, list: readonly Definition[]): void {
  for (const each of list.slice(0, Number(values.list))) console.log(`    ${kind}\t${key(each)}:${each.line}`);
}

/** What stands in the source where a definition is reported. */
function formsOf(root: string, language: string): (definition: Definition) => Form {
  const sources = new Map<string, { text: string; code: string }>();
  return ({ path, name, line, to = line }) => {
    let source = sources.get(path);
    if (!source) {
      const text = readFileSync(join(root, path), 'utf8');
      source = { text, code: codeOf(language, text) };
      sources.set(path, source);
    }
    return formOf(language, source, bare(name), [line, to + 1]);
  };
}
