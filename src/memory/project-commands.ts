import { posix } from 'node:path';
import { kindsOf, packageScripts, pythonRunner, scriptCommand } from '../platform/project-kinds.ts';
import type { ProjectLook } from '../platform/project-look.ts';
import { inline, type RepositoryFiles, readJson, readToml, tableAt } from './repository-facts.ts';

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
  const look = lookAmong(repository);
  const found = [
    ...scripts(repository, look),
    ...makeTargets(repository),
    ...byKind(look),
    ...python(repository, look),
  ];
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

function scripts(repository: RepositoryFiles, look: ProjectLook): ProjectCommand[] {
  const named = (names: Iterable<string>, from: string, run: (name: string) => string) =>
    [...names].flatMap((name): ProjectCommand[] => {
      const does = purposeOfName(name);
      return does === undefined ? [] : [{ does, command: run(name), from }];
    });
  const table = (path: string, key: string) => Object.keys(tableAt(readJson(repository, path), key));
  return [
    ...named(packageScripts('.', look).keys(), 'package.json', (name) => scriptCommand('.', look, name)),
    ...named(table('composer.json', 'scripts'), 'composer.json', (name) => `composer ${name}`),
    ...named(table('deno.json', 'tasks'), 'deno.json', (name) => `deno task ${name}`),
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

/** What else than its tests a Python project is checked with. */
function python(repository: RepositoryFiles, look: ProjectLook): ProjectCommand[] {
  const project = readToml(repository, 'pyproject.toml');
  const tools = tableAt(project, 'tool');
  const from = Object.keys(project).length > 0 ? 'pyproject.toml' : 'the files';
  const has = (name: string) =>
    Object.hasOwn(tools, name) || repository.files.includes(`${name}.ini`) || repository.files.includes(`${name}.toml`);
  const run = (command: string) => `${pythonRunner('.', look)}${command}`;
  const found: ProjectCommand[] = [];
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
function byKind(look: ProjectLook): ProjectCommand[] {
  return [...kindsOf('.', look)].flatMap((kind) =>
    (['build', 'test', 'lint'] as const).flatMap((does): ProjectCommand[] => {
      const command = kind[does];
      return command === undefined ? [] : [{ does, command, from: inline(kind.from, 60) }];
    }),
  );
}

/** The tracked files of a repository, looked at like those of a folder. */
function lookAmong({ files, read }: RepositoryFiles): ProjectLook {
  const folders = new Map<string, Set<string>>();
  for (const path of files) {
    const parts = path.split('/');
    for (let depth = 0; depth < parts.length; depth++) {
      const folder = parts.slice(0, depth).join('/') || '.';
      const names = folders.get(folder) ?? new Set();
      folders.set(folder, names.add(parts[depth] ?? ''));
    }
  }
  return {
    exists: (path) => folders.has(path) || (folders.get(posix.dirname(path))?.has(posix.basename(path)) ?? false),
    read: (path) => (files.includes(path) ? read(path) : undefined),
    list: (path) => [...(folders.get(path) ?? [])],
  };
}
