// npm run bench:third-party: the built program against a mock of the Messages API that somebody else wrote, so that
// server and client cannot share a mistake. It is no dependency of nex; install it aside, then name its folder:
//   npm install --prefix aside @copilotkit/aimock@1.43.0
//   AIMOCK=aside/node_modules/@copilotkit/aimock npm run bench:third-party
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gitProject } from '../support/git-project.ts';
import { testHome } from '../support/run-nex.ts';

interface Mock {
  readonly url: string;
  start(): Promise<unknown>;
  stop(): Promise<unknown>;
  addFixture(fixture: { match: { turnIndex: number }; response: object }): void;
  nextRequestError(status: number, error: { message: string; type: string }): void;
}

const folder = process.env['AIMOCK'];
if (folder === undefined) throw new Error('AIMOCK names the folder of the mock; the head of this file says how.');
const loaded: { LLMock: new (options: { port: number }) => Mock } = await import(
  pathToFileURL(resolve(folder, 'dist/index.js')).href
);
const mock = new loaded.LLMock({ port: 0 });
const call = (name: string, input: object) => ({ name, arguments: JSON.stringify(input) });
mock.addFixture({
  match: { turnIndex: 0 },
  response: {
    content: 'I look round.',
    toolCalls: [call('read_file', { path: 'a.txt' }), call('list_directory', { path: '.' })],
  },
});
mock.addFixture({
  match: { turnIndex: 1 },
  response: { content: 'I write.', toolCalls: [call('write_file', { path: 'b.txt', content: 'made\n' })] },
});
mock.addFixture({ match: { turnIndex: 2 }, response: { content: 'b.txt is there.' } });
await mock.start();

const cases = [
  { name: 'a Claude model, every feature', model: 'claude-sonnet-5-5', overloaded: false },
  { name: 'another model, the minimum', model: 'qwen3-coder', overloaded: false },
  { name: 'overloaded at first', model: 'claude-sonnet-5-5', overloaded: true },
];
let failed = 0;
try {
  for (const { name, model, overloaded } of cases) {
    using home = testHome();
    using project = gitProject({ 'a.txt': 'hello\n' });
    if (overloaded) mock.nextRequestError(529, { message: 'overloaded', type: 'overloaded_error' });
    // Without a key: a server on this machine needs none.
    const run = await home.nex(['--yes', '--no-review', '--no-wrap-up', 'Make b.txt.'], {
      cwd: project.root,
      env: { ANTHROPIC_BASE_URL: mock.url, NEX_MODEL: model },
    });
    const good =
      run.status === 0 &&
      run.stdout === 'b.txt is there.\n' &&
      readFileSync(join(project.root, 'b.txt'), 'utf8') === 'made\n' &&
      overloaded === run.stderr.includes('trying again');
    if (!good) failed += 1;
    console.log(`${good ? 'ok    ' : 'FAILED'} ${name}${good ? '' : `\n${run.stderr}`}`);
  }
} finally {
  await mock.stop();
}
process.exitCode = failed;
