// npm run test:package: the npm package as a user gets it: packed, looked at by publint, installed without scripts into
// an empty folder, weighed and run. Build first (`npm run build`).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { root } from './toolchain.mjs';

const MB = 1e6;
const work = mkdtempSync(join(tmpdir(), 'nex-package-'));
const windows = process.platform === 'win32';
const npm = (args, cwd) =>
  execFileSync('npm', args, { cwd, encoding: 'utf8', shell: windows, stdio: ['ignore', 'pipe', 'inherit'] });

try {
  const [packed] = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', work], root));
  console.log(`packed:    ${(packed.size / MB).toFixed(1)} MB, ${packed.files.length} files`);
  assert.ok(packed.size <= 12 * MB, 'the package is larger than 12 MB');

  const { messages, pkg } = await publint({ pkgDir: root });
  assert.deepEqual(
    messages.map((message) => formatMessage(message, pkg)),
    [],
  );
  console.log('publint:   clean');

  const place = join(work, 'place');
  mkdirSync(place);
  writeFileSync(join(place, 'package.json'), '{ "private": true }\n');
  npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-save', join(work, packed.filename)], place);
  const modules = join(place, 'node_modules');
  const packages = readdirSync(modules, { recursive: true })
    .filter((file) => /(^|[\\/])package\.json$/.test(file))
    .filter((file) => isPackage(file));
  const size = readdirSync(modules, { recursive: true }).reduce(
    (sum, file) => sum + statSync(join(modules, file)).size,
    0,
  );
  console.log(`installed: ${(size / MB).toFixed(1)} MB, ${packages.length} packages`);
  assert.ok(packages.length <= 7, packages.join('\n'));
  assert.ok(size <= 90 * MB, 'more than 90 MB are installed');

  const env = { ...process.env, HOME: work, USERPROFILE: work };
  const nex = (...args) =>
    execFileSync(join(modules, '.bin', windows ? 'nex.cmd' : 'nex'), args, {
      cwd: place,
      env,
      encoding: 'utf8',
      shell: windows,
    });
  assert.match(nex('--version'), /^\d+\.\d+\.\d+\r?\n$/);
  assert.match(nex('help', 'safety'), /safety/i);
  nex('demo');
  console.log('runs:      version, help, demo');
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** A package's own package.json lies directly in its folder, below `node_modules` or a scope. */
function isPackage(file) {
  return /^(?:.*[\\/]node_modules[\\/])?(?:@[^\\/]+[\\/])?[^\\/@.][^\\/]*[\\/]package\.json$/.test(file);
}
