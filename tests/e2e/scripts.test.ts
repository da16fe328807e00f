import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CART_SCRIPT, CART_TASK, cartProject } from '../support/cart-project.ts';
import { gitProject } from '../support/git-project.ts';
import { startModelServer } from '../support/model-server/server.ts';
import { calls, says, turn } from '../support/model-server/turns.ts';
import { testHome } from '../support/run-nex.ts';

type Event = Record<string, unknown> & { type: string; id?: string };

const schemaFile = resolve(import.meta.dirname, '..', '..', 'dist', 'events.schema.json');

function eventsIn(stdout: string): Event[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** What is wrong with events by the schema that ships. */
function misfits(events: readonly Event[]): string[] {
  const schema = z.fromJSONSchema(JSON.parse(readFileSync(schemaFile, 'utf8')));
  return events.flatMap((event) => {
    const read = schema.safeParse(event);
    return read.success ? [] : [`${event.type}: ${JSON.stringify(event).slice(0, 300)}`];
  });
}

describe('the published schema', () => {
  it('fits every event of a task with tools, tests, review, lessons and commit', async () => {
    using home = testHome();
    using project = cartProject();
    await using server = await startModelServer({ script: CART_SCRIPT });
    const run = await home.nex(['--yes', '--plan', 'always', '--output-format', 'stream-json', CART_TASK], {
      cwd: project.root,
      url: server.url,
    });
    const events = eventsIn(run.stdout);
    expect(new Set(events.map(({ type }) => type)).size).toBeGreaterThan(12);
    expect(misfits(events)).toEqual([]);
  });

  it('fits a dry run, a refusal and a failure, and nothing else', async () => {
    using home = testHome();
    using project = cartProject();
    await using server = await startModelServer({
      script: [turn(calls('run_command', { command: 'rm -rf src' })), turn(says('I may not.'))],
    });
    const flags = ['--yes', '--output-format', 'stream-json'];
    const refused = await home.nex([...flags, 'Remove it.'], { cwd: project.root, url: server.url });
    const failed = await home.nex([...flags, 'x'], { cwd: project.root, url: 'http://127.0.0.1:1' });
    const events = [...eventsIn(refused.stdout), ...eventsIn(failed.stdout)];
    expect(misfits(events)).toEqual([]);
    expect(misfits([{ ...events[0], type: 'session.start', more: 1 }])).toHaveLength(1);
  });
});

describe('--input-format stream-json', () => {
  const SCRIPT = [
    turn(calls('write_file', { path: 'old/a.txt', content: 'a\n' })),
    turn(calls('run_command', { command: 'rm -rf old' })),
    turn(says('Done with it.')),
  ];

  /** Runs the task; each question is answered when its event arrives. */
  async function converse(answers: Record<string, { answer: 'yes' | 'no'; reason?: string }>) {
    using home = testHome();
    using project = gitProject({ 'a.txt': 'a\n' });
    await using server = await startModelServer({ script: SCRIPT });
    const asked: string[] = [];
    let rest = '';
    const run = await home.nex(
      ['--no-dry-run', '--output-format', 'stream-json', '--input-format', 'stream-json', 'Tidy up.'],
      {
        cwd: project.root,
        url: server.url,
        onStdout(text, write) {
          const lines = (rest + text).split('\n');
          rest = lines.pop() ?? '';
          for (const event of lines.map((line): Event => JSON.parse(line))) {
            if (event.type !== 'approval' || 'answer' in event) continue;
            const about = String(event['command']);
            asked.push(about);
            const answer = Object.entries(answers).find(([start]) => about.startsWith(start))?.[1] ?? { answer: 'no' };
            write(`${JSON.stringify({ type: 'approval.answer', id: event.id, ...answer })}\n`);
          }
        },
      },
    );
    return {
      run,
      asked,
      events: eventsIn(run.stdout),
      last: server.requests.at(-1)?.raw ?? '',
      sent: server.requests.map(({ raw }) => raw).join('\n'),
    };
  }

  it('lets the caller say yes to a flagged command, to the trust question and to the commit', async () => {
    const { run, asked, events } = await converse({
      'rm -rf old': { answer: 'yes' },
      May: { answer: 'yes' },
      Commit: { answer: 'yes' },
    });
    expect(asked).toContain('rm -rf old');
    expect(events.at(-1)).toMatchObject({ type: 'session.end', refused: [] });
    expect(run.status).toBe(0);
    expect(misfits(events)).toEqual([]);
  });

  it('hands a refusal with its reason to the model', async () => {
    const { asked, events, sent } = await converse({ 'rm -rf old': { answer: 'no', reason: 'keep the folder' } });
    expect(asked).toContain('rm -rf old');
    expect(events.find((event) => event.type === 'approval' && 'answer' in event)).toMatchObject({
      answer: 'no',
      said: 'keep the folder',
    });
    expect(sent).toContain('keep the folder');
  });

  it('takes closed input for no', async () => {
    using home = testHome();
    using project = gitProject({ 'a.txt': 'a\n' });
    await using server = await startModelServer({ script: SCRIPT });
    const run = await home.nex(
      ['--no-dry-run', '--output-format', 'stream-json', '--input-format', 'stream-json', 'Tidy up.'],
      { cwd: project.root, url: server.url, input: 'nonsense\n' },
    );
    expect(run.stderr).toMatch(/Line 1 of stdin is no answer: nonsense/);
    expect(eventsIn(run.stdout).at(-1)).toMatchObject({ refused: [{ command: 'rm -rf old' }] });
  });

  it.each([
    ['text output', ['--input-format', 'stream-json', 'x'], /needs --output-format stream-json/],
    ['no task', ['--output-format', 'stream-json', '--input-format', 'stream-json'], /the task must be an argument/],
  ])('is refused with %s', async (_, args, message) => {
    using home = testHome();
    using project = gitProject();
    const run = await home.nex(args, { cwd: project.root, input: '' });
    expect(run).toMatchObject({ status: 2, stderr: expect.stringMatching(message) });
  });
});

describe('--json-schema', () => {
  const SHAPE = { type: 'object', properties: { count: { type: 'integer' } }, required: ['count'] };
  const ASK = ['--yes', '--json-schema', 'shape.json', 'How many?'];
  const project = () => gitProject({ 'a.txt': 'a\n', 'shape.json': JSON.stringify(SHAPE) });

  it('prints the answer as JSON of that shape, and nothing else', async () => {
    using home = testHome();
    using place = project();
    await using server = await startModelServer({
      script: [turn(says('There are three of them.'))],
      side: () => turn(says('{"count":3}')),
    });
    const run = await home.nex(ASK, { cwd: place.root, url: server.url });
    expect(run).toMatchObject({ status: 0, stdout: '{"count":3}\n' });
    expect(server.requests).toHaveLength(2);
    expect(server.requests[1]?.body['tools']).toEqual(server.requests[0]?.body['tools']);
  });

  it('asks once more for what does not fit, and then says so with status 1', async () => {
    using home = testHome();
    using place = project();
    await using server = await startModelServer({
      script: [turn(says('There are three.'))],
      side: () => turn(says('{"count":"three"}')),
    });
    const run = await home.nex(ASK, { cwd: place.root, url: server.url });
    expect(run).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/nex: The answer does not fit the schema: /),
    });
    expect(server.requests).toHaveLength(3);
  });

  it.each([
    ['a file that is not there', 'nope.json', '', /There is no nope\.json\./],
    ['no JSON', 'bad.json', '{', /bad\.json is not JSON/],
    ['JSON that is no schema', 'bad.json', '[1]', /bad\.json is no JSON Schema/],
    ['an unknown type', 'bad.json', '{"type":"objekt"}', /bad\.json is no JSON Schema that nex can use/],
  ])('refuses %s with status 2, before anything is sent', async (_, file, text, message) => {
    using home = testHome();
    using place = gitProject({ 'bad.json': text });
    await using server = await startModelServer({ script: [] });
    const run = await home.nex(['--yes', '--json-schema', file, 'x'], { cwd: place.root, url: server.url });
    expect(run).toMatchObject({ status: 2, stderr: expect.stringMatching(message) });
    expect(server.requests).toEqual([]);
  });
});

describe('--log-file', () => {
  it('keeps every event, beside plain text on stdout', async () => {
    using home = testHome();
    using project = gitProject({ 'a.txt': 'a\n' });
    await using server = await startModelServer({ script: [turn(says('It is fine.'))] });
    const run = await home.nex(['--yes', '--log-file', 'run.log', 'Is it?'], { cwd: project.root, url: server.url });
    expect(run.stdout).toBe('It is fine.\n');
    const events = eventsIn(readFileSync(project.path('run.log'), 'utf8'));
    expect([events[0]?.type, events.at(-1)?.type]).toEqual(['session.start', 'session.end']);
    expect(misfits(events)).toEqual([]);
    expect(statSync(project.path('run.log')).mode & 0o777).toBe(0o600);
  });

  it('says with status 2 that it cannot be written', async () => {
    using home = testHome();
    using project = gitProject();
    const run = await home.nex(['--yes', '--log-file', 'no/such/folder/x', 'x'], {
      cwd: project.root,
      url: 'http://127.0.0.1:1',
    });
    expect(run).toMatchObject({ status: 2, stderr: expect.stringMatching(/log file cannot be written/) });
  });
});
