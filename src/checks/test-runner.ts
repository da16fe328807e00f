import { posix } from 'node:path';
import type { ProjectLook } from '../platform/project-look.ts';

/** A test suite found in the repository. */
export interface TestSuite {
  command: string;
  /** Folder it runs in, relative to the root; `.` is the root. */
  cwd: string;
}

/**
 * The test suite nearest to the changed files: their folders are searched upwards to the root, and the first
 * folder with a suite wins. Undefined when there is none.
 */
export function detectTests(changed: readonly string[], look: ProjectLook): TestSuite | undefined {
  for (const folder of foldersAbove(changed)) {
    for (const detect of DETECTORS) {
      const command = detect((name) => posix.join(folder, name), look);
      if (command !== undefined) return { command, cwd: folder };
    }
  }
  return undefined;
}

/** The folders of the files and all above them, deepest first, the root last. */
function foldersAbove(files: readonly string[]): string[] {
  const folders = new Set<string>(['.']);
  for (const file of files) {
    for (let folder = posix.dirname(file); folder !== '.' && folder !== '/'; folder = posix.dirname(folder))
      folders.add(folder);
  }
  return [...folders].sort((a, b) => depth(b) - depth(a) || (a < b ? -1 : 1));
}

function depth(folder: string): number {
  return folder === '.' ? 0 : folder.split('/').length;
}

type Detector = (at: (name: string) => string, look: ProjectLook) => string | undefined;

const node: Detector = (at, look) => {
  const script = scriptOf(look.read(at('package.json')), 'test');
  // npm's own placeholder exits 1 and tests nothing.
  if (script === undefined || /no test specified/.test(script)) return undefined;
  return `${packageManager(at, look)} test`;
};

/** What makes a folder a Python project; below the root, tests alone do not: they import what lies above them. */
const PYTHON_ROOTS = ['pytest.ini', 'pyproject.toml', 'setup.cfg', 'setup.py', 'tox.ini', 'requirements.txt'];

const python: Detector = (at, look) => {
  const isRoot = at('.') === '.';
  const isProject = !/(^|\/)tests?$/.test(at('.')) && PYTHON_ROOTS.some((name) => look.exists(at(name)));
  if (!isRoot && !isProject) return undefined;
  const settings = ['pyproject.toml', 'setup.cfg', 'tox.ini'].map((name) => look.read(at(name)) ?? '').join('\n');
  const folders = look.list(at('.')).filter((name) => !name.includes('.'));
  const tests = ['.', ...folders].flatMap((folder) =>
    look
      .list(at(folder))
      .filter((name) => /^(test_.*|.*_test)\.py$/.test(name))
      .map((name) => at(posix.join(folder, name))),
  );
  const configured =
    look.exists(at('pytest.ini')) ||
    look.exists(at('conftest.py')) ||
    look.exists(at('tests/conftest.py')) ||
    /\bpytest\b/.test(settings);
  if (!configured && tests.length === 0) return undefined;
  const interpreter = ['.venv/bin/python', 'venv/bin/python'].find((path) => look.exists(at(path))) ?? 'python3';
  const usesPytest = configured || tests.some((path) => !/\bunittest\b/.test(look.read(path) ?? ''));
  if (usesPytest) return `${interpreter} -m pytest -q`;
  return look.list(at('tests')).length > 0 && !look.exists(at('tests/__init__.py'))
    ? `${interpreter} -m unittest discover -s tests`
    : `${interpreter} -m unittest`;
};

const go: Detector = (at, look) => (look.exists(at('go.mod')) ? 'go test ./...' : undefined);
const rust: Detector = (at, look) => (look.exists(at('Cargo.toml')) ? 'cargo test --quiet' : undefined);
const maven: Detector = (at, look) =>
  look.exists(at('pom.xml')) ? `${look.exists(at('mvnw')) ? './mvnw' : 'mvn'} -q test` : undefined;
const gradle: Detector = (at, look) =>
  look.exists(at('build.gradle')) || look.exists(at('build.gradle.kts'))
    ? `${look.exists(at('gradlew')) ? './gradlew' : 'gradle'} -q test`
    : undefined;
const dotnet: Detector = (at, look) =>
  look.list(at('.')).some((name) => /\.(sln|slnx|csproj|fsproj)$/.test(name)) ? 'dotnet test --nologo' : undefined;
const ruby: Detector = (at, look) => {
  if (look.exists(at('.rspec')) || look.list(at('spec')).some((name) => name.endsWith('_spec.rb')))
    return look.exists(at('Gemfile')) ? 'bundle exec rspec' : 'rspec';
  return look.exists(at('Rakefile')) && look.exists(at('test')) ? 'rake test' : undefined;
};
const php: Detector = (at, look) =>
  look.exists(at('phpunit.xml')) || look.exists(at('phpunit.xml.dist'))
    ? look.exists(at('vendor/bin/phpunit'))
      ? 'vendor/bin/phpunit'
      : 'phpunit'
    : undefined;
const elixir: Detector = (at, look) => (look.exists(at('mix.exs')) ? 'mix test' : undefined);
const make: Detector = (at, look) => {
  const text = look.read(at('Makefile')) ?? look.read(at('makefile')) ?? '';
  const target = /^(test|check)\s*:(?!=)/m.exec(text)?.[1];
  return target === undefined ? undefined : `make ${target}`;
};

const DETECTORS: readonly Detector[] = [node, python, go, rust, maven, gradle, dotnet, ruby, php, elixir, make];

/** The linter's command when the project names one itself; undefined otherwise. */
export function detectLinter(look: ProjectLook): string | undefined {
  const at = (name: string) => name;
  if (scriptOf(look.read('package.json'), 'lint') !== undefined) return `${packageManager(at, look)} run lint`;
  if (look.exists('ruff.toml') || /^\[tool\.ruff/m.test(look.read('pyproject.toml') ?? '')) return 'ruff check .';
  return undefined;
}

function packageManager(at: (name: string) => string, look: ProjectLook): string {
  const managers: ReadonlyArray<[string, string]> = [
    ['pnpm-lock.yaml', 'pnpm'],
    ['yarn.lock', 'yarn'],
    ['bun.lock', 'bun run'],
    ['bun.lockb', 'bun run'],
  ];
  return managers.find(([lock]) => look.exists(at(lock)) || look.exists(lock))?.[1] ?? 'npm';
}

function scriptOf(packageJson: string | undefined, name: string): string | undefined {
  if (packageJson === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(packageJson);
    const scripts = typeof value === 'object' && value !== null && 'scripts' in value ? value.scripts : undefined;
    const script =
      typeof scripts === 'object' && scripts !== null
        ? Object.entries(scripts).find(([key]) => key === name)?.[1]
        : undefined;
    return typeof script === 'string' ? script : undefined;
  } catch {
    return undefined; // a broken package.json is for the model to find
  }
}
