// Lets the program work on a throw-away repository and writes down what V8 compiled while it did, beside the program:
// with that, a start need not compile again. The commands have a smaller one of their own, since all of it is read at
// every start. The executable's ends where a task's first request leaves, because every byte of it is downloaded.
// Needs git; where it fails, nex merely starts slower.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { ClientRequest, createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

const self = fileURLToPath(import.meta.url);

/**
 * Writes `program.NODE-PLATFORM-ARCH.KIND.cache` into the folder of the built program, for tasks and for commands; with
 * `short` what a task calls until its first request leaves.
 */
export function train(dist, { short = false } = {}) {
  for (const kind of ['task', 'command']) {
    // On a busy machine one of the task's own time limits may pass.
    for (let attempt = 1; attempt <= 3; attempt++) {
      const trouble = tryToTrain(dist, kind, short);
      if (trouble === undefined) break;
      console.error(`build: no compiled code was kept in attempt ${attempt}: ${trouble}`);
    }
  }
}

/** What went wrong; undefined when it went well. */
function tryToTrain(dist, kind, short) {
  const work = mkdtempSync(join(tmpdir(), 'nex-train-'));
  try {
    const project = join(work, 'project');
    write(join(project, 'package.json'), '{ "type": "module", "scripts": { "test": "node --test" } }\n');
    write(join(project, 'sum.js'), 'export function sum(a, b) {\n  return a - b;\n}\n');
    write(join(project, 'notes.md'), '# sums\n');
    // Too many to be shown whole: the index is asked.
    for (let part = 0; part < 30; part++)
      write(join(project, 'src', `part${part}.js`), `export function part${part}() {\n  return ${part};\n}\n`);
    mkdirSync(join(work, 'home', 'tmp'), { recursive: true });
    const env = {
      PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}`,
      HOME: join(work, 'home'),
      TMPDIR: join(work, 'home', 'tmp'),
      NO_COLOR: '1',
    };
    const git = (...args) =>
      execFileSync('git', ['-c', 'user.name=nex', '-c', 'user.email=nex@example.invalid', ...args], {
        cwd: project,
        env,
        stdio: 'ignore',
      });
    git('init', '-q');
    git('add', '-A');
    git('commit', '-q', '-m', 'sums');
    if (kind === 'task')
      execFileSync(process.execPath, [join(dist, 'nex.js'), 'index'], { cwd: project, env, stdio: 'ignore' });
    const done = spawnSync(process.execPath, [self, dist, kind, short ? 'short' : 'whole'], {
      cwd: project,
      env,
      encoding: 'utf8',
      timeout: 60_000,
    });
    return done.status === 0 ? undefined : `${done.error?.message ?? ''}${done.stderr}`;
  } catch (error) {
    return error.message;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function write(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** What the model answers: a look, a change, a command, an end; any other request gets the end. */
const TURNS = [
  [call('read_file', { path: 'sum.js' }), call('search_files', { pattern: 'sum' }), call('list_directory', {})],
  [call('write_file', { path: 'sum.js', edits: [{ old_text: 'a - b', new_text: 'a + b' }] })],
  [call('run_command', { command: 'git status --short' })],
  [{ type: 'text', text: 'The sum is **mended**.' }],
];

function call(name, input) {
  return { type: 'tool_use', id: `toolu_${name}`, name, input };
}

function reply(blocks) {
  const events = [
    { type: 'message_start', message: { id: 'msg_1', role: 'assistant', content: [], usage: { input_tokens: 1 } } },
    ...blocks.flatMap((block, index) => {
      const [start, delta] =
        block.type === 'text'
          ? [
              { type: 'text', text: '' },
              { type: 'text_delta', text: block.text },
            ]
          : [
              { ...block, input: {} },
              { type: 'input_json_delta', partial_json: JSON.stringify(block.input) },
            ];
      return [
        { type: 'content_block_start', index, content_block: start },
        { type: 'content_block_delta', index, delta },
        { type: 'content_block_stop', index },
      ];
    }),
    {
      type: 'message_delta',
      delta: { stop_reason: blocks[0].type === 'text' ? 'end_turn' : 'tool_use' },
      usage: { output_tokens: 1 },
    },
    { type: 'message_stop' },
  ];
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}

/** Runs the program and keeps what was compiled. */
async function work(dist, kind, length) {
  const file = join(dist, 'program.cjs');
  const script = new Script(readFileSync(file, 'latin1'), { filename: file });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dist);
  process.stdout.write = (_text, ...rest) => {
    const written = rest.at(-1);
    if (written instanceof Function) written();
    return true;
  };
  const compiled = await (kind === 'task' ? doTask : doCommands)(module.exports.runCli, script, length);
  process.exitCode = 0;
  const name = `program.${process.version}-${process.platform}-${process.arch}.${kind}.cache`;
  writeFileSync(join(dist, name), compiled);
}

async function doCommands(runCli, script) {
  const commands = [['index'], ['index'], ['context', 'the sum of part 3'], ['status'], ['memory', 'path']];
  for (const command of commands) {
    await runCli(command);
    if (process.exitCode !== 0) throw new Error(`nex ${command.join(' ')} ended with status ${process.exitCode}`);
  }
  return script.createCachedData();
}

async function doTask(runCli, script, length) {
  let compiled;
  let turn = 0;
  const { end } = ClientRequest.prototype;
  // When the request leaves, not when it arrives: until then much has begun that may take its time.
  ClientRequest.prototype.end = function (...body) {
    if (length === 'short') compiled ??= script.createCachedData();
    return end.apply(this, body);
  };
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(reply(TURNS[turn++] ?? TURNS.at(-1)));
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  process.env.ANTHROPIC_BASE_URL = `http://127.0.0.1:${server.address().port}`;
  process.env.ANTHROPIC_API_KEY = 'none';
  await runCli(['--yes', '--no-review', '--no-wrap-up', 'Mend the sum of part 3.']);
  server.close();
  if (turn < TURNS.length) throw new Error(`the task ended early, with status ${process.exitCode}`);
  return compiled ?? script.createCachedData();
}

if (process.argv[1] === self) await work(...process.argv.slice(2));
