import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detectLinter, detectTests } from '../../../src/checks/test-runner.ts';
import { commandsOf } from '../../../src/memory/project-commands.ts';
import type { ProjectLook } from '../../../src/platform/project-look.ts';

/** A repository that is only a list of files. */
function lookAt(files: Record<string, string>): ProjectLook {
  const paths = new Map(Object.entries(files).map(([path, text]) => [posix.normalize(path), text]));
  return {
    exists: (path) =>
      paths.has(posix.normalize(path)) ||
      [...paths.keys()].some((known) => known.startsWith(`${posix.normalize(path)}/`)),
    read: (path) => paths.get(posix.normalize(path)),
    list: (folder) => {
      const prefix = posix.normalize(folder) === '.' ? '' : `${posix.normalize(folder)}/`;
      return [
        ...new Set(
          [...paths.keys()]
            .filter((path) => path.startsWith(prefix))
            .map((path) => path.slice(prefix.length).split('/')[0] ?? ''),
        ),
      ];
    },
  };
}
const tested = (script: string) => JSON.stringify({ scripts: { test: script } });

describe('detectTests', () => {
  it.each<[string, Record<string, string>, string | undefined]>([
    ['npm', { 'package.json': tested('node --test') }, 'npm test'],
    ['pnpm by its lock file', { 'package.json': tested('vitest'), 'pnpm-lock.yaml': '' }, 'pnpm test'],
    ['yarn', { 'package.json': tested('jest'), 'yarn.lock': '' }, 'yarn test'],
    [
      "npm's placeholder is no test",
      { 'package.json': tested('echo "Error: no test specified" && exit 1') },
      undefined,
    ],
    ['a broken package.json is no test', { 'package.json': '{' }, undefined],
    ['pytest by its settings', { 'pyproject.toml': '[tool.pytest.ini_options]' }, 'python3 -m pytest -q'],
    ['pytest in a virtual environment', { 'pytest.ini': '', '.venv/bin/python': '' }, '.venv/bin/python -m pytest -q'],
    ['pytest by the lock file', { 'pytest.ini': '', 'uv.lock': '' }, 'uv run python -m pytest -q'],
    ['swift', { 'Package.swift': '' }, 'swift test'],
    ['tests of what was built before are not run', { 'CMakeLists.txt': '' }, undefined],
    ['unittest', { 'tests/test_a.py': 'import unittest' }, 'python3 -m unittest discover -s tests'],
    ['go', { 'go.mod': '' }, 'go test ./...'],
    ['cargo', { 'Cargo.toml': '' }, 'cargo test --quiet'],
    ['maven wrapper', { 'pom.xml': '', mvnw: '' }, './mvnw -q test'],
    ['gradle', { 'build.gradle.kts': '' }, 'gradle -q test'],
    ['dotnet', { 'App.sln': '' }, 'dotnet test --nologo'],
    ['rspec', { 'spec/a_spec.rb': '', Gemfile: '' }, 'bundle exec rspec'],
    ['phpunit', { 'phpunit.xml.dist': '', 'vendor/bin/phpunit': '' }, 'vendor/bin/phpunit'],
    ['mix', { 'mix.exs': '' }, 'mix test'],
    ['make', { Makefile: 'all:\n\techo\ncheck: all\n\t./t\n' }, 'make check'],
    ['a make variable is no target', { Makefile: 'test := 1\n' }, undefined],
    ['nothing', { 'a.txt': '' }, undefined],
  ])('%s', (_, files, command) => {
    expect(detectTests(['src/a'], lookAt(files))).toEqual(command === undefined ? undefined : { command, cwd: '.' });
    // The project memory names the tests as they are run here.
    const told = commandsOf({ files: Object.keys(files), read: (path) => files[path] });
    if (command !== undefined) expect(told.find(({ does }) => does === 'test')?.command).toBe(command);
  });

  it('takes the suite nearest to the changed files', () => {
    const look = lookAt({ 'package.json': tested('a'), 'tools/py/pytest.ini': '', 'web/package.json': tested('b') });
    expect(detectTests(['tools/py/src/x.py'], look)).toEqual({ command: 'python3 -m pytest -q', cwd: 'tools/py' });
    expect(detectTests(['web/src/deep/x.ts'], look)).toEqual({ command: 'npm test', cwd: 'web' });
    expect(detectTests(['README.md'], look)).toEqual({ command: 'npm test', cwd: '.' });
  });

  it('runs the tests of Python from the project, not from the folder they lie in', () => {
    const plain = lookAt({ 'shop/vat.py': '', 'tests/__init__.py': '', 'tests/test_vat.py': 'import unittest' });
    expect(detectTests(['tests/test_vat.py'], plain)).toEqual({ command: 'python3 -m unittest', cwd: '.' });
    const configured = lookAt({ 'shop/vat.py': '', 'tests/conftest.py': '', 'tests/unit/test_vat.py': '' });
    expect(detectTests(['tests/unit/test_vat.py'], configured)).toEqual({ command: 'python3 -m pytest -q', cwd: '.' });
    const beside = lookAt({ 'shop/vat.py': '', 'shop/test_vat.py': '' });
    expect(detectTests(['shop/vat.py'], beside)).toEqual({ command: 'python3 -m pytest -q', cwd: '.' });
  });
});

describe('detectLinter', () => {
  it('is what the project itself names', () => {
    expect(
      detectLinter(lookAt({ 'package.json': JSON.stringify({ scripts: { lint: 'biome' } }), 'pnpm-lock.yaml': '' })),
    ).toBe('pnpm run lint');
    expect(detectLinter(lookAt({ 'pyproject.toml': '[tool.ruff]\n' }))).toBe('ruff check .');
    expect(detectLinter(lookAt({ 'eslint.config.js': '' }))).toBeUndefined();
  });
});
