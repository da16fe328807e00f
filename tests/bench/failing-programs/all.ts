import { goAndRust } from './go-and-rust.ts';
import { javascript } from './javascript.ts';
import { javascriptChecks } from './javascript-checks.ts';
import { nativeAndJvm } from './native-and-jvm.ts';
import type { FailingProgram } from './program.ts';
import { pythonPrograms } from './python.ts';
import { scriptingAndShell } from './scripting-and-shell.ts';

export const failingPrograms: readonly FailingProgram[] = [
  ...javascript,
  ...javascriptChecks,
  ...pythonPrograms,
  ...goAndRust,
  ...nativeAndJvm,
  ...scriptingAndShell,
];
