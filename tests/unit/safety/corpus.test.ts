import { describe, expect, it } from 'vitest';
import { judgeCommand } from '../../../src/safety/policy.ts';
import dangerous from '../../fixtures/safety/dangerous.json' with { type: 'json' };
import harmless from '../../fixtures/safety/harmless.json' with { type: 'json' };
import movesRefs from '../../fixtures/safety/moves-refs.json' with { type: 'json' };

const PROJECT = { root: '/srv/app', home: '/home/ada' };

describe.each(Object.entries(dangerous))('dangerous commands: %s', (_, commands) => {
  it('never run unasked', () => {
    expect(commands.filter((command) => judgeCommand(command, PROJECT).verdict === 'allow')).toEqual([]);
  });

  it('are never taken for reading', () => {
    expect(commands.filter((command) => judgeCommand(command, PROJECT).readOnly)).toEqual([]);
  });
});

describe.each(Object.entries(harmless))('everyday commands: %s', (_, commands) => {
  it('run unasked', () => {
    const asked = commands.flatMap((command) => {
      const { verdict, rule } = judgeCommand(command, PROJECT);
      return verdict === 'allow' ? [] : [`${rule}: ${command}`];
    });
    expect(asked).toEqual([]);
  });
});

describe('commands that move refs, HEAD, stashes or settings of git', () => {
  it('ask while a task keeps the branch still', () => {
    expect(movesRefs.filter((command) => judgeCommand(command, PROJECT).verdict !== 'ask')).toEqual([]);
  });

  it('run unasked where no task is going on', () => {
    const free = { ...PROJECT, refs: 'free' as const };
    expect(movesRefs.filter((command) => judgeCommand(command, free).verdict !== 'allow')).toEqual([]);
  });

  it('still ask there when work would be lost', () => {
    const free = { ...PROJECT, refs: 'free' as const };
    const losing = ['git push --force', 'git reset --hard', 'git branch -D x', 'git stash drop', 'git commit --amend'];
    expect(losing.map((command) => judgeCommand(command, free).verdict)).toEqual(losing.map(() => 'ask'));
  });
});
