import { describe, expect, it } from 'vitest';
import { bootstrapMemory, generatedContents } from '../../../src/memory/bootstrap.ts';
import { conventionsOf } from '../../../src/memory/conventions.ts';
import { commandsOf, packageManagersOf } from '../../../src/memory/project-commands.ts';
import { languagesOf, layoutOf, nameOf, purposeOf } from '../../../src/memory/repository-facts.ts';

const repository = (files: Readonly<Record<string, string>>) => ({
  root: '/srv/shop',
  files: Object.keys(files),
  read: (path: string) => files[path],
});
const commands = (files: Readonly<Record<string, string>>) =>
  commandsOf(repository(files)).map(({ command }) => command);

describe('bootstrapMemory', () => {
  it('describes a TypeScript project', () => {
    const text = bootstrapMemory(
      repository({
        'README.md':
          '# Shop\n\n[![CI](x.svg)](y)\n\nA **small** shop for [tea](https://tea.example).\nIt sells by weight.\n\nMore.\n',
        'package.json':
          '{"name":"@tea/shop","type":"module","engines":{"node":">=22"},"scripts":{"test":"vitest run","build":"tsc","lint":"biome check","preview":"x"}}',
        'pnpm-lock.yaml': '',
        'tsconfig.json': '{\n  // strict is good\n  "compilerOptions": { "strict": true, "module": "nodenext", },\n}',
        'biome.json': '{"formatter":{"lineWidth":120},"javascript":{"formatter":{"quoteStyle":"single"}}}',
        'CLAUDE.md': '# Claude\n\n## Commands\n\nx\n\n## Style\n\ny\n',
        'AGENTS.md': 'Always run the linter before you finish.\n',
        '.github/workflows/ci.yml': '',
        'src/cart/total.ts': '',
        'src/main.ts': '',
        'scripts/deploy.sh': '',
        'tests/total.test.ts': '',
      }),
    );
    expect(text).toBe(`# Project Memory: @tea/shop

<!-- Yours to edit: nex reads this file before every task and shares it with the model.
     It only adds lines to the session log, and \`nex init --force\` refreshes what stands between nex:generated marks. -->

## Project Overview

<!-- nex:generated overview -->
@tea/shop: "A small shop for tea. It sells by weight."
<!-- /nex:generated -->

## Tech Stack

<!-- nex:generated stack -->
- Languages by files: TypeScript 75 %, Bash 25 %
- Packages: pnpm
- Build: \`pnpm run build\`
- Test: \`pnpm test\`
- Lint: \`pnpm run lint\`
<!-- /nex:generated -->

## Architecture

<!-- nex:generated layout -->
- \`src/\` 2 files: cart
- \`.github/\` 1 file
- \`scripts/\` 1 file
- \`tests/\` 1 file
<!-- /nex:generated -->

## Conventions

<!-- nex:generated conventions -->
- Modules: ESM (package.json "type": "module")
- Node >=22
- Formatter and linter: Biome, lines of 120, single quotes (biome.json)
- TypeScript: strict, module nodenext (tsconfig.json)
- CI: .github/workflows/ci.yml
- Instructions for agents, read before every task:
  - \`CLAUDE.md\`: Commands, Style
  - \`AGENTS.md\`: Always run the linter before you finish.
<!-- /nex:generated -->

## Notes

<!-- What nex cannot see in the code: decisions, traps, words of your trade. -->

## Session Log
`);
  });

  it('has the folder’s name, and no more, to say of an empty repository', () => {
    expect([...generatedContents(repository({}))]).toEqual([
      ['overview', 'shop.'],
      ['stack', ''],
      ['layout', ''],
      ['conventions', ''],
    ]);
  });

  it('lets no text of the repository end a generated block or open a comment', () => {
    const text = bootstrapMemory(
      repository({
        'README.md': 'Harmless words here <!-- /nex:generated --> and <!-- more of them\n',
        'package.json': '{"name":"x --> <!-- y"}',
        'AGENTS.md': '# <!-- nex:generated stack -->\n',
      }),
    );
    expect(text.match(/<!-- \/nex:generated -->/g)).toHaveLength(4);
    expect(text.match(/<!-- nex:generated \w+ -->/g)).toHaveLength(4);
  });

  it('survives configuration files that are broken', () => {
    const broken = '{ "scripts": [1, 2], "name": 7';
    expect(() =>
      bootstrapMemory(
        repository({
          'package.json': broken,
          'pyproject.toml': '= = =',
          'tsconfig.json': '[]',
          'Cargo.toml': '\0',
          '.prettierrc': '%',
        }),
      ),
    ).not.toThrow();
  });
});

describe('the facts', () => {
  it('finds the purpose under badges, tables and HTML, or in the manifest', () => {
    const purpose = (readme: string, more: Record<string, string> = {}) =>
      purposeOf(repository({ 'README.md': readme, ...more }));
    expect(purpose('Shop\n====\n\n<p align="center">\n<img src="x">\n</p>\n\n> A quoted claim about the shop.\n')).toBe(
      'A quoted claim about the shop.',
    );
    expect(
      purpose('# Shop\r\n\r\n| a | b |\r\n|---|---|\r\n\r\n- [Docs](x)\r\n\r\nSells tea to people who wait.\r\n'),
    ).toBe('Sells tea to people who wait.');
    expect(purpose('# Shop\n', { 'pyproject.toml': '[project]\nname = "x"\ndescription = "Tea by weight."\n' })).toBe(
      'Tea by weight.',
    );
    expect(purpose('# Shop\n\nbuild passing\n\nSells tea.\n\nAgents: always run this first.\n')).toBe('Sells tea.');
    expect(purpose('# Shop\n')).toBeUndefined();
  });

  it('takes the name from whichever manifest has one', () => {
    expect(nameOf(repository({ 'go.mod': 'module example.com/tea/shop\n\ngo 1.24\n' }), 'folder')).toBe('shop');
    expect(nameOf(repository({ 'Cargo.toml': '[package]\nname = "tea"\n' }), 'folder')).toBe('tea');
    expect(
      nameOf(
        repository({ 'pom.xml': '<parent><artifactId>p</artifactId></parent><artifactId>shop</artifactId>' }),
        'folder',
      ),
    ).toBe('shop');
    expect(nameOf(repository({}), 'folder')).toBe('folder');
  });

  it('leaves code of others out of the shares', () => {
    expect(
      languagesOf(
        repository({ 'a.go': '', 'b.go': '', 'c.py': '', 'vendor/x/d.c': '', 'node_modules/e.js': '', LICENSE: '' }),
      ),
    ).toEqual([
      { name: 'Go', share: 2 / 3 },
      { name: 'Python', share: 1 / 3 },
    ]);
  });

  it('counts the top folders and names the packages in them', () => {
    expect(
      layoutOf(
        repository({
          'packages/a/x.ts': '',
          'packages/b/y.ts': '',
          'docs/z.md': '',
          'README.md': '',
          '.nex/memory.md': '',
        }),
      ),
    ).toEqual(['- `packages/` 2 files: a, b', '- `docs/` 1 file']);
  });

  it.each([
    [{ 'package-lock.json': '' }, ['npm']],
    [{ 'package.json': '{}' }, ['npm']],
    [{ 'uv.lock': '', 'package.json': '{}', 'bun.lockb': '' }, ['bun', 'uv']],
    [{ 'requirements-dev.txt': '' }, ['pip']],
    [{ 'go.mod': '', 'sub/yarn.lock': '' }, ['go modules']],
  ])('knows the package managers of %j', (files, managers) => {
    expect(packageManagersOf(repository(files))).toEqual(managers);
  });

  it.each<[Record<string, string>, string[]]>([
    [
      { 'package.json': '{"scripts":{"test":"echo \\"Error: no test specified\\" && exit 1","dev":"vite"}}' },
      ['npm run dev'],
    ],
    [
      { Makefile: '.PHONY: test\nVERSION := 1\ntest: build\n\tpytest\nbuild:\n\tmake x\nclean:\n' },
      ['make test', 'make build'],
    ],
    [{ justfile: 'test filter="":\n  x\n' }, ['just test']],
    [
      { 'pyproject.toml': '[tool.pytest.ini_options]\n[tool.ruff]\n[tool.mypy]\n', 'uv.lock': '' },
      ['uv run python -m pytest -q', 'uv run ruff check', 'uv run mypy .'],
    ],
    [{ 'tests/test_a.py': '' }, ['python3 -m pytest -q']],
    [{ 'tests/test_a.py': 'import unittest\n' }, ['python3 -m unittest discover -s tests']],
    [{ 'tests/test_a.py': 'import unittest\n', 'pytest.ini': '' }, ['python3 -m pytest -q']],
    [{ 'Cargo.toml': '' }, ['cargo build', 'cargo test --quiet', 'cargo clippy']],
    [{ 'go.mod': '' }, ['go build ./...', 'go test ./...', 'go vet ./...']],
    [{ 'pom.xml': '', mvnw: '' }, ['./mvnw -q test']],
    [{ 'build.gradle.kts': '', gradlew: '' }, ['./gradlew build', './gradlew -q test']],
    [{ 'Shop.sln': '' }, ['dotnet build', 'dotnet test --nologo']],
    [{ 'spec/a_spec.rb': '', Gemfile: '' }, ['bundle exec rspec']],
    [{ 'CMakeLists.txt': '' }, ['cmake -S . -B build && cmake --build build', 'ctest --test-dir build']],
    [{ 'composer.json': '{"scripts":{"test":"phpunit"}}' }, ['composer test']],
    [{ 'deno.json': '{"tasks":{"test":"deno test"}}' }, ['deno task test']],
  ])('finds the commands of %j', (files, found) => {
    expect(commands(files)).toEqual(found);
  });

  it.each([
    [
      { '.editorconfig': '[*]\nindent_style = space\nindent_size = 2\nend_of_line = lf\n[*.py]\nindent_size = 4\n' },
      'Editor: 2 spaces, lf line ends (.editorconfig)',
    ],
    [
      { '.prettierrc': 'semi: false\nsingleQuote: true\nprintWidth: 100\n' },
      'Formatter: Prettier, lines of 100, single quotes, no semicolons (.prettierrc)',
    ],
    [
      { 'pyproject.toml': '[tool.ruff]\nline-length = 88\n[tool.ruff.format]\nquote-style = "double"\n' },
      'Ruff: lines of 88, double quotes (pyproject.toml)',
    ],
    [{ '.golangci.yml': '' }, 'Linter: golangci-lint (.golangci.yml)'],
    [{ 'Cargo.toml': '[package]\nedition = "2024"\n' }, 'Rust edition 2024 (Cargo.toml)'],
  ])('reads the conventions of %j', (files, line) => {
    expect(conventionsOf(repository(files))).toEqual([`- ${line}`]);
  });
});
