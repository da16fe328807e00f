/**
 * How well failures are known again: node tests/bench/errors.ts [--only WORD] [--show]
 * Writes small failing programs, really runs each in six variations (other names, paths, lines, values, order), and
 * compares the signatures. What is not installed is named and not counted. Then the store's own speed: error-store.ts.
 */
import { spawn } from 'node:child_process';
import { constants as access, accessSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { constants, homedir, tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readFailure } from '../../src/memory/signature.ts';
import { variation } from '../unit/memory/failing-outputs.ts';
import { measureStore } from './error-store.ts';
import { failingPrograms } from './failing-programs/all.ts';
import type { FailingProgram } from './failing-programs/program.ts';

const COPIES = 5;
const FOLDERS = ['shop', 'work/app-7f3a1c2', 'My Project', 'src/build_4711/repo', 'x', 'very/deep/down/here/web'];

const { values: options } = parseArgs({ options: { only: { type: 'string' }, show: { type: 'boolean' } } });
const PATH = [
  dirname(process.execPath),
  resolve(import.meta.dirname, '..', '..', 'node_modules', '.bin'),
  ...(process.env['PATH'] ?? '').split(delimiter),
];
const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'nex-bench-')));

/** The environment of the programs: no network, and caches that are thrown away with the rest. */
const ENV = {
  ...process.env,
  PATH: PATH.join(delimiter),
  HOME: join(scratch, 'home'),
  CARGO_HOME: process.env['CARGO_HOME'] ?? join(homedir(), '.cargo'),
  RUSTUP_HOME: process.env['RUSTUP_HOME'] ?? join(homedir(), '.rustup'),
  CARGO_NET_OFFLINE: 'true',
  GOPROXY: 'off',
  GOTOOLCHAIN: 'local',
  GOCACHE: join(scratch, 'go-cache'),
  NO_COLOR: '1',
  CI: '1',
  LC_ALL: 'C.UTF-8',
};

interface Occurrence {
  toolchain: string;
  signature: string;
  /** What a tool without signatures would compare: the last line that speaks of an error, numbers left out. */
  floor: string;
  output: string;
}

function isInstalled(program: string): boolean {
  return PATH.some((folder) => {
    try {
      accessSync(join(folder, program), access.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

async function occur(program: FailingProgram, copy: number, place: string): Promise<Occurrence> {
  const v = variation(copy);
  const root = join(scratch, place, FOLDERS[copy] ?? 'x');
  mkdirSync(root, { recursive: true });
  for (const [path, text] of Object.entries(program.files(v))) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const command = program.command(v);
  const { exit, output } = await run(command, root);
  rmSync(root, { recursive: true, force: true });
  const failure = readFailure({ command, exit, output: `Exit status ${exit}.\n${output}`, root });
  const floor = output.split('\n').findLast((line) => /error|fail|not|cannot/i.test(line)) ?? '';
  return {
    toolchain: failure?.toolchain ?? 'none',
    signature: failure?.signature ?? `not a failure (exit ${exit})`,
    floor: floor.replace(/\d+/g, '#').trim(),
    output,
  };
}

function run(command: string, cwd: string): Promise<{ exit: number | null; output: string }> {
  return new Promise((done, fail) => {
    const child = spawn('bash', ['-c', command], { cwd, env: ENV, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('error', fail);
    // As run_command tells it: a signal is a status above 128.
    child.on('close', (exit, signal) =>
      done({ exit: signal === null ? exit : 128 + (constants.signals[signal] ?? 0), output }),
    );
  });
}

const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} % (${part} of ${whole})`;

try {
  mkdirSync(join(scratch, 'home'));
  const asked = failingPrograms.filter(({ name }) => name.includes(options.only ?? ''));
  const missing = new Set(asked.flatMap(({ needs }) => needs.filter((program) => !isInstalled(program))));
  const programs = asked.filter(({ needs }) => !needs.some((program) => missing.has(program)));
  const firsts: Occurrence[] = [];
  const counts = { same: 0, floor: 0, copies: 0, known: 0 };
  for (const [place, program] of programs.entries()) {
    const [first, ...copies] = await inOrder(COPIES + 1, (copy) => occur(program, copy, String(place)));
    if (first === undefined) continue;
    firsts.push(first);
    const other = copies.filter(({ signature }) => signature !== first.signature);
    counts.copies += copies.length;
    counts.same += copies.length - other.length;
    counts.floor += copies.filter(({ floor }) => floor === first.floor).length;
    const known = first.toolchain === program.toolchain;
    counts.known += Number(known);
    if (options.show || other.length > 0 || !known) {
      console.log(`${program.name}\n    ${first.signature}`);
      if (!known) console.log(`    read as ${first.toolchain} instead of ${program.toolchain}`);
      for (const { signature } of other) console.log(`  ≠ ${signature}`);
      if (options.only !== undefined) console.log(first.output, other[0]?.output ?? '');
    }
  }
  const confused = (key: 'signature' | 'floor') => {
    const seen = new Map<string, number>();
    for (const first of firsts) seen.set(first[key], (seen.get(first[key]) ?? 0) + 1);
    return firsts.filter((first) => (seen.get(first[key]) ?? 0) > 1).length;
  };
  firsts.forEach((first, place) => {
    const twin = firsts.findIndex(({ signature }) => signature === first.signature);
    if (twin !== place)
      console.log(`confused: ${programs[twin]?.name} and ${programs[place]?.name}: ${first.signature}`);
  });
  const toolchains = new Set(programs.map(({ name }) => name.split(': ')[0]));
  console.log(
    `${programs.length} failing programs of ${toolchains.size} tools, each once and in ${COPIES} perturbed copies`,
  );
  if (missing.size > 0) console.log(`not installed here, and left out: ${[...missing].join(', ')}`);
  console.log(`toolchain recognised: ${percent(counts.known, programs.length)}`);
  console.log(`same signature in the copies: ${percent(counts.same, counts.copies)}`);
  console.log(`different failures confused: ${percent(confused('signature'), programs.length)}`);
  console.log(
    `floor (last line that speaks of an error, without numbers): same ${percent(counts.floor, counts.copies)}, confused ${percent(confused('floor'), programs.length)}`,
  );
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
if (options.only === undefined) measureStore(100_000);

async function inOrder<T>(times: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const done: T[] = [];
  for (let index = 0; index < times; index++) done.push(await work(index));
  return done;
}
