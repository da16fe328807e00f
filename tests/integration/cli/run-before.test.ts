import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectBefore } from '../../../src/cli/run-before.ts';
import { gitProject } from '../../support/git-project.ts';
import { worldHash } from '../../support/world-hash.ts';

/** Prints the interpreter itself, not what stands for it on PATH, and its version. */
const ASK = "import sys; print(sys.executable); print('python%d.%d' % sys.version_info[:2])";
const asked = spawnSync('python3', ['-I', '-c', ASK], { encoding: 'utf8' });
const [python = '', version = ''] = asked.status === 0 ? asked.stdout.trim().split('\n') : [];

/** What git knows of the project: all but its packages. */
const exportOf = (root: string, names: readonly string[]) => async (folder: string) => {
  for (const name of names) cpSync(join(root, name), join(folder, name), { recursive: true });
  return true;
};

describe('the copy that a suite runs in', () => {
  it.runIf(python !== '' && process.platform !== 'win32').each([
    ['the interpreter', (bin: string) => [join(bin, 'python'), '-m', 'tool']],
    ['a script that names it', (bin: string) => [join(bin, 'tool')]],
  ])('has the virtual environment: by %s, its packages and the code of the copy', async (_, line) => {
    using project = gitProject({ 'src/shop.py': 'WHOSE = "before"\n', '.gitignore': '.venv\n' });
    const packages = `.venv/lib/${version}/site-packages`;
    project.write('.venv/pyvenv.cfg', `home = ${dirname(python)}\n`);
    project.write(`${packages}/helper/__init__.py`, 'HERE = __file__\n');
    project.write(`${packages}/tool.py`, 'import helper, shop\nprint(shop.__file__, shop.WHOSE)\n');
    // How a project is installed into its own environment.
    project.write(`${packages}/shop.pth`, `${project.path('src')}\n${project.root}\n${project.root}-other\n`);
    project.write('.venv/bin/tool', `#!${project.path('.venv/bin/python')}\nimport tool\n`);
    execFileSync('chmod', ['+x', project.path('.venv/bin/tool')]);
    symlinkSync(python, project.path('.venv/bin/python3'));
    symlinkSync('python3', project.path('.venv/bin/python'));
    const before = worldHash(project.root);

    await using copy = await projectBefore(project.root, '.', exportOf(project.root, ['src']));
    const path = copy?.path ?? '';
    const [program = '', ...args] = line('.venv/bin');
    const env = { PATH: ['/usr/bin', '/bin'].join(delimiter), PYTHONDONTWRITEBYTECODE: '1' };
    const run = spawnSync(program, args, { cwd: path, encoding: 'utf8', env });
    expect(run).toMatchObject({ status: 0, stdout: `${join(path, 'src/shop.py')} before\n`, stderr: '' });
    expect(readFileSync(join(path, packages, 'shop.pth'), 'utf8')).toBe(
      `${path}/src\n${path}\n${project.root}-other\n`,
    );
    expect(worldHash(project.root)).toEqual(before);
  });

  it('has an autoloader that leads to the code of the copy, and packages that are the same', async () => {
    using project = gitProject({ 'src/a.php': '<?php\n' });
    project.write('vendor/autoload.php', "<?php require __DIR__ . '/composer/autoload_real.php';\n");
    project.write('vendor/composer/autoload_real.php', '<?php\n');
    project.write('vendor/acme/tool/tool.php', '<?php\n');
    mkdirSync(project.path('vendor/__pycache__'));
    await using copy = await projectBefore(project.root, '.', exportOf(project.root, ['src']));
    const at = (path: string) => join(copy?.path ?? '', 'vendor', path);
    for (const path of ['autoload.php', 'composer/autoload_real.php'])
      expect([path, lstatSync(at(path)).isFile()]).toEqual([path, true]);
    expect(lstatSync(at('acme')).isSymbolicLink()).toBe(true);
    expect(readFileSync(at('acme/tool/tool.php'), 'utf8')).toBe('<?php\n');
    expect(existsSync(at('__pycache__'))).toBe(false);
  });
});
