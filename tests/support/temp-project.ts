import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A throw-away folder with these files. `dispose` removes it; `using` does so by itself. */
export interface TempProject extends Disposable {
  readonly root: string;
  path(name: string): string;
  write(name: string, content: string | Uint8Array): void;
}

export function tempProject(files: Readonly<Record<string, string | Uint8Array>> = {}): TempProject {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'nex-test-')));
  const write = (name: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  };
  for (const [name, content] of Object.entries(files)) write(name, content);
  return {
    root,
    path: (name) => join(root, name),
    write,
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}
