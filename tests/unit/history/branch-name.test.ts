import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { branchName } from '../../../src/history/branch-name.ts';

describe('the name of a task branch', () => {
  it.each([
    ['Add a login endpoint', 'nex/add-a-login-endpoint'],
    ["Fix the user's name: don't crash!", 'nex/fix-the-users-name-dont-crash'],
    ['Füge eine Größe für Käse hinzu', 'nex/fuge-eine-große-fur-kase-hinzu'],
    ['修复登录错误', 'nex/修复登录错误'],
    ['लॉगिन ठीक करो', 'nex/लॉगिन-ठीक-करो'],
    ['--help; rm -rf / $(x)', 'nex/help-rm-rf-x'],
    ['../../etc/passwd.lock', 'nex/etc-passwd-lock'],
    ['🎉🎉🎉', 'nex/task'],
    ['', 'nex/task'],
    ['line one\nline two', 'nex/line-one-line-two'],
  ])('of %j is %s', (task, name) => {
    expect(branchName(task, ['main'])).toBe(name);
  });

  it('counts up when the name is taken, whatever the case', () => {
    expect(branchName('Fix it', ['nex/fix-it'])).toBe('nex/fix-it-2');
    expect(branchName('Fix it', ['nex/Fix-It', 'nex/fix-it-2'])).toBe('nex/fix-it-3');
  });

  it('avoids the folder where a branch `nex` is, or where its own name is a folder', () => {
    expect(branchName('Fix it', ['nex'])).toBe('nex-fix-it');
    expect(branchName('Fix it', ['nex/fix-it/deep'])).toBe('nex/fix-it-2');
  });

  it('is always legal, new and at most 60 characters long', () => {
    const taken = fc.array(fc.constantFrom('main', 'nex', 'nex/task', 'nex/a', 'nex/a-2', 'NEX/A'), { maxLength: 6 });
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), taken, (task, branches) => {
        const name = branchName(task, branches);
        expect(name.length).toBeLessThanOrEqual(60);
        expect(name).toMatch(/^nex[/-][\p{L}\p{N}\p{M}-]+$/u);
        expect(name).not.toMatch(/--|-$|\/-/);
        expect(branches.map((branch) => branch.toLowerCase())).not.toContain(name.toLowerCase());
      }),
    );
  });
});
