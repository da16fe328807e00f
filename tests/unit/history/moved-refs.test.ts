import { describe, expect, it } from 'vitest';
import { compareRefs, type RefState } from '../../../src/history/moved-refs.ts';

const A = 'a'.repeat(40);
const B = 'b'.repeat(40);
const state = (refs: Record<string, string>, config = 'x'): RefState => ({
  refs: new Map(Object.entries(refs)),
  config,
  head: { branch: 'nex/task', commit: A },
});
const bearings = { branch: 'nex/task', base: { branch: 'main', commit: A } };

describe('refs after a command', () => {
  it('are quiet when nothing but the task branch moved', () => {
    const before = state({ 'refs/heads/main': A, 'refs/heads/nex/task': A });
    const now = state({ 'refs/heads/main': A, 'refs/heads/nex/task': B });
    expect(compareRefs(before, now, bearings)).toBeUndefined();
  });

  it('stop the task when the branch it started from moved, and say the way back', () => {
    const moved = compareRefs(state({ 'refs/heads/main': A }), state({ 'refs/heads/main': B }), bearings);
    expect(moved).toEqual({
      sentence: `main moved from ${A.slice(0, 10)} to ${B.slice(0, 10)} (back: \`git update-ref refs/heads/main ${A}\`).`,
      stop: true,
    });
  });

  it('stop the task when HEAD left its branch', () => {
    const refs = state({});
    expect(compareRefs(refs, { ...refs, head: { branch: 'main', commit: A } }, bearings)).toEqual({
      sentence: 'HEAD left nex/task for main (back: `git switch nex/task`).',
      stop: true,
    });
  });

  it('name stashes, tags and settings, without stopping', () => {
    const before = state({ 'refs/stash': A, 'refs/tags/v1': A });
    const now = state({ 'refs/tags/v1': A, 'refs/tags/v2': B }, 'y');
    expect(compareRefs(before, now, bearings)).toEqual({
      sentence:
        `The stash was deleted; it was at ${A.slice(0, 10)} (back: \`git update-ref refs/stash ${A}\`). ` +
        "v2 was created (back: `git update-ref -d refs/tags/v2`). The repository's git config was changed.",
      stop: false,
    });
  });
});
