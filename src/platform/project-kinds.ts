import { posix } from 'node:path';
import type { ProjectLook } from './project-look.ts';

/** How a project of some kind is built and checked. */
export interface ProjectKind {
  /** The file that says so. */
  from: string;
  build?: string;
  test?: string | undefined;
  lint?: string;
  /** Its tests run what was built before. */
  testsBuild?: true;
}

/** A folder's file. */
type At = (name: string) => string;
type Finder = (at: At, look: ProjectLook) => ProjectKind | undefined;

/** The kinds of project that a folder is, by its manifests; the likeliest first, looked for one by one. */
export function* kindsOf(folder: string, look: ProjectLook): Generator<ProjectKind> {
  for (const find of FINDERS) {
    const kind = find((name) => posix.join(folder, name), look);
    if (kind) yield kind;
  }
}

/** The scripts of a folder's package.json, without npm's own placeholder, which tests nothing; none when it is broken. */
export function packageScripts(folder: string, look: ProjectLook): Map<string, string> {
  try {
    const value: unknown = JSON.parse(look.read(posix.join(folder, 'package.json'))?.replace(/^\ufeff/, '') ?? '{}');
    const scripts = typeof value === 'object' && value !== null && 'scripts' in value ? value.scripts : {};
    return new Map(
      Object.entries(scripts ?? {}).flatMap(([name, text]) =>
        typeof text === 'string' && text.trim() !== '' && !/no test specified/.test(text) ? [[name, text]] : [],
      ),
    );
  } catch {
    return new Map(); // for the model to find
  }
}

/** How a script of a folder's package.json is run: by the package manager whose lock file lies there or at the top. */
export function scriptCommand(folder: string, look: ProjectLook, script: string): string {
  const locked = ([lock]: [string, string]) => look.exists(posix.join(folder, lock)) || look.exists(lock);
  const manager = NODE_LOCKS.find(locked)?.[1] ?? 'npm';
  return script === 'test' && manager !== 'bun' ? `${manager} test` : `${manager} run ${script}`;
}

const NODE_LOCKS: ReadonlyArray<[string, string]> = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
];

/** Programs that run others in a project's own environment. */
const PYTHON_LOCKS: ReadonlyArray<[string, string]> = [
  ['uv.lock', 'uv run '],
  ['poetry.lock', 'poetry run '],
  ['pdm.lock', 'pdm run '],
  ['Pipfile.lock', 'pipenv run '],
];

/** What stands before a Python program so that it runs in the project's environment; empty when nothing is needed. */
export function pythonRunner(folder: string, look: ProjectLook): string {
  return PYTHON_LOCKS.find(([lock]) => look.exists(posix.join(folder, lock)))?.[1] ?? '';
}

const node: Finder = (at, look) => {
  if (!packageScripts(at('.'), look).has('test')) return undefined;
  return { from: at('package.json'), test: scriptCommand(at('.'), look, 'test') };
};

/** What makes a folder a Python project; below the root, tests alone do not: they import what lies above them. */
const PYTHON_ROOTS = ['pytest.ini', 'pyproject.toml', 'setup.cfg', 'setup.py', 'tox.ini', 'requirements.txt'];

const python: Finder = (at, look) => {
  const isProject = !/(^|\/)tests?$/.test(at('.')) && PYTHON_ROOTS.some((name) => look.exists(at(name)));
  if (at('.') !== '.' && !isProject) return undefined;
  const setUp =
    ['pytest.ini', 'conftest.py', 'tests/conftest.py'].find((name) => look.exists(at(name))) ??
    ['pyproject.toml', 'setup.cfg', 'tox.ini'].find((name) => /\bpytest\b/.test(look.read(at(name)) ?? ''));
  const folders = look.list(at('.')).filter((name) => !name.includes('.'));
  const tests = ['.', ...folders].flatMap((folder) =>
    look
      .list(at(folder))
      .filter((name) => /^(test_.*|.*_test)\.py$/.test(name))
      .map((name) => at(posix.join(folder, name))),
  );
  if (setUp === undefined && tests.length === 0) return undefined;
  const runner = pythonRunner(at('.'), look);
  const interpreter =
    ['.venv/bin/python', 'venv/bin/python'].find((path) => look.exists(at(path))) ??
    (runner === '' ? 'python3' : `${runner}python`);
  const from = setUp === undefined ? 'test files' : at(setUp);
  if (setUp !== undefined || tests.some((path) => !/\bunittest\b/.test(look.read(path) ?? '')))
    return { from, test: `${interpreter} -m pytest -q` };
  const apart = look.list(at('tests')).length > 0 && !look.exists(at('tests/__init__.py'));
  return { from, test: `${interpreter} -m unittest${apart ? ' discover -s tests' : ''}` };
};

/** A kind that a manifest alone tells. */
const byManifest =
  (names: readonly string[], commands: (at: At, look: ProjectLook) => Omit<ProjectKind, 'from'>): Finder =>
  (at, look) => {
    const name = names.find((each) => look.exists(at(each)));
    return name === undefined ? undefined : { from: at(name), ...commands(at, look) };
  };

const gradle = byManifest(['build.gradle', 'build.gradle.kts'], (at, look) => {
  const program = look.exists(at('gradlew')) ? './gradlew' : 'gradle';
  return { build: `${program} build`, test: `${program} -q test` };
});

const dotnet: Finder = (at, look) => {
  const name = look.list(at('.')).find((each) => /\.(sln|slnx|csproj|fsproj)$/.test(each));
  return name === undefined ? undefined : { from: at(name), build: 'dotnet build', test: 'dotnet test --nologo' };
};

const ruby: Finder = (at, look) => {
  const spec = look.list(at('spec')).find((name) => name.endsWith('_spec.rb'));
  if (look.exists(at('.rspec')) || spec !== undefined)
    return {
      from: look.exists(at('.rspec')) ? at('.rspec') : at(`spec/${spec}`),
      test: look.exists(at('Gemfile')) ? 'bundle exec rspec' : 'rspec',
    };
  return look.exists(at('Rakefile')) && look.exists(at('test'))
    ? { from: at('Rakefile'), test: 'rake test' }
    : undefined;
};

const php = byManifest(['phpunit.xml', 'phpunit.xml.dist'], (at, look) => ({
  test: look.exists(at('vendor/bin/phpunit')) || look.exists(at('composer.json')) ? 'vendor/bin/phpunit' : 'phpunit',
}));

const make = byManifest(['GNUmakefile', 'makefile', 'Makefile'], (at, look) => {
  const text = ['GNUmakefile', 'makefile', 'Makefile']
    .map((name) => look.read(at(name)))
    .find((each) => each !== undefined);
  const target = /^(test|check)\s*:(?!=)/m.exec(text ?? '')?.[1];
  return { test: target === undefined ? undefined : `make ${target}` };
});

const FINDERS: readonly Finder[] = [
  node,
  python,
  byManifest(['go.mod'], () => ({ build: 'go build ./...', test: 'go test ./...', lint: 'go vet ./...' })),
  byManifest(['Cargo.toml'], () => ({ build: 'cargo build', test: 'cargo test --quiet', lint: 'cargo clippy' })),
  byManifest(['pom.xml'], (at, look) => ({ test: `${look.exists(at('mvnw')) ? './mvnw' : 'mvn'} -q test` })),
  gradle,
  dotnet,
  ruby,
  php,
  byManifest(['mix.exs'], () => ({ test: 'mix test' })),
  byManifest(['Package.swift'], () => ({ build: 'swift build', test: 'swift test' })),
  make,
  byManifest(['CMakeLists.txt'], () => ({
    build: 'cmake -S . -B build && cmake --build build',
    test: 'ctest --test-dir build',
    testsBuild: true,
  })),
];
