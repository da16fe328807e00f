// The package's types: declarations made by tsc, of which those are kept that the entry reaches.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { root } from './toolchain.mjs';

/** Writes `package.d.ts` and what it stands on into this folder. */
export function declareTypes(folder) {
  const all = mkdtempSync(join(tmpdir(), 'nex-types-'));
  try {
    const options = {
      extends: join(root, 'tsconfig.json'),
      // What is right was checked by `npm run types`.
      compilerOptions: {
        noEmit: false,
        declaration: true,
        emitDeclarationOnly: true,
        noCheck: true,
        rootDir: join(root, 'src'),
        outDir: all,
        typeRoots: [join(root, 'node_modules', '@types')],
      },
      include: [],
      files: [join(root, 'src', 'package.ts')],
    };
    const config = join(all, 'tsconfig.json');
    writeFileSync(config, JSON.stringify(options));
    execFileSync(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', config], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const kept = new Set();
    const keep = (name) => {
      if (kept.has(name)) return;
      kept.add(name);
      const text = readFileSync(join(all, name), 'utf8');
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      // Whoever reads them has no sources beside them.
      writeFileSync(join(folder, name), text.replaceAll(/(['"]\.{1,2}\/[^'"]+)\.ts(['"])/g, '$1.js$2'));
      for (const [, path] of text.matchAll(/(?:from|import\()\s*['"](\.{1,2}\/[^'"]+)\.ts['"]/g))
        keep(relative(all, join(all, dirname(name), `${path}.d.ts`)));
    };
    keep('package.d.ts');
  } finally {
    rmSync(all, { recursive: true, force: true });
  }
}
