// npm run build: bundles src/ into dist/ with its assets, the help texts and the code that V8 compiled from the program.
//   node scripts/build.mjs [FOLDER] [--plain] [--short]
// --plain leaves the compiled code out: the same bytes each time. --short keeps that of a task's first request only.
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { runInThisContext } from 'node:vm';
import { bundleEntry, bundleProgram, bundleWorker, takenIn } from './bundle.mjs';
import { billOfMaterials, licencesText, partsOf } from './licences.mjs';
import { root } from './toolchain.mjs';
import { train } from './train.mjs';
import { declareTypes } from './types.mjs';

const { values: flags, positionals } = parseArgs({
  options: { plain: { type: 'boolean' }, short: { type: 'boolean' } },
  allowPositionals: true,
});
const dist = positionals[0] ?? join(root, 'dist');
const require = createRequire(import.meta.url);

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
const bundles = await Promise.all([
  bundleEntry('src/main.ts', join(dist, 'nex.js')),
  bundleEntry('src/package.ts', join(dist, 'package.js')),
  bundleProgram(join(dist, 'program.cjs')),
  bundleWorker(join(dist, 'index-worker.cjs')),
]);
chmodSync(join(dist, 'nex.js'), 0o755);
// The package itself says "module", which its sources are.
writeFileSync(join(dist, 'package.json'), '{ "type": "commonjs" }\n');
cpSync(join(root, 'src', 'indexer', 'grammars'), join(dist, 'grammars'), {
  recursive: true,
  // All licences are in one text.
  filter: (file) => !file.endsWith('.LICENSE'),
});
cpSync(join(root, 'src', 'cli', 'guides'), join(dist, 'guides'), { recursive: true });
cpSync(join(dirname(require.resolve('web-tree-sitter')), 'web-tree-sitter.wasm'), join(dist, 'web-tree-sitter.wasm'));
const parts = partsOf(bundles.flatMap(takenIn));
writeFileSync(join(dist, 'LICENCES.txt'), licencesText(parts));
writeFileSync(join(dist, 'sbom.cdx.json'), billOfMaterials(parts));

const program = { exports: {} };
const file = join(dist, 'program.cjs');
runInThisContext(readFileSync(file, 'latin1'))(program.exports, createRequire(file), program, file, dist);
writeFileSync(join(dist, 'help.json'), JSON.stringify(program.exports.helpTexts()));
writeFileSync(
  join(dist, 'events.schema.json'),
  `${JSON.stringify(await program.exports.eventJsonSchema(), null, 2)}\n`,
);
declareTypes(join(dist, 'types'));
if (!flags.plain) train(dist, { short: flags.short });
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
console.log(`built dist/nex.js, version ${version}`);
