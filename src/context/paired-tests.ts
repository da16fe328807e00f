import { escapePattern } from '../platform/escape-pattern.ts';

/** Names that say nothing: their folder's name stands for them. */
const NAMELESS = /^(?:index|mod|__init__|main|lib)$/;

/** A file's name without what marks it as a test: `user_service_test.go` and `UserService.java` both give `userservice`. */
function bareName(path: string): string {
  const folders = path.split('/');
  const file = (folders.pop() ?? '').replace(/\..*$/, '');
  const name = NAMELESS.test(file) ? (folders.at(-1) ?? file) : file;
  return name
    .replace(/^test_|[._-]?(?:tests?|specs?)$|(?:Tests?|TestCase|Specs?)$/g, '')
    .replace(/[_-]/g, '')
    .toLowerCase();
}

const isTest = (path: string) =>
  /(?:^|\/)(?:tests?|specs?|__tests__)\/|(?:^|\/)test_[^/]*$|[._-](?:test|spec)s?\.\w+$|_(?:test|spec)\.\w+$|(?:Tests?|TestCase|Specs?)\.\w+$/.test(
    path,
  );

/** Finds bare names in a path as it is written: what most paths do not have need not be looked at closer. */
function wherever(names: ReadonlySet<string>): RegExp {
  const loose = (name: string) => Array.from(name, escapePattern).join('[_-]*');
  return new RegExp(Array.from(names, loose).join('|'), 'iu');
}

/** For each of some source files the test that goes by its name, the nearest in the tree when there are several. */
export function pairedTests(sources: readonly string[], paths: readonly string[]): string[] {
  const wanted = new Set(sources.map(bareName));
  if (wanted.size === 0) return [];
  const near = wherever(wanted);
  const tests = new Map<string, string[]>();
  for (const path of paths) {
    if (!near.test(path) || !isTest(path)) continue;
    const name = bareName(path);
    if (wanted.has(name)) tests.set(name, [...(tests.get(name) ?? []), path]);
  }
  const found = sources.flatMap((source) => {
    if (isTest(source)) return [];
    const candidates = tests.get(bareName(source)) ?? [];
    return candidates.toSorted((a, b) => shared(source, b) - shared(source, a) || (a < b ? -1 : 1)).slice(0, 1);
  });
  return [...new Set(found)];
}

/** How many folder names two paths have in common, wherever they stand. */
function shared(a: string, b: string): number {
  const folders = new Set(a.split('/').slice(0, -1));
  return b
    .split('/')
    .slice(0, -1)
    .filter((folder) => folders.has(folder)).length;
}
