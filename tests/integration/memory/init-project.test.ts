import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { ensurePrivateFolder, initProject } from '../../../src/memory/init-project.ts';
import { fitValue, isStricter, SETTINGS } from '../../../src/settings-table.ts';
import { gitProject } from '../../support/git-project.ts';
import { type TempProject, tempProject } from '../../support/temp-project.ts';

function init(project: TempProject, files: Record<string, string> = {}, force = false) {
  return initProject({
    root: project.root,
    nexDir: project.path('.nex'),
    files: Object.keys(files),
    read: (path) => files[path],
    force,
  });
}

const FILES = ['.nex/memory.md', '.nex/decisions.md', '.nex/config.toml', '.nex/.gitignore', '.nex/.gitattributes'];

describe('initProject', () => {
  it('makes the folder, and git sees the shared files and none of the others', async () => {
    using project = gitProject({ 'package.json': '{"name":"shop"}' });
    expect(await init(project, { 'package.json': '{"name":"shop"}' })).toEqual({
      created: FILES,
      kept: [],
      refreshed: [],
      missing: [],
    });
    for (const name of [
      'errors.db',
      'errors.db-wal',
      'errors.db.corrupt',
      'index.json',
      'index.terms',
      'lock',
      'sessions/a.jsonl',
      'previews/a.json',
      'memory.md.lock',
      '.nex-00.tmp',
    ])
      project.write(`.nex/${name}`, 'x');
    expect(project.git('status', '--porcelain', '-uall').split('\n').sort()).toEqual(
      FILES.map((path) => `?? ${path}`).sort(),
    );
    expect(readFileSync(project.path('.nex/memory.md'), 'utf8')).toMatch(/^# Project Memory: shop\n/);
    expect(project.git('check-attr', 'merge', '.nex/memory.md', '.nex/decisions.md')).toBe(
      '.nex/memory.md: merge: union\n.nex/decisions.md: merge: union',
    );
  });

  it('overwrites nothing, and fills up what is missing', async () => {
    using project = tempProject({ '.nex/memory.md': 'mine', '.nex/config.toml': 'plan = "never"\n' });
    expect(await init(project)).toEqual({
      created: ['.nex/decisions.md', '.nex/.gitignore', '.nex/.gitattributes'],
      kept: ['.nex/memory.md', '.nex/config.toml'],
      refreshed: [],
      missing: [],
    });
    expect(readFileSync(project.path('.nex/memory.md'), 'utf8')).toBe('mine');
    expect(readFileSync(project.path('.nex/config.toml'), 'utf8')).toBe('plan = "never"\n');
    const before = readdirSync(project.path('.nex')).map((name) =>
      readFileSync(join(project.path('.nex'), name), 'utf8'),
    );
    expect(await init(project)).toMatchObject({ created: [], kept: [...FILES] });
    expect(
      readdirSync(project.path('.nex')).map((name) => readFileSync(join(project.path('.nex'), name), 'utf8')),
    ).toEqual(before);
  });

  it('refreshes only what stands between marks, by force', async () => {
    using project = tempProject();
    await init(project, { 'package.json': '{"name":"old"}' });
    const path = project.path('.nex/memory.md');
    const text = readFileSync(path, 'utf8');
    project.write(
      '.nex/memory.md',
      `${text.replace('## Notes', '## Notes\n\nMine: old.').replace(/<!-- nex:generated layout -->\n/, '')}`,
    );
    expect(await init(project, { 'package.json': '{"name":"new"}', 'src/a.ts': '' }, true)).toEqual({
      created: [],
      kept: FILES,
      refreshed: ['overview', 'stack', 'conventions'],
      missing: ['layout'],
    });
    const after = readFileSync(path, 'utf8');
    expect(after).toContain('-->\nnew.\n<!--');
    expect(after).toContain('# Project Memory: old');
    expect(after).toContain('Mine: old.');
    expect(after).not.toContain('`src/`');
  });

  it('adds ignore rules to a folder of Nex AI and keeps its own', async () => {
    using project = tempProject({ '.nex/.gitignore': 'errors.db\nindex.json' });
    await init(project);
    expect(readFileSync(project.path('.nex/.gitignore'), 'utf8')).toBe(
      'errors.db\nindex.json\nerrors.db*\nindex.*\nsessions/\npreviews/\nlock\n*.lock\n*.tmp\n',
    );
  });

  it('writes a config whose every line may be uncommented by a project', async () => {
    using project = tempProject();
    await init(project);
    const config = readFileSync(project.path('.nex/config.toml'), 'utf8');
    expect(parse(config)).toEqual({});
    const { safety, ...values } = parse(config.replace(/^# (?=[a-z_]+ = |\[)/gm, ''));
    expect(safety).toEqual({ ask: ['terraform apply'], deny: ['kubectl delete'] });
    expect(Object.keys(values).length).toBeGreaterThan(8);
    for (const [key, value] of Object.entries(values)) {
      const row = SETTINGS.find((candidate) => candidate.key === key);
      const fitted = row && fitValue(row.shape, value);
      expect([key, fitted !== undefined, row && isStricter(row, fitted, row.fallback)]).toEqual([key, true, true]);
    }
  });

  it('writes nothing through a link that leads out of the project', async () => {
    using project = tempProject();
    using elsewhere = tempProject();
    symlinkSync(elsewhere.root, project.path('.nex'));
    await expect(init(project)).rejects.toMatchObject({ kind: 'repository' });
    await expect(ensurePrivateFolder(project.path('.nex'))).rejects.toMatchObject({ kind: 'repository' });
    expect(readdirSync(elsewhere.root)).toEqual([]);
  });

  it('says so when something else has its name', async () => {
    using project = tempProject({ '.nex': 'a file' });
    await expect(init(project)).rejects.toMatchObject({
      kind: 'repository',
      message: expect.stringContaining('is not a folder'),
    });
  });
});

describe('ensurePrivateFolder', () => {
  it('makes a folder that git does not see, and init makes it a shared one', async () => {
    using project = gitProject({ 'a.txt': '' });
    expect(await ensurePrivateFolder(project.path('.nex'))).toEqual({});
    expect(await ensurePrivateFolder(project.path('.nex'))).toEqual({});
    project.write('.nex/index.json', '{}');
    expect(project.git('status', '--porcelain', '-uall')).toBe('');
    await init(project);
    expect(project.git('status', '--porcelain', '-uall').split('\n')).toHaveLength(5);
  });

  it('mends what a power cut left of one', async () => {
    using project = gitProject({ 'a.txt': '' });
    project.write('.nex/.gitignore', '');
    expect(await ensurePrivateFolder(project.path('.nex'))).toEqual({});
    expect(project.git('status', '--porcelain', '-uall')).toBe('');
  });

  it('adds rules that lack in a folder of Nex AI, and says so once', async () => {
    using project = gitProject({ '.nex/memory.md': '# M\n', '.nex/.gitignore': 'errors.db\nindex.json\n' });
    expect(await ensurePrivateFolder(project.path('.nex'))).toEqual({
      notice: expect.stringContaining('.nex/.gitignore'),
    });
    expect(await ensurePrivateFolder(project.path('.nex'))).toEqual({});
    project.write('.nex/errors.db-wal', '');
    expect(project.git('status', '--porcelain', '-uall')).toBe('M .nex/.gitignore'.padStart(18));
  });

  it('hides the rules too where a shared folder came without them', async () => {
    using project = gitProject({ '.nex/memory.md': '# M\n' });
    expect(await ensurePrivateFolder(project.path('.nex'))).toEqual({});
    project.write('.nex/sessions/a.jsonl', '');
    expect(project.git('status', '--porcelain', '-uall')).toBe('');
    expect(existsSync(project.path('.nex/.gitignore'))).toBe(true);
  });
});
