// npm run bench:task: the scripted "fix the failing test" task (list, read, write, run the tests, say so) with the built
// program, whole and with the steps off that no other agent has, beside a bare loop in Node, which is the least possible.
// Other agents join in when PEERS names a folder with one folder for each:
//   npm install --prefix peers/pi @earendil-works/pi-coding-agent@0.87.1
//   npm install --prefix peers/claude-code @anthropic-ai/claude-code@2.1.329
//   PEERS=peers npm run bench:task -- 5
// Medians; the runs of all are interleaved, because the machine is never quiet. CPU and memory come from GNU time.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { JsonObject } from '../../src/model/message.ts';
import { CART_FILES, CART_FIXED, CART_TASK } from '../support/cart-project.ts';
import { gitProject } from '../support/git-project.ts';
import type { SeenRequest } from '../support/model-server/request.ts';
import { startModelServer } from '../support/model-server/server.ts';
import { calls, says, type Turn, turn } from '../support/model-server/turns.ts';
import { homeEnvironment } from '../support/run-nex.ts';
import { tempProject } from '../support/temp-project.ts';

const runs = Number(process.argv[2] ?? 5);
const peers = process.env['PEERS'];
const MODEL = 'claude-sonnet-5-5';
const program = resolve(import.meta.dirname, '..', '..', 'dist', 'nex.js');
const floor = resolve(import.meta.dirname, 'floor-loop.ts');
const LEAN = ['--no-review', '--no-tests', '--no-wrap-up', '--no-commit'];

interface Client {
  name: string;
  command: readonly string[];
  env?: Record<string, string>;
  /** Files of its own in the home folder. */
  files?: (url: string) => Record<string, object>;
}

const bin = (folder: string, name: string) => resolve(peers ?? '.', folder, 'node_modules/.bin', name);
const CLIENTS: Client[] = [
  { name: 'bare loop', command: [process.execPath, floor] },
  { name: 'nex, lean', command: [process.execPath, program, '--yes', ...LEAN] },
  { name: 'nex', command: [process.execPath, program, '--yes'] },
  {
    name: 'pi',
    command: [bin('pi', 'pi'), '-p', '--provider', 'anthropic', '--model', MODEL],
    env: { PI_OFFLINE: '1', PI_TELEMETRY: '0', PI_SKIP_VERSION_CHECK: '1' },
    files: (url: string) => ({ '.pi/agent/models.json': { providers: { anthropic: { baseUrl: url } } } }),
  },
  {
    name: 'claude-code',
    command: [bin('claude-code', 'claude'), '--dangerously-skip-permissions', '--model', MODEL, '-p'],
    env: { IS_SANDBOX: '1', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_AUTOUPDATER: '1' },
  },
].filter(({ command }) => existsSync(command[0] ?? ''));

/** The steps in the words of whatever tools a client offers. */
function script({ body, turn: at }: SeenRequest): Turn {
  const tools = (Array.isArray(body['tools']) ? body['tools'] : []) as Array<{
    name: string;
    input_schema: JsonObject;
  }>;
  const find = (...names: string[]) => tools.find(({ name }) => names.includes(name));
  const run = find('run_command', 'bash', 'Bash');
  const shell = (command: string) =>
    calls(run?.name ?? '', { command, ...(run?.name === 'Bash' ? { description: 'A step' } : {}) });
  const file = (tool: ReturnType<typeof find>, more: JsonObject = {}) => {
    const absolute = JSON.stringify(tool?.input_schema ?? {}).includes('file_path');
    return calls(tool?.name ?? '', { [absolute ? 'file_path' : 'path']: 'src/cart.js', ...more });
  };
  const list = find('list_directory');
  const steps = [
    turn(says('I look round.'), list ? calls(list.name, { path: '.' }) : shell('ls -R src test')),
    turn(says('I read the file.'), file(find('read_file', 'read', 'Read'))),
    turn(says('I mend it.'), file(find('write_file', 'write', 'Write'), { content: CART_FIXED })),
    turn(says('I run the tests.'), shell('npm test')),
  ];
  return steps[at] ?? says('The sum now counts the quantity (src/cart.js:5); all tests pass.');
}

interface Figures {
  wallMs: number;
  cpuS: number;
  peakMb: number;
  firstMs: number;
  main: number;
  side: number;
  sent: number;
  priced: number;
  /** The part of `sent` and `priced` that plan, review and wrap-up take. */
  sideSent: number;
}

async function measure(client: Client, home: string): Promise<Figures> {
  using project = gitProject(CART_FILES);
  await using server = await startModelServer({ script, allowViolations: true });
  for (const [name, content] of Object.entries(client.files?.(server.url) ?? {})) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), JSON.stringify(content));
  }
  const report = join(home, 'time.txt');
  const began = Date.now();
  const child = spawn('/usr/bin/time', ['-o', report, '-f', '%U %S %M', ...client.command, CART_TASK], {
    cwd: project.root,
    env: { ...homeEnvironment(home, server.url), NEX_DRY_RUN: 'false', NEX_MODEL: MODEL, TERM: 'dumb', ...client.env },
    stdio: 'ignore',
    detached: true,
  });
  await new Promise((done, fail) => child.on('close', done).on('error', fail));
  const wallMs = Date.now() - began;
  if (readFileSync(project.path('src/cart.js'), 'utf8') !== CART_FIXED) throw new Error(`${client.name} did not do it`);
  const [user = 0, system = 0, kb = 0] =
    readFileSync(report, 'utf8').trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
  const main = server.requests.filter(({ side }) => !side);
  const beside = server.requests.filter(({ side }) => side);
  const sum = (requests: readonly SeenRequest[], of: (request: SeenRequest) => number) =>
    requests.reduce((total, request) => total + of(request), 0);
  return {
    wallMs,
    cpuS: user + system,
    peakMb: kb / 1024,
    firstMs: (server.requests[0]?.arrivedAt ?? Number.NaN) - began,
    main: main.length,
    side: beside.length,
    sent: sum(server.requests, ({ promptTokens }) => promptTokens),
    sideSent: sum(beside, ({ promptTokens }) => promptTokens),
    priced: sum(server.requests, ({ usage }) =>
      usage === undefined ? 0 : usage.input + usage.cacheRead * 0.05 + usage.cacheWrite * 1.25,
    ),
  };
}

const found = new Map(CLIENTS.map(({ name }) => [name, [] as Figures[]]));
const homes = CLIENTS.map(() => tempProject());
for (let round = -1; round < runs; round++) {
  for (const [index, client] of CLIENTS.entries()) {
    const home = homes[index]?.root ?? '';
    mkdirSync(join(home, 'tmp'), { recursive: true });
    const figures = await measure(client, home);
    if (round >= 0) found.get(client.name)?.push(figures);
  }
}
for (const home of homes) home[Symbol.dispose]();

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
console.log(`medians of ${runs} runs, used home folders, tests' own time included, Node ${process.version}\n`);
console.log('                wall s  first request ms  CPU s  peak MB  requests  tokens sent (beside)  priced');
for (const [name, all] of found) {
  const of = (key: keyof Figures) => median(all.map((figures) => figures[key]));
  console.log(
    `${name.padEnd(14)} ${(of('wallMs') / 1000).toFixed(2).padStart(7)} ${of('firstMs').toFixed(0).padStart(17)} ${of('cpuS').toFixed(2).padStart(6)} ${of('peakMb').toFixed(0).padStart(8)} ${`${of('main')}+${of('side')}`.padStart(9)} ${`${of('sent')} (${of('sideSent')})`.padStart(21)} ${of('priced').toFixed(0).padStart(7)}`,
  );
}
