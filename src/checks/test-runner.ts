import { posix } from 'node:path';
import { kindsOf, packageScripts, scriptCommand } from '../platform/project-kinds.ts';
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
    for (const { test, testsBuild } of kindsOf(folder, look)) {
      // What was built before the change is not what changed.
      if (test !== undefined && !testsBuild) return { command: test, cwd: folder };
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

/** The linter's command when the project names one itself; undefined otherwise. */
export function detectLinter(look: ProjectLook): string | undefined {
  if (packageScripts('.', look).has('lint')) return scriptCommand('.', look, 'lint');
  if (look.exists('ruff.toml') || /^\[tool\.ruff/m.test(look.read('pyproject.toml') ?? '')) return 'ruff check .';
  return undefined;
}
