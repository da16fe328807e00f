import { utimesSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { changedSince } from '../../../src/cli/judge.ts';
import { tempProject } from '../../support/temp-project.ts';

const AN_HOUR = 3_600_000;

describe('a script that is looked into before it runs', () => {
  it('is one that changed since the task began, whatever time it was given', () => {
    using project = tempProject({ 'clean.sh': 'ls\n' });
    const path = project.path('clean.sh');
    utimesSync(path, new Date(0), new Date(0));

    expect(changedSince(path, new Date())).toBe('ls\n');
    expect(changedSince(path, new Date(Date.now() + AN_HOUR))).toBeUndefined();
    expect(changedSince(project.path('none.sh'), new Date())).toBeUndefined();
  });

  it('is looked into however it was padded; only what a build puts together is not', () => {
    using project = tempProject();
    const long = `rm -rf x\n${'#'.repeat(300_000)}`;
    for (const name of ['clean.sh', 'clean', 'bundle.js']) project.write(name, long);

    const began = new Date();
    expect(changedSince(project.path('clean.sh'), began)).toMatch(/^rm -rf x\n#/);
    expect(changedSince(project.path('clean'), began)).toMatch(/^rm -rf x\n#/);
    expect(changedSince(project.path('bundle.js'), began)).toBeUndefined();
  });
});
