// npm run build:binary: one executable for this platform, from the pinned Node of the registry. No network beyond that.
//   node scripts/build-binary.mjs [--plain] [--node FILE] [--out FILE]
// --plain leaves out the code that V8 compiled: the same bytes each time, a slower start. --node takes another Node 24.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleEntry, bundleProgram, bundleSqlite, takenIn } from './bundle.mjs';
import { billOfMaterials, licencesText, nodePart, partsOf } from './licences.mjs';
import { pinnedNode, root } from './toolchain.mjs';

/**
 * Of the package's files those that only people and importing programs read, who get them beside the executable, and the
 * commands' own compiled code: they use the task's and start 5 ms later, which takes 260 kB off every download.
 */
const OUTSIDE =
  /^(?:nex\.js|package\.js(?:on)?|types\/.*|LICENCES\.txt|sbom\.cdx\.json|events\.schema\.json|.*\.command\.cache)$/;

const require = createRequire(import.meta.url);
const { values: flags } = parseArgs({
  options: { plain: { type: 'boolean' }, node: { type: 'string' }, out: { type: 'string' } },
});
const windows = process.platform === 'win32';
const pinned = flags.node === undefined ? pinnedNode() : givenNode(flags.node);
const { node } = pinned;
const out = flags.out ?? join(root, 'build', windows ? 'nex.exe' : 'nex');
const build = join(root, 'build', flags.plain ? 'plain' : 'parts');
const dist = join(build, 'dist');
const musl = process.platform === 'linux' && process.report.getReport().header.glibcVersionRuntime === undefined;

rmSync(build, { recursive: true, force: true });
mkdirSync(build, { recursive: true });
run(node, [join('scripts', 'build.mjs'), dist, flags.plain ? '--plain' : '--short']);
await bundleEntry('src/binary.ts', join(build, 'main.cjs'));
await bundleSqlite(join(build, 'better-sqlite3.cjs'));
// What the package tells of its parts, and Node.
const parts = [
  ...partsOf(takenIn(await bundleProgram(join(build, 'program.cjs')))),
  nodePart(pinned.version, pinned.licence),
];
writeFileSync(join(root, 'build', 'sbom.cdx.json'), billOfMaterials(parts));
writeFileSync(join(root, 'build', 'LICENCES.txt'), licencesText(parts));
writeFileSync(join(build, 'sea.json'), JSON.stringify(configuration()));
run(node, ['--experimental-sea-config', join(build, 'sea.json')]);

rmSync(out, { force: true });
copyFileSync(node, out);
chmodSync(out, 0o755);
// Before the program is put in, never after. macOS: a signature would no longer be true. The tables for unwinding the
// stack serve C++ exceptions, of which Node has none (it is compiled without), and debuggers; addons bring their own.
// They are 0.8 MB of the packed executable.
if (process.platform === 'linux') strip(out, ['-R', '.eh_frame', '-R', '.eh_frame_hdr']);
if (process.platform === 'darwin') run('codesign', ['--remove-signature', out]);
await require('postject').inject(out, 'NODE_SEA_BLOB', readFileSync(join(build, 'nex.blob')), {
  sentinelFuse: 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2',
  ...(process.platform === 'darwin' ? { machoSegmentName: 'NODE_SEA' } : {}),
});
if (process.platform === 'darwin') run('codesign', ['--sign', '-', out]);
const size = (statSync(out).size / 1e6).toFixed(1);
console.log(`built ${relative(root, out)}, ${size} MB, SHA-256 ${sha256(out)}`);

/** Another Node, as it was installed from its own archive: the licences lie beside or above the program. */
function givenNode(file) {
  const version = spawnSync(file, ['--version'], { encoding: 'utf8' }).stdout.trim();
  const places = [dirname(file), join(dirname(file), '..')].map((folder) => join(folder, 'LICENSE'));
  return { node: file, version, licence: places.find((place) => existsSync(place)) ?? pinnedNode().licence };
}

function configuration() {
  return {
    main: join(build, 'main.cjs'),
    output: join(build, 'nex.blob'),
    disableExperimentalSEAWarning: true,
    useSnapshot: false,
    useCodeCache: false,
    // What is set for other programs of Node is not meant for this one.
    execArgvExtension: 'none',
    assets: Object.fromEntries(Object.entries(assets()).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** Name inside the executable -> file. */
function assets() {
  const target = `${process.platform}-${process.arch}`;
  const found = {
    'better-sqlite3.cjs': join(build, 'better-sqlite3.cjs'),
    'better_sqlite3.node': sqliteAddon(),
    rg: join(packageFolder(`@vscode/ripgrep-${target}`), 'bin', windows ? 'rg.exe' : 'rg'),
  };
  const keyring = keyringFile();
  if (keyring) found['keyring.node'] = keyring;
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const name = relative(dist, file).replaceAll('\\', '/');
    // What the program itself never reads stays outside.
    if (entry.isFile() && !OUTSIDE.test(name)) found[name] = file;
  }
  return found;
}

/** SQLite's native part, without the symbols that only a debugger reads. */
function sqliteAddon() {
  const platform = musl ? 'linuxmusl' : process.platform;
  const shipped = join(packageFolder('better-sqlite3'), 'prebuilds', `${platform}-${process.arch}.node`);
  if (process.platform !== 'linux') return shipped;
  const stripped = join(build, 'better_sqlite3.node');
  copyFileSync(shipped, stripped);
  strip(stripped, []);
  return stripped;
}

function packageFolder(name) {
  return join(root, 'node_modules', name);
}

/** The keyring's native part for this platform, where it is installed: it is an optional package. */
function keyringFile() {
  const prefix = `keyring.${process.platform}-${process.arch}`;
  try {
    const folders = readdirSync(packageFolder('@napi-rs')).map((name) => join(packageFolder('@napi-rs'), name));
    return folders
      .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
      .find((file) => {
        const [name = ''] = file.split(/[\\/]/).slice(-1);
        return name.startsWith(prefix) && name.endsWith('.node') && name.includes('musl') === musl;
      });
  } catch {
    return undefined;
  }
}

/** Takes parts out of a file, where the machine has the tool for it; without, it only is larger. */
function strip(file, options) {
  const { error } = spawnSync('strip', ['--version'], { stdio: 'ignore' });
  if (error) console.error(`build-binary: there is no strip here (binutils): ${relative(root, file)} stays larger`);
  else run('strip', [...options, file]);
}

function sha256(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

function run(program, args) {
  const env = { ...process.env, PATH: `${dirname(node)}${windows ? ';' : ':'}${process.env.PATH}` };
  const done = spawnSync(program, args, { cwd: root, env, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
  if (done.status === 0) return;
  console.error(`build-binary: ${program} failed: ${done.error?.message ?? done.stderr}`);
  process.exit(1);
}
