import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..', '..');

/** Builds the program once, before the first end-to-end test. */
export default function buildProgram(): void {
  execFileSync(process.execPath, [join('scripts', 'build.mjs')], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
}
