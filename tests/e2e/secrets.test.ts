import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Canary, canaries, seededRandom } from '../support/canaries.ts';
import { gitProject } from '../support/git-project.ts';
import { startModelServer } from '../support/model-server/server.ts';
import { calls, says, type Turn, turn } from '../support/model-server/turns.ts';
import { testHome } from '../support/run-nex.ts';

/** Runs of a usual day; `CANARY_RUNS=200` for all of them. */
const RUNS = Number(process.env['CANARY_RUNS'] ?? 5);

const MARK = /\[nex:secret:[a-z0-9-]+:[0-9a-f]{8}\]/;

/** Everything below a folder as one text; what is not readable is not there. */
function contentOf(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${name}\n${readFileSync(join(parentPath, name), 'latin1')}`)
    .join('\n');
}

/** What `nex doctor --bundle` left in a folder, unpacked. */
function bundleIn(folder: string): string {
  const [name] = readdirSync(folder).filter((entry) => entry.endsWith('.tar.gz'));
  if (name === undefined) throw new Error('no bundle was written');
  return gunzipSync(readFileSync(join(folder, name))).toString('latin1');
}

/** Where each secret shows up for one run: files, output, errors, names of remotes, the user's own memory. */
function planted(seed: number) {
  const random = seededRandom(seed);
  const all = canaries(random).map((canary) => ({ canary, order: random() }));
  const shuffled = all.sort((a, b) => a.order - b.order).map(({ canary }) => canary);
  const part = (index: number) => shuffled.filter((_, at) => at % 5 === index);
  return { all: shuffled, source: part(0), output: part(1), failing: part(2), memory: part(3), notes: part(4) };
}

const written = (secrets: readonly Canary[]) => secrets.map(({ written }) => written).join('\n');

/** The message and the new lines of a commit; the lines around them are the user's own. */
const addedIn = (shown: string) =>
  shown
    .split('\n')
    .filter((line) => line.startsWith('+'))
    .join('\n');

describe('secrets planted in a project', () => {
  it.each(Array.from({ length: RUNS }, (_, at) => at + 1))(
    'reach no request, record, commit, screen or child, run %i',
    async (seed) => {
      const { all, source, output, failing, memory, notes } = planted(seed);
      const random = seededRandom(seed + 10_000);
      const environment = Object.fromEntries(
        ['SHOP_API_KEY', 'DEPLOY_TOKEN', 'MYSQL_PWD'].map((name, at) => [
          name,
          `${seed}-q${at}Zr8LmX0aTn${Math.floor(random() * 1e9)}`,
        ]),
      );
      const remote = all.find(({ kind }) => kind === 'remote');
      using home = testHome();
      using project = gitProject({
        'package.json': `${JSON.stringify({ name: 'shop', private: true, type: 'module', scripts: { test: 'node check.js' } })}\n`,
        'src/settings.js': `${written(source)}\nexport const limit = 1;\n`,
        'print.js': `process.stdout.write(Buffer.from('${Buffer.from(written(output)).toString('base64')}', 'base64'));\n`,
        'check.js': `import { readFileSync } from 'node:fs';\nif (!readFileSync('src/settings.js', 'utf8').includes('limit = 2')) {\n  console.error(Buffer.from('${Buffer.from(written(failing)).toString('base64')}', 'base64').toString());\n  process.exit(1);\n}\n`,
        'AGENTS.md': `Deploy with:\n${written(notes)}\n`,
        '.nex/memory.md': `# shop\n\n## Notes\n\n${written(memory)}\n`,
        '.gitignore': '.env\n',
      });
      project.write('.env', written(all));
      if (remote !== undefined) project.git('remote', 'add', 'origin', remote.written);
      const moves: Turn[] = [
        turn(
          calls('read_file', { path: 'src/settings.js' }),
          calls('run_command', { command: 'node print.js' }),
          calls('run_command', { command: 'npm test' }),
          calls('run_command', { command: 'git remote -v' }),
          calls('search_files', { pattern: '.' }),
          calls('read_file', { path: '.env' }),
          calls('run_command', { command: 'cat .env' }),
          calls('run_command', { command: 'env' }),
          calls('run_command', { command: 'node -e "console.error(Object.values(process.env).join())"' }),
        ),
        turn(
          calls('write_file', {
            path: 'src/settings.js',
            edits: [{ old_text: 'export const limit = 1;', new_text: 'export const limit = 2;' }],
          }),
          calls('run_command', { command: 'npm test' }),
        ),
      ];
      await using server = await startModelServer({
        // At the end the model tells all that it was shown, so that summary, memory and journal hold it too.
        script: ({ turn: at, raw }) => moves[at] ?? turn(says(`The limit is two now. I saw: ${raw.slice(-20_000)}`)),
      });

      const run = await home.nex(
        [
          ...['--yes', '--output-format', seed % 2 === 0 ? 'stream-json' : 'text'],
          ...['--log-file', join(home.path, 'events.jsonl'), 'Raise the limit to two.'],
        ],
        { cwd: project.root, url: server.url, env: { ...environment, NEX_LOG_LEVEL: 'debug' } },
      );
      const report = await home.nex(['doctor', '--bundle'], { cwd: project.root, url: server.url, env: environment });

      expect(run.status).toBe(0);
      const sinks: Record<string, string> = {
        requests: server.requests.map(({ raw }) => raw).join('\n'),
        stdout: run.stdout,
        stderr: run.stderr,
        commit: addedIn(project.git('show', '--format=+%B', 'HEAD')),
        records: contentOf(project.path('.nex')).replace(written(memory), ''),
        state: contentOf(join(home.path, '.local')),
        log: readFileSync(join(home.path, 'events.jsonl'), 'utf8'),
        report: `${report.stdout}${report.stderr}${bundleIn(project.root)}`,
      };
      const traces = [...all.flatMap((canary) => canary.traces), ...Object.values(environment)];
      const leaks = Object.entries(sinks).flatMap(([sink, text]) =>
        traces
          .filter((trace) => text.includes(trace) || text.includes(encodeURIComponent(trace)))
          .map((trace) => `${sink}: ${trace}`),
      );
      expect(leaks).toEqual([]);
      expect(sinks['requests']).toMatch(MARK);
      expect(sinks['log']).toMatch(MARK);
    },
  );
});

it('puts a secret back where it stood, also in a session that goes on', async () => {
  const [github] = canaries(seededRandom(77)).filter(({ kind }) => kind === 'github');
  if (github === undefined) throw new Error('no such canary');
  using home = testHome();
  using project = gitProject({ 'settings.js': `${github.written}\nexport const limit = 1;\n` });
  await using server = await startModelServer({
    script: ({ turn: at, raw }) => {
      const content = github.written.replace(github.value, MARK.exec(raw)?.[0] ?? '');
      const moves = [
        turn(calls('read_file', { path: 'settings.js' })),
        turn(says('It holds a limit.')),
        turn(calls('read_file', { path: 'settings.js' })),
        // With the mark that it was shown the first time.
        turn(calls('write_file', { path: 'settings.js', content: `${content}\nexport const limit = 2;\n` })),
      ];
      return moves[at] ?? turn(says('The limit is two now.'));
    },
  });

  const first = await home.nex(['--yes', 'What is in settings.js?'], { cwd: project.root, url: server.url });
  const second = await home.nex(['--yes', '--continue', 'Raise the limit.'], { cwd: project.root, url: server.url });

  expect([first.status, second.status]).toEqual([0, 0]);
  expect(project.git('show', 'HEAD:settings.js')).toBe(`${github.written}\nexport const limit = 2;`);
  expect(contentOf(project.path('.nex')).includes(github.value)).toBe(false);
  expect(server.requests.some(({ raw }) => raw.includes(github.value))).toBe(false);
});
