import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../../support/cli-context.ts';
import { gitProject } from '../../support/git-project.ts';
import { startModelServer } from '../../support/model-server/server.ts';
import { tempProject } from '../../support/temp-project.ts';
import { worldHash } from '../../support/world-hash.ts';

const KEY = 'sk-test-0123456789-wxyz';
const OFFLINE = { ANTHROPIC_BASE_URL: 'http://127.0.0.1:9', ANTHROPIC_API_KEY: KEY, PATH: process.env['PATH'] };

interface Finding {
  name: string;
  status: string;
  found: string;
  mend?: string;
}

async function doctor(root: string, options: { env?: Record<string, string | undefined>; flags?: string[] } = {}) {
  using home = tempProject();
  const run = await runProgram(['doctor', '--json', ...(options.flags ?? [])], {
    cwd: root,
    home: home.root,
    env: { ...OFFLINE, ...options.env },
  });
  const findings: Finding[] = JSON.parse(run.stdout);
  const of = (name: string) => findings.find((finding) => finding.name === name);
  return { ...run, findings, of };
}

describe('nex doctor', () => {
  it('asks the server for its models, and passes what is well', async () => {
    using project = gitProject({ 'src/a.js': 'export const a = 1;\n' });
    await using server = await startModelServer({ script: [], keys: [KEY] });
    const { findings, status } = await doctor(project.root, { env: { ANTHROPIC_BASE_URL: server.url } });
    expect(findings.filter((finding) => finding.status !== 'pass')).toEqual([]);
    expect(status).toBe(0);
    expect(server.requests).toEqual([]);
  });

  it.each([
    ['claude-sonnet-4-20250514', 'fail', /was retired.*; claude-sonnet-5-5 does its work now/],
    ['claude-sonnet-4-5-20250929', 'warn', /will be retired on 2026-11-30; claude-sonnet-5-5/],
    ['claude-sonet-5-5', 'fail', /is not among the server's models: claude-sonnet-5-5/],
  ])('names the successor of %s', async (model, status, found) => {
    using project = gitProject();
    await using server = await startModelServer({ script: [] });
    const { of } = await doctor(project.root, { env: { ANTHROPIC_BASE_URL: server.url, NEX_MODEL: model } });
    expect(of('model')).toMatchObject({
      status,
      found: expect.stringMatching(found),
      mend: 'nex config set model claude-sonnet-5-5 --global',
    });
  });

  it('warns of a ripgrep that was named and is none, and says what is used in its place', async () => {
    using project = gitProject();
    const { of } = await doctor(project.root, { env: { NEX_RG: '/nowhere/rg' } });
    expect(of('ripgrep')).toMatchObject({
      status: 'warn',
      found: expect.stringMatching(/^NEX_RG is \/nowhere\/rg, which is no program; .* is used$/),
    });
  });

  it('without a network: warns of it, and judges the rest', async () => {
    using project = gitProject();
    const { of, status } = await doctor(project.root, { env: { NEX_MODEL: 'claude-3-haiku-20240307' } });
    expect(of('server')).toMatchObject({ status: 'warn', found: expect.stringMatching(/connection to 127.* failed/) });
    expect(of('model')).toMatchObject({ status: 'fail', found: expect.stringMatching(/retired on 2026-04-20/) });
    expect(status).toBe(1);
  });

  it('tells every fault of a broken .nex/ and changes nothing', async () => {
    using project = gitProject();
    project.write('.nex/config.toml', 'colour = 1\n');
    project.write('.nex/errors.db', 'this is no database, but it is long enough to be read as one'.repeat(200));
    project.write('.nex/index.json', '{');
    project.write('.nex/index.state', 'broken');
    project.write('.nex/sessions/20260101-000000-aaaa.jsonl', '{"type":"session.start"\n');
    project.write('.nex/.nex-0123456789abcdef.tmp', 'left');
    utimesSync(project.path('.nex/.nex-0123456789abcdef.tmp'), 0, 0);
    const before = worldHash(project.root);

    const { findings, status } = await doctor(project.root);

    const faults = findings.filter((finding) => finding.status !== 'pass').map(({ name }) => name);
    expect(faults).toEqual(['config', 'server', '.nex', 'index', 'errors.db', 'leftovers']);
    expect(findings.filter((finding) => finding.status !== 'pass' && !finding.mend)).toEqual([]);
    expect(status).toBe(1);
    expect(worldHash(project.root)).toEqual(before);
  });

  it('--repair mends what is of nex, keeps what was damaged, and leaves what is of the user', async () => {
    using project = gitProject({ 'src/a.js': 'export const a = 1;\n' });
    project.write('.nex/config.toml', 'colour = 1\n');
    project.write('.nex/errors.db', 'this is no database'.repeat(500));
    project.write('.nex/index.state', 'broken');
    project.write('.nex/.nex-0123456789abcdef.tmp', 'left');
    utimesSync(project.path('.nex/.nex-0123456789abcdef.tmp'), 0, 0);

    const { findings, all } = await doctor(project.root, { flags: ['--repair'] });

    const left = findings.filter((finding) => finding.status !== 'pass').map(({ name }) => name);
    expect(left).toEqual(['config', 'server']);
    expect(all).toMatch(/repaired: the index was built anew: 1 files/);
    expect(readFileSync(project.path('.nex/config.toml'), 'utf8')).toBe('colour = 1\n');
    expect(readdirSync(project.path('.nex'))).toContain('errors.db.corrupt');
  });

  it.each([
    ['a file in place of .nex', { '.nex': 'in the way\n' }],
    ['a file in place of the journals', { '.nex/sessions': 'in the way\n' }],
    ['a folder in place of errors.db', { '.nex/errors.db/x': '' }],
  ])('ends with findings for %s', async (_, files) => {
    using project = gitProject();
    for (const [name, text] of Object.entries(files)) project.write(name, text);
    const { findings } = await doctor(project.root);
    expect(findings.length).toBeGreaterThan(10);
  });

  it('works in the home folder and outside a repository', async () => {
    using project = tempProject();
    const { of } = await doctor(project.root);
    expect(of('repository')).toMatchObject({ status: 'warn', mend: 'git init' });
  });
});

describe('nex doctor --bundle', () => {
  it('writes an archive without secrets, words, code or names of folders', async () => {
    using project = gitProject();
    project.write(
      '.nex/sessions/20260101-000000-aaaa.jsonl',
      `${JSON.stringify({ type: 'session.start', time: '2026-01-01T00:00:00.000Z', session: 'aaaa', task: 'My private plan', model: 'm', root: project.root, version: '0', dry_run: false })}\n${JSON.stringify({ type: 'tool.result', time: '2026-01-01T00:00:01.000Z', session: 'aaaa', id: 'x', name: 'read_file', ok: true, text: 'const private = 1;', changed: [], duration_ms: 1 })}\n`,
    );
    const { all } = await doctor(project.root, { flags: ['--bundle'], env: { DEPLOY_TOKEN: 'swordfish-swordfish-1' } });
    const [, path = ''] = /wrote (\S+\.tar\.gz); nothing was sent/.exec(all) ?? [];
    expect(path.startsWith(project.root)).toBe(true);
    using out = tempProject();
    execFileSync('tar', ['-xzf', path, '-C', out.root]);
    const names = readdirSync(out.root).toSorted();
    expect(names).toEqual(['README.txt', 'doctor.json', 'session.jsonl', 'settings.json', 'versions.json']);
    const text = names.map((name) => readFileSync(join(out.root, name), 'utf8')).join('\n');
    for (const secret of [KEY, 'swordfish', 'My private plan', 'const private', project.root])
      expect(text).not.toContain(secret);
    expect(text).toContain('"name":"read_file"');
    rmSync(path);
  });
});
