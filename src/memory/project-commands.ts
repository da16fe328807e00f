import { inline, type RepositoryFiles, readJson, readToml, type Table, tableAt, textAt } from './repository-facts.ts';

/** A command that builds, tests or checks the project, and where it was found. */
export interface ProjectCommand {
  does: 'install' | 'build' | 'test' | 'lint' | 'format' | 'types' | 'run';
  command: string;
  from: string;
}

const LOCKS: ReadonlyArray<[RegExp, string]> = [
  [/^package-lock\.json$|^npm-shrinkwrap\.json$/, 'npm'],
  [/^pnpm-lock\.yaml$/, 'pnpm'],
  [/^yarn\.lock$/, 'yarn'],
  [/^bun\.lockb?$/, 'bun'],
  [/^deno\.lock$/, 'deno'],
  [/^uv\.lock$/, 'uv'],
  [/^poetry\.lock$/, 'poetry'],
  [/^pdm\.lock$/, 'pdm'],
  [/^Pipfile\.lock$/, 'pipenv'],
  [/^requirements[\w.-]*\.txt$/, 'pip'],
  [/^Cargo\.lock$|^Cargo\.toml$/, 'cargo'],
  [/^go\.mod$/, 'go modules'],
  [/^Gemfile\.lock$/, 'bundler'],
  [/^composer\.lock$/, 'composer'],
  [/^mix\.lock$/, 'mix'],
  [/^pubspec\.lock$/, 'pub'],
  [/^pom\.xml$/, 'maven'],
  [/^(?:build|settings)\.gradle(?:\.kts)?$/, 'gradle'],
];

/** The package managers whose lock files, or manifests where there is no lock, lie at the top. */
export function packageManagersOf({ files }: RepositoryFiles): string[] {
  const top = files.filter((path) => !path.includes('/'));
  const found = LOCKS.filter(([pattern]) => top.some((path) => pattern.test(path))).map(([, name]) => name);
  if (top.includes('package.json') && !found.some((name) => /^(?:npm|pnpm|yarn|bun)$/.test(name))) found.unshift('npm');
  return found;
}

/** The commands that the project's own files name, or that follow from what kind of project it is. */
export function commandsOf(repository: RepositoryFiles): ProjectCommand[] {
  const found = [...scripts(repository), ...makeTargets(repository), ...python(repository), ...byManifest(repository)];
  const seen = new Set<string>();
  return found.filter(({ command }) => !seen.has(command) && seen.add(command) !== undefined).slice(0, 24);
}

const PURPOSES: ReadonlyArray<[RegExp, ProjectCommand['does']]> = [
  [/^(?:install|setup|bootstrap|deps)$/, 'install'],
  [/^(?:build|compile|dist|bundle|all)$/, 'build'],
  [/^(?:test|tests|unit|check|verify|spec|ci)$|^test:(?:unit|integration|e2e|ci)$/, 'test'],
  [/^(?:lint|eslint|stylelint|clippy|vet)$|^lint:(?:check|js|ts)$/, 'lint'],
  [/^(?:format|fmt|prettier)(?::check)?$/, 'format'],
  [/^(?:types|typecheck|type-check|tsc|check-types|check:types|mypy)$/, 'types'],
  [/^(?:dev|start|serve|run)$/, 'run'],
];

function purposeOfName(name: string): ProjectCommand['does'] | undefined {
  return PURPOSES.find(([pattern]) => pattern.test(name))?.[1];
}

function scripts(repository: RepositoryFiles): ProjectCommand[] {
  const named = (table: Table, from: string, run: (name: string) => string) =>
    Object.keys(table).flatMap((name): ProjectCommand[] => {
      const does = purposeOfName(name);
      const text = textAt(table, name) ?? '';
      return does === undefined || /no test specified/.test(text) ? [] : [{ does, command: run(name), from }];
    });
  const managers = packageManagersOf(repository);
  const manager = managers.find((name) => /^(?:npm|pnpm|yarn|bun)$/.test(name)) ?? 'npm';
  const run = (name: string) => (name === 'test' && manager !== 'bun' ? `${manager} test` : `${manager} run ${name}`);
  return [
    ...named(tableAt(readJson(repository, 'package.json'), 'scripts'), 'package.json', run),
    ...named(tableAt(readJson(repository, 'composer.json'), 'scripts'), 'composer.json', (name) => `composer ${name}`),
    ...named(tableAt(readJson(repository, 'deno.json'), 'tasks'), 'deno.json', (name) => `deno task ${name}`),
  ];
}

function makeTargets({ read }: RepositoryFiles): ProjectCommand[] {
  const targets = (path: string, program: string, pattern: RegExp) =>
    [...(read(path) ?? '').matchAll(pattern)].flatMap(([, name = '']): ProjectCommand[] => {
      const does = purposeOfName(name);
      return does === undefined ? [] : [{ does, command: `${program} ${name}`, from: path }];
    });
  return [
    ...['Makefile', 'makefile', 'GNUmakefile'].flatMap((path) => targets(path, 'make', /^([\w-]+)\s*:(?![=:])/gm)),
    ...['justfile', 'Justfile'].flatMap((path) => targets(path, 'just', /^([\w-]+)(?: [^:\n]*)?:(?!=)/gm)),
  ];
}

function python(repository: RepositoryFiles): ProjectCommand[] {
  const project = readToml(repository, 'pyproject.toml');
  const tools = tableAt(project, 'tool');
  const from = Object.keys(project).length > 0 ? 'pyproject.toml' : 'the files';
  const has = (name: string) =>
    Object.hasOwn(tools, name) || repository.files.includes(`${name}.ini`) || repository.files.includes(`${name}.toml`);
  const runner = packageManagersOf(repository).find((name) => /^(?:uv|poetry|pdm|pipenv)$/.test(name));
  const run = (command: string) => (runner === undefined ? command : `${runner} run ${command}`);
  const found: ProjectCommand[] = [];
  const tests = repository.files.filter((path) => /(?:^|\/)(?:test_[^/]*|[^/]*_test)\.py$/.test(path)).slice(0, 20);
  if (has('pytest') || tests.length > 0) {
    const unittest = !has('pytest') && tests.every((path) => /\bunittest\b/.test(repository.read(path) ?? ''));
    const command = run(unittest ? 'python3 -m unittest' : 'pytest');
    found.push({ does: 'test', command, from: has('pytest') ? from : 'test files' });
  }
  if (repository.files.includes('tox.ini')) found.push({ does: 'test', command: run('tox'), from: 'tox.ini' });
  if (repository.files.includes('manage.py'))
    found.push({ does: 'test', command: run('python manage.py test'), from: 'manage.py' });
  if (has('ruff') || repository.files.includes('.ruff.toml'))
    found.push({ does: 'lint', command: run('ruff check'), from });
  if (has('black')) found.push({ does: 'format', command: run('black .'), from });
  if (has('mypy')) found.push({ does: 'types', command: run('mypy .'), from });
  return found;
}

/** Projects whose kind alone says how they are built and tested. */
function byManifest({ files }: RepositoryFiles): ProjectCommand[] {
  const has = (pattern: RegExp) => files.find((path) => pattern.test(path));
  const kinds: ReadonlyArray<[string | undefined, ReadonlyArray<[ProjectCommand['does'], string]>]> = [
    [
      has(/^Cargo\.toml$/),
      [
        ['build', 'cargo build'],
        ['test', 'cargo test'],
        ['lint', 'cargo clippy'],
      ],
    ],
    [
      has(/^go\.mod$/),
      [
        ['build', 'go build ./...'],
        ['test', 'go test ./...'],
        ['lint', 'go vet ./...'],
      ],
    ],
    [has(/^pom\.xml$/), [['test', has(/^mvnw$/) ? './mvnw test' : 'mvn test']]],
    [
      has(/^build\.gradle(?:\.kts)?$/),
      [
        ['build', `${has(/^gradlew$/) ? './gradlew' : 'gradle'} build`],
        ['test', `${has(/^gradlew$/) ? './gradlew' : 'gradle'} test`],
      ],
    ],
    [
      has(/^[^/]*\.sln[x]?$|^[^/]*\.csproj$/),
      [
        ['build', 'dotnet build'],
        ['test', 'dotnet test'],
      ],
    ],
    [has(/^\.rspec$|^spec\/.*_spec\.rb$/), [['test', 'bundle exec rspec']]],
    [has(/^phpunit\.xml(?:\.dist)?$/), [['test', 'vendor/bin/phpunit']]],
    [has(/^mix\.exs$/), [['test', 'mix test']]],
    [
      has(/^Package\.swift$/),
      [
        ['build', 'swift build'],
        ['test', 'swift test'],
      ],
    ],
    [
      has(/^CMakeLists\.txt$/),
      [
        ['build', 'cmake -S . -B build && cmake --build build'],
        ['test', 'ctest --test-dir build'],
      ],
    ],
  ];
  return kinds.flatMap(([from, commands]) =>
    from === undefined ? [] : commands.map(([does, command]) => ({ does, command, from: inline(from, 60) })),
  );
}
