import { cpSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { runInThisContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { helpTexts } from '../../src/cli/help-texts.ts';
import { version } from '../../src/version.ts';
import { runProgram, testHome } from '../support/run-nex.ts';
import { tempProject } from '../support/temp-project.ts';

const dist = resolve(import.meta.dirname, '..', '..', 'dist');
const cacheFor = (kind: 'task' | 'command') =>
  `program.${process.version}-${process.platform}-${process.arch}.${kind}.cache`;

describe('the entry', () => {
  it('says the version and every help text as commander would', async () => {
    using home = testHome();
    using folder = tempProject();
    const written: unknown = JSON.parse(readFileSync(join(dist, 'help.json'), 'utf8'));
    expect(written).toEqual(helpTexts());
    const nex = async (...args: string[]) => (await home.nex(args, { cwd: folder.root })).stdout;
    expect(await nex('--version')).toBe(`${version}\n`);
    expect(await nex('--help')).toBe(helpTexts()['']);
    expect(await nex('-h')).toBe(helpTexts()['']);
    // With another flag it is commander itself that answers, from the same words.
    expect(await nex('rollback', '--help')).toBe(await nex('rollback', '--json', '--help'));
  });

  it('answers them without the program', async () => {
    using home = testHome();
    using folder = tempProject();
    cpSync(join(dist, 'nex.js'), folder.path('nex.js'));
    cpSync(join(dist, 'help.json'), folder.path('help.json'));
    const nex = (arg: string) => runProgram(folder.path('nex.js'), home.path, [arg], { cwd: folder.root });
    expect(await nex('--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
    expect(await nex('--help')).toMatchObject({ status: 0, stderr: '' });
    expect(await nex('status')).toMatchObject({ status: 1 });
  });
});

describe('the program', () => {
  it('keeps the names of its functions, which a stack shows', () => {
    const file = join(dist, 'program.cjs');
    const module: { exports: Record<string, unknown> } = { exports: {} };
    const wrapper: unknown = runInThisContext(readFileSync(file, 'latin1'), { filename: file });
    if (!(wrapper instanceof Function)) throw new Error('the program is no function');
    wrapper(module.exports, createRequire(file), module, file, dist);
    const names = ['runCli', 'helpTexts'];
    const called = names.map((name) => Object(module.exports[name]).name);
    expect(called).toEqual(names);
  });
});

describe('compiled code', () => {
  /** A copy of the built program that lacks the compiled code, as under another Node than the build's. */
  const copy = (folder: ReturnType<typeof tempProject>) => {
    for (const name of readdirSync(dist).filter((entry) => entry.startsWith('program') || entry === 'nex.js'))
      cpSync(join(dist, name), folder.path(name));
    for (const kind of ['task', 'command'] as const) rmSync(folder.path(cacheFor(kind)));
  };

  it('comes with the build, and less of it for a command than for a task', () => {
    const [task, command] = (['task', 'command'] as const).map((kind) => statSync(join(dist, cacheFor(kind))).size);
    expect(command).toBeGreaterThan(500_000);
    // What runs after the first request is in it, too: without, it would be hardly larger than a command's.
    expect(task).toBeGreaterThan(1.4 * (command ?? 0));
  });

  it("is kept in the user's cache folder, for the user alone, where the build's does not fit", async () => {
    using home = testHome();
    using folder = tempProject();
    copy(folder);
    const status = () => runProgram(folder.path('nex.js'), home.path, ['config', 'path'], { cwd: folder.root });
    const first = await status();
    expect(first).toMatchObject({ status: 0, stderr: '' });
    const kept = join(home.path, '.cache', 'nex', version);
    const [name = ''] = readdirSync(kept);
    expect(readdirSync(kept)).toHaveLength(1);
    expect(name).toMatch(/\.command$/);
    expect(statSync(join(kept, name)).mode & 0o777).toBe(0o600);
    expect(await status()).toEqual(first);
  });

  it('is not needed: a damaged one is compiled anew', async () => {
    using home = testHome();
    using folder = tempProject();
    copy(folder);
    folder.write(cacheFor('command'), 'not compiled code');
    expect(await runProgram(folder.path('nex.js'), home.path, ['config', 'path'], { cwd: folder.root })).toMatchObject({
      status: 0,
      stderr: '',
    });
  });
});
