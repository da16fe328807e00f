import type { JsonObject } from '../../src/model/message.ts';
import { lastUserTextOf, resultsOf, type SeenRequest } from './model-server/request.ts';
import { startModelServer } from './model-server/server.ts';
import { calls, says, type Turn } from './model-server/turns.ts';
import type { TestHome } from './run-nex.ts';

/** A mistake that a model makes until somebody tells it: what it writes first, how that is checked, and what works. */
export interface Trap {
  name: string;
  /** What the project holds beside the file that the model writes. */
  files: Readonly<Record<string, string>>;
  check: string;
  /** `part` names the part of the program that is written, so that two tasks write different files. */
  wrong: (part: string) => string;
  right: (part: string) => string;
}

const ESM = '{ "name": "shop", "private": true, "type": "module" }\n';
const MONEY = 'export const cents = (n) => Math.round(n * 100);\n';
const check = 'node scripts/check.js';
/** Loads every part, as a build would. */
const CHECK = `import { readdirSync } from 'node:fs';
for (const name of readdirSync('src').filter((file) => file.endsWith('.js'))) await import('../src/' + name);
`;
const base = { 'package.json': ESM, 'scripts/check.js': CHECK, 'src/money.js': MONEY, 'README.md': '# shop\n' };

function trap(name: string, wrong: Trap['wrong'], right: Trap['right'], files: Trap['files'] = {}): Trap {
  return { name, files: { ...base, ...files }, check, wrong, right };
}

export const traps: readonly Trap[] = [
  trap(
    'an import without its ending',
    (part) => `import { cents } from './money';\nexport const ${part} = cents(1);\n`,
    (part) => `import { cents } from './money.js';\nexport const ${part} = cents(1);\n`,
  ),
  trap(
    'a name that is not exported',
    (part) => `import { toCents } from './money.js';\nexport const ${part} = toCents(1);\n`,
    (part) => `import { cents } from './money.js';\nexport const ${part} = cents(1);\n`,
  ),
  trap(
    'require in a module',
    (part) => `const { cents } = require('./money.js');\nexport const ${part} = cents(1);\n`,
    (part) => `import { cents } from './money.js';\nexport const ${part} = cents(1);\n`,
  ),
  trap(
    '__dirname in a module',
    (part) => `export const ${part} = __dirname;\n`,
    (part) => `export const ${part} = import.meta.dirname;\n`,
  ),
  trap(
    'JSON without its attribute',
    (part) => `import rates from './rates.json';\nexport const ${part} = rates;\n`,
    (part) => `import rates from './rates.json' with { type: 'json' };\nexport const ${part} = rates;\n`,
    { 'src/rates.json': '{ "de": 19 }\n' },
  ),
  trap(
    'await outside of an async function',
    (part) => `export function ${part}() {\n  return await Promise.resolve(1);\n}\n`,
    (part) => `export async function ${part}() {\n  return await Promise.resolve(1);\n}\n`,
  ),
  trap(
    'a setting that must be there',
    (part) => `import { setting } from './settings.js';\nexport const ${part} = setting('REGION');\n`,
    (part) => `import { setting } from './settings.js';\nexport const ${part} = setting('shop.region');\n`,
    {
      'src/settings.js': `const known = { 'shop.region': 'eu' };
export function setting(name) {
  if (!(name in known)) throw new Error('Missing environment variable ' + name);
  return known[name];
}\n`,
    },
  ),
  trap(
    'BigInt and number mixed',
    (part) => `export const ${part} = 10n * 2;\n`,
    (part) => `export const ${part} = 10n * 2n;\n`,
  ),
  trap(
    'a class called without new',
    (part) => `import { Ledger } from './ledger.js';\nexport const ${part} = Ledger();\n`,
    (part) => `import { Ledger } from './ledger.js';\nexport const ${part} = new Ledger();\n`,
    { 'src/ledger.js': 'export class Ledger {}\n' },
  ),
  trap(
    'a frozen object written to',
    (part) => `import { rates } from './rates.js';\nrates.de = 7;\nexport const ${part} = rates;\n`,
    (part) => `import { rates } from './rates.js';\nexport const ${part} = { ...rates, de: 7 };\n`,
    { 'src/rates.js': 'export const rates = Object.freeze({ de: 19 });\n' },
  ),
  trap(
    'an invalid date',
    (part) => `export const ${part} = new Date('31.12.2025').toISOString();\n`,
    (part) => `export const ${part} = new Date('2025-12-31').toISOString();\n`,
  ),
  trap(
    'JSON with a comment',
    (part) =>
      `import { readFileSync } from 'node:fs';\nexport const ${part} = JSON.parse(readFileSync('shop.jsonc', 'utf8'));\n`,
    (part) =>
      `import { readFileSync } from 'node:fs';\nexport const ${part} = JSON.parse(readFileSync('shop.jsonc', 'utf8').replace(/^\\/\\/.*$/gm, ''));\n`,
    { 'shop.jsonc': '// the shop\n{ "name": "shop" }\n' },
  ),
  trap(
    'a folder that does not exist',
    (part) =>
      `import { writeFileSync } from 'node:fs';\nwriteFileSync('out/${part}/report.txt', 'x');\nexport const ${part} = 1;\n`,
    (part) =>
      `import { mkdirSync, writeFileSync } from 'node:fs';\nmkdirSync('out/${part}', { recursive: true });\nwriteFileSync('out/${part}/report.txt', 'x');\nexport const ${part} = 1;\n`,
    { '.gitignore': 'out/\n' },
  ),
  trap(
    'a value that is not iterable',
    (part) => `import { lines } from './lines.js';\nexport const ${part} = [...lines];\n`,
    (part) => `import { lines } from './lines.js';\nexport const ${part} = [...lines()];\n`,
    { 'src/lines.js': 'export const lines = () => [1];\n' },
  ),
  trap(
    'a property of undefined',
    (part) => `import { shop } from './shop.js';\nexport const ${part} = shop.address.street;\n`,
    (part) => `import { shop } from './shop.js';\nexport const ${part} = shop.address?.street;\n`,
    { 'src/shop.js': 'export const shop = {};\n' },
  ),
  trap(
    'a package that is not installed',
    (part) => `import ky from 'ky-not-here';\nexport const ${part} = ky;\n`,
    (part) => `export const ${part} = fetch;\n`,
  ),
  trap(
    'a constant assigned again',
    (part) => `const total = 1;\ntotal = 2;\nexport const ${part} = total;\n`,
    (part) => `let total = 1;\ntotal = 2;\nexport const ${part} = total;\n`,
  ),
  trap(
    'a name used before it is there',
    (part) => `export const ${part} = tariff + 1;\nconst tariff = 1;\n`,
    (part) => `const tariff = 1;\nexport const ${part} = tariff + 1;\n`,
  ),
  trap(
    'a circular structure as JSON',
    (part) => `const cart = {};\ncart.self = cart;\nexport const ${part} = JSON.stringify(cart);\n`,
    (part) => `const cart = {};\nexport const ${part} = JSON.stringify(cart);\n`,
  ),
  trap(
    'a length below zero',
    (part) => `export const ${part} = new Array(-1);\n`,
    (part) => `export const ${part} = new Array(0);\n`,
  ),
];

/** Where a model looks when nobody tells it why something fails. */
const SEARCHES: ReadonlyArray<[string, JsonObject]> = [
  ['list_directory', {}],
  ['read_file', { path: 'README.md' }],
  ['read_file', { path: 'scripts/check.js' }],
];

/** A lesson that nex brings up, wherever it stands. */
const NOTE = /\[nex\] (?:Seen before|Much the same was seen before)/;

/**
 * A model that walks into the trap while writing `part`, and gets out of it: at once when it reads nex's note or a
 * past error in its prompt, otherwise after having looked around.
 */
function trappedModel({ check: command, wrong, right }: Trap, part: string): (request: SeenRequest) => Turn {
  const path = `src/${part}.js`;
  let did: 'nothing' | 'write' | 'check' | 'look' = 'nothing';
  let looked = 0;
  let told = false;
  return (request) => {
    const [result] = resultsOf(request);
    told ||= NOTE.test(result?.text ?? '');
    if (did === 'check' && result?.isError === false) return says(`${path} is there.`);
    if (did === 'write') {
      did = 'check';
      return calls('run_command', { command });
    }
    const warned = lastUserTextOf(request).includes('## Past Errors to Avoid');
    const search = told || did === 'nothing' ? undefined : SEARCHES[looked++];
    if (search !== undefined) {
      did = 'look';
      return calls(...search);
    }
    const content = did === 'nothing' && !warned ? wrong(part) : right(part);
    did = 'write';
    return calls('write_file', { path, content });
  };
}

/** Two tasks that walk into the same trap, and one that is worded like the first. */
export const TRAP_TASKS = {
  first: { part: 'orders', task: 'Write src/orders.js, the printed order book of the shop.' },
  second: { part: 'returns', task: 'Write src/returns.js: what customers send back.' },
  alike: { part: 'archive', task: 'Write src/archive.js, the printed order book of last year.' },
} as const;

export type TrapRun = { calls: number; requests: number; sent: number; recalledAt: string[]; checkFailed: number };

/** Runs one of the tasks with the built program in this project; answers what it took. */
export async function runTrapped(
  trap: Trap,
  which: keyof typeof TRAP_TASKS,
  cwd: string,
  home: TestHome,
): Promise<TrapRun> {
  const { part, task } = TRAP_TASKS[which];
  await using server = await startModelServer({ script: trappedModel(trap, part) });
  const run = await home.nex(
    ['--yes', '--no-review', '--no-wrap-up', '--no-tests', '--output-format', 'stream-json', task],
    {
      cwd,
      url: server.url,
    },
  );
  if (run.status !== 0) throw new Error(`${trap.name}, ${which}: exit ${run.status}\n${run.stdout}\n${run.stderr}`);
  const events: Array<Record<string, unknown>> = run.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const of = (type: string) => events.filter((event) => event['type'] === type);
  return {
    calls: of('tool.call').length,
    requests: server.requests.length,
    sent: server.requests.reduce((sum, { promptTokens }) => sum + promptTokens, 0),
    recalledAt: of('error.recalled').map((event) => String(event['moment'])),
    checkFailed: of('tool.result').filter((event) => event['name'] === 'run_command' && event['ok'] === false).length,
  };
}
