import { inline, type RepositoryFiles, readJson, readToml, type Table, tableAt, textAt } from './repository-facts.ts';

/** What the project's own configuration says about how its code is written, one short line each. */
export function conventionsOf(repository: RepositoryFiles): string[] {
  return [
    ...editorconfig(repository),
    ...javascript(repository),
    ...typescript(repository),
    ...python(repository),
    ...others(repository),
  ].map((line) => `- ${inline(line, 240)}`);
}

/** What the project says to coding agents: each file named, with what it speaks of; its text is read at every task. */
export function agentFilesOf({ files, read }: RepositoryFiles): string[] {
  return files
    .filter((path) =>
      /^(?:CLAUDE\.md|AGENTS\.md|GEMINI\.md|\.cursorrules|\.windsurfrules|\.github\/copilot-instructions\.md|\.cursor\/rules\/[^/]+\.mdc?)$/.test(
        path,
      ),
    )
    .map((path) => {
      const text = (read(path) ?? '').replace(/```[\s\S]*?```/g, '');
      const headings = [...text.matchAll(/^##? +(.+?)\s*#*$/gm)].map(([, title = '']) => title);
      const topics = (headings.length > 1 ? headings.slice(1) : headings).slice(0, 8).join(', ');
      const first = /^[^\s#<>|-][^\n]{10,}/m.exec(text)?.[0];
      const says = topics === '' ? (first ?? '') : topics;
      return `- \`${inline(path, 80)}\`${says === '' ? '' : `: ${inline(says, 200)}`}`;
    });
}

function editorconfig({ read }: RepositoryFiles): string[] {
  const text = read('.editorconfig');
  if (text === undefined) return [];
  // The section for all files, as far as the next one.
  const all = /^\[\*\]\s*$([\s\S]*?)(?=^\[|(?![\s\S]))/m.exec(text.replaceAll('\r\n', '\n'))?.[1] ?? '';
  const value = (key: string) => new RegExp(`^\\s*${key}\\s*=\\s*(\\S+)`, 'm').exec(all)?.[1];
  const said = [
    value('indent_style') === 'tab' ? 'tabs' : value('indent_size') && `${value('indent_size')} spaces`,
    value('max_line_length') && `lines of ${value('max_line_length')}`,
    value('end_of_line') && `${value('end_of_line')} line ends`,
    value('charset'),
  ].filter((part) => part !== undefined);
  return said.length === 0 ? [] : [`Editor: ${said.join(', ')} (.editorconfig)`];
}

function javascript(repository: RepositoryFiles): string[] {
  const { files } = repository;
  const lines: string[] = [];
  const manifest = readJson(repository, 'package.json');
  if (files.includes('package.json')) {
    lines.push(
      textAt(manifest, 'type') === 'module'
        ? 'Modules: ESM (package.json "type": "module")'
        : 'Modules: CommonJS by default (package.json)',
    );
  }
  const node = textAt(tableAt(manifest, 'engines'), 'node') ?? repository.read('.nvmrc')?.trim();
  if (node !== undefined && node !== '') lines.push(`Node ${node}`);
  const prettier = files.find((path) => /^(?:\.prettierrc(?:\.\w+)?|prettier\.config\.\w+)$/.test(path));
  if (prettier !== undefined || 'prettier' in manifest) {
    const style = prettierStyle(repository, prettier, manifest);
    lines.push(`Formatter: Prettier${style === '' ? '' : `, ${style}`} (${prettier ?? 'package.json'})`);
  }
  const biome = files.find((path) => /^biome\.jsonc?$/.test(path));
  if (biome !== undefined) {
    const settings = readJson(repository, biome);
    const style = styleOf({ ...tableAt(settings, 'formatter'), ...tableAt(settings, 'javascript', 'formatter') });
    lines.push(`Formatter and linter: Biome${style === '' ? '' : `, ${style}`} (${biome})`);
  }
  const eslint = files.find((path) => /^(?:\.eslintrc(?:\.\w+)?|eslint\.config\.\w+)$/.test(path));
  if (eslint !== undefined) lines.push(`Linter: ESLint (${eslint})`);
  return lines;
}

function prettierStyle(repository: RepositoryFiles, path: string | undefined, manifest: Table): string {
  if (path === undefined) return styleOf(tableAt(manifest, 'prettier'));
  const json = readJson(repository, path);
  if (Object.keys(json).length > 0) return styleOf(json);
  // YAML or a script: the simple keys look the same in both.
  const pairs = [...(repository.read(path) ?? '').matchAll(/^\s*(\w+):\s*['"]?([\w.-]+)['"]?,?\s*$/gm)];
  return styleOf(
    Object.fromEntries(
      pairs.map(([, key = '', value = '']) => [
        key,
        /^\d+$/.test(value) ? Number(value) : value === 'true' ? true : value === 'false' ? false : value,
      ]),
    ),
  );
}

/** Prettier's and Biome's settings in words. */
function styleOf(settings: Table): string {
  const width = settings['printWidth'] ?? settings['lineWidth'];
  const indent = settings['tabWidth'] ?? settings['indentWidth'];
  const tabs = settings['useTabs'] === true || settings['indentStyle'] === 'tab';
  const single = settings['singleQuote'] === true || settings['quoteStyle'] === 'single';
  const double = settings['singleQuote'] === false || settings['quoteStyle'] === 'double';
  const bare = settings['semi'] === false || settings['semicolons'] === 'asNeeded';
  return [
    typeof width === 'number' ? `lines of ${width}` : '',
    tabs ? 'tabs' : typeof indent === 'number' ? `${indent} spaces` : '',
    single ? 'single quotes' : double ? 'double quotes' : '',
    bare ? 'no semicolons' : '',
    typeof settings['trailingComma'] === 'string' ? `trailing commas: ${settings['trailingComma']}` : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}

function typescript(repository: RepositoryFiles): string[] {
  if (!repository.files.includes('tsconfig.json')) return [];
  const options = tableAt(readJson(repository, 'tsconfig.json'), 'compilerOptions');
  const said = [
    options['strict'] === true ? 'strict' : '',
    ...['noUncheckedIndexedAccess', 'exactOptionalPropertyTypes', 'verbatimModuleSyntax', 'erasableSyntaxOnly'].filter(
      (key) => options[key] === true,
    ),
    textAt(options, 'module') === undefined ? '' : `module ${textAt(options, 'module')}`,
    textAt(options, 'target') === undefined ? '' : `target ${textAt(options, 'target')}`,
  ].filter((part) => part !== '');
  return said.length === 0 ? [] : [`TypeScript: ${said.join(', ')} (tsconfig.json)`];
}

function python(repository: RepositoryFiles): string[] {
  const project = readToml(repository, 'pyproject.toml');
  const tools = tableAt(project, 'tool');
  const lines: string[] = [];
  const version = textAt(tableAt(project, 'project'), 'requires-python');
  if (version !== undefined) lines.push(`Python ${version}`);
  for (const [name, label] of [
    ['ruff', 'Ruff'],
    ['black', 'Black'],
  ] as const) {
    if (!Object.hasOwn(tools, name)) continue;
    const width = tableAt(tools, name)['line-length'];
    const quotes = textAt(tableAt(tools, name, 'format'), 'quote-style');
    const style = [
      typeof width === 'number' ? `lines of ${width}` : '',
      quotes === undefined ? '' : `${quotes} quotes`,
    ].filter((part) => part !== '');
    lines.push(`${label}${style.length === 0 ? '' : `: ${style.join(', ')}`} (pyproject.toml)`);
  }
  if (Object.hasOwn(tools, 'mypy'))
    lines.push(`mypy${tableAt(tools, 'mypy')['strict'] === true ? ', strict' : ''} (pyproject.toml)`);
  return lines;
}

/** Files whose being there is the convention. */
const SIGNS: ReadonlyArray<[RegExp, (path: string) => string]> = [
  [/^\.?rustfmt\.toml$/, (path) => `Formatter: rustfmt with settings (${path})`],
  [/^\.clang-format$/, (path) => `Formatter: clang-format (${path})`],
  [/^\.golangci\.(?:ya?ml|toml|json)$/, (path) => `Linter: golangci-lint (${path})`],
  [/^\.rubocop\.yml$/, (path) => `Linter: RuboCop (${path})`],
  [/^phpstan\.neon(?:\.dist)?$/, (path) => `Types: PHPStan (${path})`],
  [/^\.pre-commit-config\.yaml$/, (path) => `Hooks: pre-commit (${path})`],
  [/^\.husky\/[\w-]+$/, (path) => `Hooks: husky (${path})`],
  [/^(?:\.commitlintrc(?:\.\w+)?|commitlint\.config\.\w+)$/, (path) => `Commit messages are linted (${path})`],
  [/^(?:CONTRIBUTING|\.github\/CONTRIBUTING)\.md$/, (path) => `How to contribute: ${path}`],
];

function others(repository: RepositoryFiles): string[] {
  const lines = SIGNS.flatMap(([pattern, say]) => {
    const path = repository.files.find((file) => pattern.test(file));
    return path === undefined ? [] : [say(path)];
  });
  const go = /^go\s+([\d.]+)/m.exec(repository.read('go.mod') ?? '')?.[1];
  if (go !== undefined) lines.push(`Go ${go} (go.mod)`);
  const edition = textAt(tableAt(readToml(repository, 'Cargo.toml'), 'package'), 'edition');
  if (edition !== undefined) lines.push(`Rust edition ${edition} (Cargo.toml)`);
  const workflows = repository.files.filter((path) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path));
  if (workflows.length > 0) lines.push(`CI: ${workflows.slice(0, 6).join(', ')}`);
  return lines;
}
