// The pictures in .github/pictures: real runs of the built program in a real terminal, on a model whose words are
// recorded. `npm run pictures` makes them anew; needs Linux with script(1) of util-linux.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { DEMO_FILES, DEMO_TASK } from '../src/cli/demo-recording.ts';
import { startModelServer } from '../tests/support/model-server/server.ts';
import { calls, says, thinks, turn } from '../tests/support/model-server/turns.ts';
import { hasTerminal, inTerminal } from '../tests/support/pty.ts';
import { homeEnvironment } from '../tests/support/run-nex.ts';
import { DARK, LIGHT, terminalPicture } from '../tests/support/terminal-picture.ts';
import { terminalScreen } from '../tests/support/terminal-screen.ts';

const root = resolve(import.meta.dirname, '..');
const folder = join(root, '.github', 'pictures');
const COLUMNS = 84;

const TASK_TURNS = [
  turn(
    thinks('I should see the failure first, then the code it is about.'),
    says('I will run the tests and read the file they are about.'),
    calls('run_command', { command: 'npm test' }),
    calls('read_file', { path: 'src/cart.js' }),
  ),
  turn(
    says('The sum leaves out the quantity of each line.'),
    calls('write_file', {
      path: 'src/cart.js',
      edits: [{ old_text: 'sum += line.price;', new_text: 'sum += line.price * line.quantity;' }],
    }),
  ),
  turn(
    says('Now the tests again, and away with a folder that need not be there.'),
    calls('run_command', { command: 'npm test' }),
    calls('run_command', { command: 'rm -rf node_modules' }),
  ),
  turn(
    says(
      '`total` added up the prices but **left out the quantity** of each line. It now counts `price * quantity` (src/cart.js:5); all tests pass. I left `node_modules` alone.',
    ),
  ),
];

const CHAT_TURNS = [
  turn(calls('read_file', { path: 'src/cart.js' })),
  turn(
    says(
      '`total` adds up a cart, in cents:\n\n| argument | is |\n|---|---|\n| `lines` | the price and quantity of each line |\n| `discount` | percent, 0 when left out |\n\n```js\ntotal([{ price: 250, quantity: 2 }], 10); // 450\n```\n\n- It rounds once, at the end (src/cart.js:7).\n- It does **not** check for negative quantities.',
    ),
  ),
  turn(says('Not yet: the first test of test/cart.test.js has two lines, but no empty cart. `total([])` is 0.')),
];

/** What the reviewer and the wrap-up say. */
function side({ raw }) {
  if (raw.includes('"approved"') || raw.includes('\\"approved\\"'))
    return turn(
      says(
        JSON.stringify({
          approved: true,
          summary: 'The sum now counts the quantity, as the tests say.',
          objections: [],
        }),
      ),
    );
  return turn(
    says(
      JSON.stringify({
        summary: 'Fixed the cart total: it now counts the quantity of each line.',
        subject: 'fix: count the quantity in the cart total',
        decisions: [],
        lessons: [],
      }),
    ),
  );
}

if (!hasTerminal) throw new Error('The pictures need a terminal from script(1) of util-linux.');
execFileSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { stdio: ['ignore', 'ignore', 'inherit'] });
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const home = realpathSync(mkdtempSync(join(tmpdir(), 'nex-pictures-')));
mkdirSync(join(home, 'tmp'));
const project = join(home, 'cart');
try {
  makeProject();
  await record('task', [DEMO_TASK, '--no-dry-run'], { turns: TASK_TURNS }, async (run) => {
    await run.sees(/\[y\/N\]$/);
    run.type('y\r');
    await run.sees(/instead:$/);
    run.type('leave it alone\r');
    await run.sees(/\[y\/N\]$/);
    run.type('y\r');
  });
  await record('chat', ['chat'], { turns: CHAT_TURNS }, async (run) => {
    await run.sees(/^›/m);
    run.type('what does total do?\r');
    await run.sees(/Done in[\s\S]*\n›$/);
    run.type('is an empty cart tested?\r');
    await run.sees(/Done in[\s\S]*\n›$/);
    run.type('/');
    await run.sees(/\/exit/);
    run.type('\x7f/cost\r');
    await run.sees(/2 turns[\s\S]*\n›$/);
    run.type('\x04');
  });
  await record('rollback', ['rollback'], { turns: [] }, async (run) => {
    await run.sees(/\[y\/N\]$/);
    run.type('y\r');
  });
} finally {
  rmSync(home, { recursive: true, force: true });
}

function makeProject() {
  for (const [name, text] of Object.entries({ ...DEMO_FILES, 'node_modules/left/index.js': '' })) {
    mkdirSync(dirname(join(project, name)), { recursive: true });
    writeFileSync(join(project, name), text);
  }
  const git = (...args) => execFileSync('git', args, { cwd: project, stdio: 'ignore' });
  git('init', '-q', '-b', 'main');
  git('config', 'user.name', 'Ann');
  git('config', 'user.email', 'ann@example.invalid');
  git('add', '-A');
  git('commit', '-q', '-m', 'A cart');
}

/** Runs nex in a terminal, with somebody who answers, and keeps what stands on the screen in the end. */
async function record(name, args, { turns }, answer) {
  const server = await startModelServer({ script: turns, side });
  const { NO_COLOR: _, ...env } = homeEnvironment(home, server.url);
  const run = inTerminal(args, { cwd: project, env, columns: COLUMNS, rows: 40 });
  await answer(run);
  const status = await run.ended;
  await server.close();
  if (status !== 0) throw new Error(`${name} ended with ${status}:\n${run.screen.lines().join('\n')}`);
  const screen = terminalScreen(COLUMNS, 40);
  const words = args.map((word) => (/^[\w./-]+$/.test(word) ? word : `"${word}"`)).join(' ');
  screen.write(`\x1b[32m$\x1b[39m \x1b[1mnex ${words}\x1b[22m\r\n`);
  screen.write(run.written.slice(run.written.indexOf('\n') + 1));
  for (const [theme, colors] of [
    ['dark', DARK],
    ['light', LIGHT],
  ]) {
    const picture = terminalPicture(screen.cells(), { title: `nex ${words}`, columns: COLUMNS, theme: colors });
    writeFileSync(join(folder, `${name}-${theme}.svg`), picture);
  }
  console.log(`${name}: ${screen.lines().length} lines`);
}
