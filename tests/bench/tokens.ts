// npm run bench:tokens: input and output tokens of ten scripted tasks, and what they would be without each economy. The
// tools really run; only the model is scripted. Tokens are bytes / 4, prices those of the cache: reads at a twentieth,
// writes at 1.25 (claude-sonnet-5-5).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tool } from '../../src/tools/tool.ts';
import { gitProject } from '../support/git-project.ts';
import type { SeenRequest } from '../support/model-server/request.ts';
import { startModelServer } from '../support/model-server/server.ts';
import { calls, says, type Turn, turn } from '../support/model-server/turns.ts';
import { tempProject } from '../support/temp-project.ts';
import { openAgent, type TestAgent } from '../support/test-agent.ts';

type Economy = 'unchanged files' | 'equal results' | 'long outputs' | 'edits' | 'cache';

const BIG = Array.from({ length: 600 }, (_, at) => `export const value${at} = ${at}; // one of many values`);
const FILES = {
  'package.json': `${JSON.stringify({ name: 'shop', private: true, type: 'module', scripts: { test: 'sh noisy.sh' } })}\n`,
  'README.md': '# shop\n\nA cart, its prices, and many values.\n',
  'noisy.sh':
    'i=0; while [ $i -lt 3000 ]; do echo "ok $i - case number $i passes"; i=$((i+1)); done\necho "not ok 3000 - total"; exit 1\n',
  'src/cart.js': `${Array.from({ length: 60 }, (_, at) => `export const line${at} = (price, quantity) => price * quantity + ${at};`).join('\n')}\n`,
  'src/price.js': 'export const price = (cents) => (cents / 100).toFixed(2);\n',
  'src/big.js': `${BIG.join('\n')}\n`,
};

const read = (path: string, from?: number, to?: number) =>
  calls('read_file', { path, ...(from === undefined ? {} : { start_line: from, end_line: to ?? from }) });
const run = (command: string) => calls('run_command', { command });

/** A change as edits, or as the whole file where that economy is left out. */
const change = (path: keyof typeof FILES, old: string, next: string, without: Economy | undefined) =>
  calls(
    'write_file',
    without === 'edits'
      ? { path, content: FILES[path].replace(old, next) }
      : { path, edits: [{ old_text: old, new_text: next }] },
  );

interface BenchTask {
  name: string;
  turns: (without: Economy | undefined) => Turn[];
  /** The user's words, one for each turn of a chat. */
  asked: string[];
  /** The economies that make a difference here. */
  economies: Economy[];
}

const value = (number: number, next: number) => [`value${number} = ${number};`, `value${number} = ${next};`] as const;
const TASKS: BenchTask[] = [
  {
    name: 'a question about two files',
    asked: ['What do src/cart.js and src/price.js do?'],
    turns: () => [turn(read('src/cart.js'), read('src/price.js')), says('One multiplies, one words a price.')],
    economies: ['unchanged files'],
  },
  {
    name: 'look round, read, mend',
    asked: ['Fix line7 in src/cart.js: it must subtract 7.'],
    turns: (without) => [
      calls('list_directory', { path: '.' }),
      read('src/cart.js'),
      change('src/cart.js', 'quantity + 7;', 'quantity - 7;', without),
      says('Mended, src/cart.js:8.'),
    ],
    economies: ['unchanged files', 'edits'],
  },
  {
    name: 'a file read again and again',
    asked: ['Explain src/cart.js in three steps.'],
    turns: () => [
      read('src/cart.js'),
      run('ls src'),
      read('src/cart.js'),
      run('ls'),
      read('src/cart.js'),
      says('Explained.'),
    ],
    economies: ['unchanged files'],
  },
  {
    name: 'two values in a file of 600 lines',
    asked: ['Set value10 to 11 and value500 to 501 in src/big.js.'],
    turns: (without) => [read('src/big.js'), change('src/big.js', ...value(10, 11), without), says('Both are set.')],
    economies: ['edits', 'unchanged files'],
  },
  {
    name: 'three places in a long file, by ranges',
    asked: ['Set value300 to 0 in src/big.js.'],
    turns: (without) => [
      calls('search_files', { pattern: 'value300' }),
      read('src/big.js', 295, 305),
      ...(without === 'edits' ? [read('src/big.js')] : []),
      change('src/big.js', ...value(300, 0), without),
      says('Set.'),
    ],
    economies: ['edits'],
  },
  {
    name: 'a test run of 3,000 lines',
    asked: ['Why does the test of total fail?'],
    turns: () => [run('sh noisy.sh'), read('noisy.sh'), says('The last case is written to fail.')],
    economies: ['long outputs'],
  },
  {
    name: 'the same red test run three times',
    asked: ['See whether the tests are stable.'],
    turns: () => [
      run('sh noisy.sh'),
      run('sh noisy.sh'),
      run('ls'),
      run('sh noisy.sh'),
      says('They always fail alike.'),
    ],
    economies: ['equal results', 'long outputs'],
  },
  {
    name: 'a new file',
    asked: ['Add src/tax.js with a function that adds 19 %.'],
    turns: () => [
      read('src/price.js'),
      calls('write_file', {
        path: 'src/tax.js',
        content: 'export const taxed = (cents) => Math.round(cents * 1.19);\n',
      }),
      says('Added, src/tax.js:1.'),
    ],
    economies: ['unchanged files'],
  },
  {
    name: 'searches with the same finds',
    asked: ['Where is price used?'],
    turns: () => [
      calls('search_files', { pattern: 'price' }),
      calls('search_files', { pattern: 'price', path: '.' }),
      says('In src/cart.js and src/price.js.'),
    ],
    economies: ['equal results'],
  },
  {
    name: 'a chat of four turns',
    asked: ['Read src/cart.js.', 'And src/price.js?', 'Is line3 used?', 'Thanks. Sum up.'],
    turns: () => [
      read('src/cart.js'),
      says('Sixty lines that multiply.'),
      read('src/price.js'),
      says('It words a price.'),
      calls('search_files', { pattern: 'line3\\b' }),
      says('No.'),
      says('A cart and a price.'),
    ],
    economies: ['unchanged files'],
  },
];

interface Figures {
  requests: number;
  sent: number;
  priced: number;
  output: number;
}

async function measure(task: BenchTask, without: Economy | undefined): Promise<Figures> {
  using project = gitProject(FILES);
  using home = tempProject();
  await using server = await startModelServer({ script: task.turns(without) });
  await using agent = await openAgent({ root: project.root, home: home.root, url: server.url });
  leaveOut(agent, without, project.root);
  for (const asked of task.asked) {
    const { outcome, error } = await agent.turn(asked);
    if (outcome.outcome !== 'done') throw new Error(`${task.name}: ${outcome.outcome} ${error?.message ?? ''}`);
  }
  return server.requests.reduce(
    (sum, request) => ({
      requests: sum.requests + 1,
      sent: sum.sent + request.promptTokens,
      priced: sum.priced + (without === 'cache' ? request.promptTokens : pricedOf(request)),
      output: sum.output + (request.usage?.output ?? 0),
    }),
    { requests: 0, sent: 0, priced: 0, output: 0 },
  );
}

function pricedOf({ usage }: SeenRequest): number {
  return usage === undefined ? 0 : usage.input + usage.cacheRead * 0.05 + usage.cacheWrite * 1.25;
}

/** Switches one economy off, where it is made; the rest of the agent stays as it is. */
function leaveOut({ composition: { world } }: TestAgent, without: Economy | undefined, root: string): void {
  if (without === 'equal results') world.sendOnce = (_call, text) => text;
  if (without === 'unchanged files') world.contextFor({ id: '', name: '', input: {} }).seen.shows = () => false;
  if (without === 'long outputs') world.tools = world.tools.map((tool) => whole(tool, root));
}

/** Gives the whole of an output back, from the file in which it is kept. */
function whole(tool: Tool, root: string): Tool {
  return {
    ...tool,
    async run(input, context) {
      const result = await tool.run(input, context);
      const said = result.ok ? result.output : result.error;
      const kept = /the whole output: ([^,]+),/.exec(said)?.[1];
      if (kept === undefined) return result;
      const text = readFileSync(join(root, kept), 'utf8');
      return result.ok ? { ...result, output: text } : { ...result, error: text };
    },
  };
}

const number = (figure: number) => Math.round(figure).toLocaleString('en-US').padStart(9);
const row = ({ requests, sent, priced, output }: Figures) =>
  `${String(requests).padStart(4)}${number(sent)}${number(priced)}${number(output)}`;

console.log(`${'task'.padEnd(40)} reqs     sent   priced   output`);
const usual = new Map<string, Figures>();
for (const task of TASKS) {
  const figures = await measure(task, undefined);
  usual.set(task.name, figures);
  console.log(`${task.name.padEnd(40)} ${row(figures)}`);
}
const sum = (rows: Figures[]) =>
  rows.reduce((all, one) => ({
    requests: all.requests + one.requests,
    sent: all.sent + one.sent,
    priced: all.priced + one.priced,
    output: all.output + one.output,
  }));
const all = sum([...usual.values()]);
console.log(`${'all ten'.padEnd(40)} ${row(all)}\n`);
for (const economy of ['unchanged files', 'equal results', 'long outputs', 'edits', 'cache'] as const) {
  const rows: Figures[] = [];
  for (const task of TASKS)
    rows.push(
      economy === 'cache' || task.economies.includes(economy)
        ? await measure(task, economy)
        : (usual.get(task.name) ?? all),
    );
  const without = sum(rows);
  const more = (now: number, before: number) => `${Math.round((now / before - 1) * 100)} %`;
  console.log(
    `${`without: ${economy}`.padEnd(40)} ${row(without)}   sent +${more(without.sent, all.sent)}, priced +${more(without.priced, all.priced)}, output +${more(without.output, all.output)}`,
  );
}
