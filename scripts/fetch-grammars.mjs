// Re-creates src/indexer/grammars from pinned npm tarballs; no install script runs and nothing else is taken from them.
//   node scripts/fetch-grammars.mjs           writes LANG.wasm.br, LANG.LICENSE and manifest.json
//   node scripts/fetch-grammars.mjs --check   fails when a committed file is not what the manifest says
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';

const FOLDER = fileURLToPath(new URL('../src/indexer/grammars', import.meta.url));
const MANIFEST = join(FOLDER, 'manifest.json');

/** Package and exact version -> the grammars taken from it. */
const PINS = {
  'tree-sitter-bash@0.25.1': ['bash'],
  'tree-sitter-c@0.24.1': ['c'],
  'tree-sitter-c-sharp@0.23.5': ['c_sharp'],
  'tree-sitter-cpp@0.23.4': ['cpp'],
  'tree-sitter-css@0.25.0': ['css'],
  'tree-sitter-elixir@0.3.5': ['elixir'],
  'tree-sitter-go@0.25.0': ['go'],
  'tree-sitter-java@0.23.5': ['java'],
  'tree-sitter-javascript@0.25.0': ['javascript'],
  '@tree-sitter-grammars/tree-sitter-kotlin@1.1.0': ['kotlin'],
  '@tree-sitter-grammars/tree-sitter-lua@0.4.1': ['lua'],
  'tree-sitter-php@0.24.2': ['php'],
  'tree-sitter-python@0.25.0': ['python'],
  'tree-sitter-ruby@0.23.1': ['ruby'],
  'tree-sitter-rust@0.24.0': ['rust'],
  'tree-sitter-scala@0.24.0': ['scala'],
  '@repomix/tree-sitter-wasms@0.1.17': ['swift'],
  'tree-sitter-typescript@0.23.2': ['typescript', 'tsx'],
  '@tree-sitter-grammars/tree-sitter-zig@1.1.2': ['zig'],
};

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

if (process.argv.includes('--check')) check();
else fetchAll();

function check() {
  const manifest = JSON.parse(readFileSync(MANIFEST, 'utf8'));
  const pinned = Object.entries(PINS).flatMap(([spec, names]) => names.map((name) => `${name} ${spec}`));
  const listed = Object.entries(manifest).map(([name, entry]) => `${name} ${entry.package}`);
  if (pinned.sort().join() !== listed.sort().join()) fail('manifest.json does not list the pinned packages');
  for (const [name, entry] of Object.entries(manifest)) {
    const wasm = brotliDecompressSync(readFileSync(join(FOLDER, `${name}.wasm.br`)));
    if (sha256(wasm) !== entry.sha256) fail(`${name}.wasm.br is not the grammar of ${entry.package}`);
    if (readFileSync(join(FOLDER, `${name}.LICENSE`), 'utf8').trim() === '') fail(`${name} has no licence text`);
  }
  console.log(`${listed.length} grammars are as pinned.`);
}

function fetchAll() {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const manifest = {};
  for (const [spec, names] of Object.entries(PINS)) {
    const folder = mkdtempSync(join(tmpdir(), 'nex-grammar-'));
    const command = ['pack', spec, '--json', '--ignore-scripts', '--pack-destination', folder];
    const printed = execFileSync('npm', command, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const [tarball] = JSON.parse(printed);
    execFileSync('tar', ['-xzf', join(folder, tarball.filename), '-C', folder]);
    const unpacked = join(folder, 'package');
    const licence = readdirSync(unpacked).find((file) => /^licen[cs]e/i.test(file));
    if (!licence) fail(`${spec} brings no licence file`);
    for (const name of names) {
      const wasm = readFileSync(join(unpacked, spec.startsWith('@repomix/') ? 'out' : '', `tree-sitter-${name}.wasm`));
      const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 } };
      writeFileSync(join(FOLDER, `${name}.wasm.br`), brotliCompressSync(wasm, options));
      copyFileSync(join(unpacked, licence), join(FOLDER, `${name}.LICENSE`));
      manifest[name] = { package: spec, integrity: tarball.integrity, bytes: wasm.length, sha256: sha256(wasm) };
      console.log(`${name} from ${spec}`);
    }
    rmSync(folder, { recursive: true });
  }
  const sorted = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(MANIFEST, `${JSON.stringify(sorted, null, 2)}\n`);
}

function fail(message) {
  console.error(`fetch-grammars: ${message}`);
  process.exit(1);
}
