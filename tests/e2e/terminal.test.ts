import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { widthOf } from '../../src/ui/width.ts';
import { CART_FIXED, CART_SCRIPT, CART_TASK, cartProject } from '../support/cart-project.ts';
import type { GitProject } from '../support/git-project.ts';
import { gitProject } from '../support/git-project.ts';
import { startModelServer } from '../support/model-server/server.ts';
import { calls, says, type Turn, turn } from '../support/model-server/turns.ts';
import { hasTerminal, inTerminal, type TerminalRun } from '../support/pty.ts';
import { homeEnvironment, type TestHome, testHome } from '../support/run-nex.ts';

interface Setup {
  home: TestHome;
  project: GitProject;
  url?: string;
  columns?: number;
  rows?: number;
  env?: Record<string, string>;
}

function nex(args: readonly string[], { home, project, url, columns = 80, rows = 24, env = {} }: Setup): TerminalRun {
  const { NO_COLOR: _, ...base } = homeEnvironment(home.path, url);
  return inTerminal(args, { cwd: project.root, env: { ...base, ...env }, columns, rows });
}

/** What holds for every screen: no line is too long, the cursor is back, and nobody's control sequences got through. */
function isTidy(run: TerminalRun, columns = 80): void {
  expect(run.screen.lines().filter((line) => widthOf(line) > columns)).toEqual([]);
  expect(run.screen.unknown).toEqual([]);
  expect(run.screen.cursor).toMatchObject({ column: 0, visible: true });
}

/** The screen holds these lines in this order, others between them. */
function tells(run: TerminalRun, ...wanted: Array<string | RegExp>): void {
  const lines = run.screen.lines();
  let at = 0;
  for (const want of wanted) {
    const found = lines.findIndex(
      (line, index) => index >= at && (typeof want === 'string' ? line === want : want.test(line)),
    );
    expect(found, `${want} is missing below line ${at} of:\n${lines.join('\n')}`).not.toBe(-1);
    at = found + 1;
  }
}

const RISKY: Turn[] = [
  turn(says('Away with the old build.'), calls('run_command', { command: 'rm -rf build' })),
  turn(says('I left `build` alone.')),
];

describe.skipIf(!hasTerminal)('in a terminal', () => {
  it('shows a first run as a dry run, and does it when asked to', async () => {
    using home = testHome();
    using project = cartProject();
    await using server = await startModelServer({ script: CART_SCRIPT });
    await using run = nex([CART_TASK], { home, project, url: server.url });

    await run.sees(/Apply this now\? \[y\/N\]/);
    expect(readFileSync(project.path('src/cart.js'), 'utf8')).not.toBe(CART_FIXED);
    run.type('y\r');

    expect(await run.ended).toBe(0);
    expect(project.git('show', 'HEAD:src/cart.js')).toBe(CART_FIXED.trimEnd());
    tells(
      run,
      /^nex: this is the first run, a dry one\. --no-dry-run /,
      /^Dry run: nothing is written/,
      '● Run npm test  ✓ noted, not run',
      /^● Edit src\/cart\.js {2}✓ \+1 -1 lines/,
      'src/cart.js +1 -1',
      /^5 - {5}sum \+= line\.price;$/,
      /^5 \+ {5}sum \+= line\.price \* line\.quantity;$/,
      /^would run: npm test$/,
      /^! Dry run, nothing was changed, in /,
      /^✓ committed /,
      /^ {2}undo {4}nex rollback$/,
    );
    isTidy(run);
  });

  it.each([
    [40, 24],
    [80, 24],
    [120, 40],
  ])('fixes a failing test at %i columns: streamed answer, question, tests, commit, summary', async (columns, rows) => {
    using home = testHome();
    using project = cartProject();
    await using server = await startModelServer({ script: CART_SCRIPT });
    await using run = nex(['--no-dry-run', CART_TASK], { home, project, url: server.url, columns, rows });

    await run.sees(/own code[\s\S]*\[y\/N\]$/);
    run.type('y\r');
    await run.sees(/Commit these[\s\S]*\[y\/N\]$/);
    run.type('y\r');

    expect(await run.ended).toBe(0);
    tells(
      run,
      '● Run npm test',
      /own code|builds/,
      /✗ exit 1/,
      /│ .*Error/,
      /^● Read src\/cart\.js {2}✓ (?:8 lines|known already)/,
    );
    tells(run, /✓ exit 0/, /^✓ tests passed/, 'src/cart.js +1 -1', /^✓ committed [0-9a-f]{9}/, /^✓ Done in/);
    isTidy(run, columns);
  });

  it('asks before what cannot be undone; a no with words is told to the model', async () => {
    using home = testHome();
    using project = gitProject({ 'a.txt': 'a\n', 'build/x': 'x\n' });
    await using server = await startModelServer({ script: RISKY });
    await using run = nex(['--no-dry-run', 'Tidy up'], { home, project, url: server.url });

    await run.sees(/say what to do instead:$/);
    tells(
      run,
      '! This needs your yes:',
      '  │ rm -rf build',
      /^ {2}rule {2}files\.rm-recursive/,
      /^ {2}why /,
      /^ {2}safer /,
    );
    run.type('keep it, I need it\r');

    // Nothing was done in place of what was refused.
    expect(await run.ended).toBe(5);
    tells(
      run,
      '● Run rm -rf build  ✗ not run; you said: keep it, I need it',
      'I left build alone.',
      /^✗ Not finished, something was refused/,
    );
    expect(statSync(project.path('build/x')).isFile()).toBe(true);
    expect(server.requests.at(-1)?.raw).toContain('keep it, I need it');
    isTidy(run);
  });

  it('keeps control sequences of files and models off the screen', async () => {
    using home = testHome();
    using project = gitProject({ 'a.txt': 'a\x1b[2J\x1b]0;owned\x07b\n' });
    const evil = 'Look: \x1b[31mred\x1b]52;c;cm0=\x07 \x9b2J and **bold**';
    await using server = await startModelServer({
      script: [
        turn(says(evil), calls('run_command', { command: 'cat a.txt; echo rest' })),
        turn(says(`Done. ${evil}`)),
      ],
    });
    await using run = nex(['--no-dry-run', '--yes', 'Show it'], { home, project, url: server.url });

    expect(await run.ended).toBe(0);
    expect(run.written).not.toMatch(/\x1b\]|\x1b\[2J|\x9b/);
    tells(run, /^Look: red and bold$|^Look: red {2}and bold$/, /│ ab$/);
    isTidy(run);
  });

  it('leaves escapes out altogether when asked for plain words', async () => {
    using home = testHome();
    using project = cartProject();
    await using server = await startModelServer({ script: CART_SCRIPT });
    await using run = nex(['--no-dry-run', '--yes', '--plain', CART_TASK], { home, project, url: server.url });

    expect(await run.ended).toBe(0);
    expect(run.written).not.toContain('\x1b');
    tells(run, '- Run npm test', /failed: exit 1/, /^- Edit src\/cart\.js {2}ok: /, /^ok: Done in/);
  });

  it('leaves them out on a dumb terminal, too', async () => {
    using home = testHome();
    using project = cartProject();
    await using server = await startModelServer({ script: [turn(says('A **cart**.'))] });
    await using run = nex(['--no-dry-run', 'What?'], { home, project, url: server.url, env: { TERM: 'dumb' } });

    expect(await run.ended).toBe(0);
    expect(run.written).not.toContain('\x1b');
    tells(run, 'A cart.', /^ok: Done in/);
  });

  it('rings the bell when a question waits and when the task is over, if asked to', async () => {
    using home = testHome();
    using project = gitProject({ 'a.txt': 'a\n', 'build/x': 'x\n', '.nex/config.toml': 'notify = "bell"\n' });
    await using server = await startModelServer({ script: RISKY });
    await using run = nex(['--no-dry-run', 'Tidy up'], { home, project, url: server.url });

    await run.sees(/instead:$/);
    expect(run.screen.bells).toBe(1);
    run.type('n\r');
    await run.ended;
    expect(run.screen.bells).toBe(2);
  });

  it('offers the whole of a long diff before it is committed, in a pager', async () => {
    using home = testHome();
    using project = gitProject({ 'a.txt': 'a\n' });
    const content = Array.from({ length: 120 }, (_, index) => `line ${index + 1}\n`).join('');
    await using server = await startModelServer({
      script: [turn(calls('write_file', { path: 'long.txt', content })), turn(says('Written.'))],
    });
    const seen = join(home.path, 'paged');
    const env = { PAGER: `cat > '${seen}'; echo PAGED` };
    await using run = nex(['--no-dry-run', 'Write it'], { home, project, url: server.url, env });

    await run.sees(/\[y\/N, d: whole diff\]$/);
    run.type('d\r');
    await run.sees(/PAGED[\s\S]*whole diff\]$/);
    run.type('y\r');

    expect(await run.ended).toBe(0);
    tells(run, /^… \d+ more lines$/, /^✓ committed/);
    expect(readFileSync(seen, 'utf8')).toMatch(/long\.txt[\s\S]*line 120/);
    isTidy(run);
  });

  it('does the work when git has no name to commit with, and says what is missing', async () => {
    using home = testHome();
    using project = cartProject();
    project.git('config', 'user.useConfigOnly', 'true');
    project.git('config', '--unset', 'user.name');
    project.git('config', '--unset', 'user.email');
    await using server = await startModelServer({ script: CART_SCRIPT });
    await using run = nex(['--no-dry-run', '--yes', CART_TASK], { home, project, url: server.url });

    expect(await run.ended).toBe(3);
    tells(
      run,
      /^! Done, but the commit waits for you, in/,
      /committed: git does not know who you are/,
      /hint: git config --global user\.name/,
    );
    expect(readFileSync(project.path('src/cart.js'), 'utf8')).toBe(CART_FIXED);

    await using doctor = nex(['doctor'], { home, project, url: server.url, rows: 40 });
    await doctor.ended;
    tells(doctor, /identity .*git does not know who you are/, /git config --global user\.name/);
  });

  it('opens no pager for whoever said yes beforehand', async () => {
    using home = testHome();
    using project = cartProject();
    await using server = await startModelServer({ script: CART_SCRIPT });
    await home.nex(['--yes', CART_TASK], { cwd: project.root, url: server.url });
    const seen = join(home.path, 'paged');
    await using run = nex(['rollback', '--yes'], { home, project, rows: 8, env: { PAGER: `cat > '${seen}'` } });

    expect(await run.ended).toBe(0);
    tells(run, 'src/cart.js +1 -1', /^Done: 1 file, /);
    expect(existsSync(seen)).toBe(false);
  });

  it('undoes the last change after showing it', async () => {
    using home = testHome();
    using project = cartProject();
    await using server = await startModelServer({ script: CART_SCRIPT });
    await home.nex(['--yes', CART_TASK], { cwd: project.root, url: server.url });
    await using run = nex(['rollback'], { home, project });

    await run.sees(/Undo this\? \[y\/N\]$/);
    run.type('y\r');

    expect(await run.ended).toBe(0);
    tells(
      run,
      /^Undo: Fix the failing test/,
      'src/cart.js +1 -1',
      /^5 - .*line\.quantity;$/,
      /^5 \+ .*line\.price;$/,
      /^Done: 1 file, /,
    );
    expect(project.git('diff', 'main', 'HEAD')).toBe('');
    isTidy(run);
  });

  it('names three faults and the mend of each', async () => {
    using home = testHome();
    using project = gitProject({ 'a.txt': 'a\n' });
    mkdirSync(project.path('.nex'));
    writeFileSync(project.path('.nex/errors.db'), 'no database');
    await using run = nex(['doctor'], { home, project, env: { NEX_MODEL: 'claude-3-7-sonnet' } });

    expect(await run.ended).toBe(1);
    const faults = run.screen.lines().filter((line) => /fail|warn/i.test(line));
    for (const fault of ['key', 'model', 'errors.db']) expect(faults.join('\n')).toContain(fault);
    expect(run.screen.lines().filter((line) => /mend|→|hint/.test(line)).length).toBeGreaterThanOrEqual(3);
    expect(run.screen.unknown).toEqual([]);
  });

  it('shows how far an index of ten thousand files is', async () => {
    using home = testHome();
    using project = gitProject();
    for (let folder = 0; folder < 100; folder += 1) {
      mkdirSync(project.path(`src/${folder}`), { recursive: true });
      for (let file = 0; file < 100; file += 1)
        writeFileSync(project.path(`src/${folder}/${file}.js`), `export function value${folder}x${file}() {}\n`);
    }
    await using run = nex(['index'], { home, project });

    expect(await run.ended).toBe(0);
    expect(run.written).toMatch(/indexing .*━.*─.* % {2}.*\d+\/10000/);
    expect(run.screen.lines()[0]).toMatch(/^10000 files, 10000 symbols/);
    isTidy(run);
  });
});

describe.skipIf(!hasTerminal)('a chat', () => {
  const TALK: Turn[] = [
    turn(says('It is a **cart**; `total` adds up its lines.')),
    turn(says('As I said: a cart.')),
    turn(says('Still a cart.')),
  ];

  it('remembers, completes its commands, and goes on the next day', async () => {
    using home = testHome();
    using project = cartProject();
    await using server = await startModelServer({ script: TALK });
    await using first = nex(['chat'], { home, project, url: server.url });

    await first.sees(/^›/m);
    first.type('/co');
    await first.sees(/\/cost {4}tokens and money so far/);
    first.type('\t\r');
    await first.sees(/0 turns[\s\S]*›$/);
    first.type('\x1b[200~What is this?\rIn a few words.\x1b[201~');
    await first.sees(/What is this\?\n {2}In a few words\./);
    first.type('\r');
    await first.sees(/adds up its lines[\s\S]*Done in[\s\S]*\n›$/);
    first.type('\x1b[A\x1b[A\x1b[A');
    await first.sees(/\/cost/);
    first.type('\x03my key is sk-ant-api03-0123456789abcdefghijklmnopqrstuvwxyz0123456789\r');
    await first.sees(/As I said[\s\S]*\n›$/);
    first.type('\x04');
    expect(await first.ended).toBe(0);
    tells(
      first,
      '› What is this?',
      '  In a few words.',
      'It is a cart; total adds up its lines.',
      'As I said: a cart.',
      /^2 turns · .* tokens in.* · \$[\d.]+$/,
      'nex chat --continue goes on from here.',
    );
    isTidy(first);

    const kept = readFileSync(join(home.path, '.local/state/nex/chat-history'), 'utf8');
    expect(kept).toContain('What is this?\\nIn a few words.');
    expect(kept).not.toContain('sk-ant-api03-0123456789');
    expect(statSync(join(home.path, '.local/state/nex/chat-history')).mode & 0o077).toBe(0);

    await using second = nex(['chat', '--continue'], { home, project, url: server.url });
    await second.sees(/Going on after 2 turns[\s\S]*As I said: a cart\.[\s\S]*›$/);
    second.type('\x12few');
    await second.sees(/search few› /);
    second.type('\r');
    await second.sees(/Still a cart\.[\s\S]*\n›$/);
    second.type('/exit\r');
    expect(await second.ended).toBe(0);
    const body = server.requests.filter(({ side }) => !side).at(-1)?.raw ?? '';
    expect(body.match(/What is this\?/g)?.length).toBeGreaterThanOrEqual(2);
    isTidy(second);
  });

  it('shows, undoes and forgets on command, and draws its line again when the window changes', async () => {
    using home = testHome();
    using project = cartProject();
    await using server = await startModelServer({ script: [...CART_SCRIPT, turn(says('Undone, I see.'))] });
    const flags = ['--yes', '--no-commit', '--no-tests', '--no-review'];
    await using run = nex(['chat', ...flags], { home, project, url: server.url, rows: 60 });

    await run.sees(/^›/m);
    run.type('fix the cart\r');
    await run.sees(/Done in[\s\S]*\n›$/);
    run.type('/diff\r');
    await run.sees(/src\/cart\.js \+1 -1[\s\S]*line\.quantity[\s\S]*\n›$/);
    run.type('/status\r');
    await run.sees(/claude-sonnet-5-5 · branch nex\/fix-the-cart, 1 changed[\s\S]*\n›$/);
    run.type('/undo\r');
    await run.sees(/Done: 1 file[\s\S]*\n›$/);
    expect(project.git('diff', '--', 'src')).toBe('');
    run.type('what did I do?\r');
    await run.sees(/Undone, I see[\s\S]*\n›$/);
    expect(server.requests.filter(({ side }) => !side).at(-1)?.raw).toContain('The user has undone your last change');
    run.type('/clear\r');
    await run.sees(/The conversation is forgotten[\s\S]*\n›$/);
    run.type('/staus\r');
    await run.sees(/There is no \/staus\. Did you mean \/status\?[\s\S]*\n›$/);
    run.type('a line that will not fit into forty columns');
    await run.sees(/forty columns$/);
    run.resize(40, 60);
    await run.sees(/› a line that will not fit into forty c?o?l?\n {2}\S*ns$|forty\n? ?columns$/);
    run.type('\x03\x04');

    expect(await run.ended).toBe(0);
    expect(run.screen.unknown).toEqual([]);
  });

  it('is a conversation in plain words, too', async () => {
    using home = testHome();
    using project = cartProject();
    await using server = await startModelServer({ script: TALK });
    await using run = nex(['chat', '--plain'], { home, project, url: server.url });

    await run.sees(/you>$/);
    run.type('What is this?\r');
    await run.sees(/adds up its lines[\s\S]*you>$/);
    run.type('/exit\r');

    expect(await run.ended).toBe(0);
    expect(run.written).not.toContain('\x1b');
    tells(run, 'you> What is this?', /It is a cart/, /^ok: Done in/, /^1 turn/);
  });

  it('stops the turn at Ctrl-C, not the chat; asks inline; keeps what was typed ahead for the next entry', async () => {
    using home = testHome();
    using project = gitProject({ 'a.txt': 'a\n', 'build/x': 'x\n' });
    let arrived = () => {};
    const second = new Promise<void>((go) => {
      arrived = go;
    });
    let release = () => {};
    const typed = new Promise<void>((go) => {
      release = go;
    });
    let number = 0;
    await using server = await startModelServer({
      script: async () => {
        number += 1;
        if (number === 1) return RISKY[0] ?? [];
        if (number === 2) {
          await typed;
          return turn(says('Left alone.'));
        }
        if (number === 3) {
          arrived();
          await new Promise((never) => setTimeout(never, 60_000).unref());
        }
        return turn(says('Here again.'));
      },
    });
    await using run = nex(['chat'], { home, project, url: server.url });

    await run.sees(/^›/m);
    run.type('tidy up\r');
    await run.sees(/instead:$/);
    run.type('n\r');
    await run.sees(/not run|Not run/);
    run.type('hello');
    release();
    await run.sees(/Left alone[\s\S]*\n› hello$/);
    run.type(' there\r');
    await second;
    run.type('\x03');
    await run.sees(/Interrupted[\s\S]*\n›$/);
    run.type('and now?\r');
    await run.sees(/Here again[\s\S]*\n›$/);
    run.type('\x04');

    expect(await run.ended).toBe(0);
    tells(
      run,
      '› tidy up',
      '! This needs your yes:',
      '● Run rm -rf build  ✗ not run; you said no',
      'Left alone.',
      '› hello there',
      /^✗ Interrupted after/,
      '› and now?',
      'Here again.',
      /^3 turns/,
    );
    isTidy(run);
  });
});
