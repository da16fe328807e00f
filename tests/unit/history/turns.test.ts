import { describe, expect, it } from 'vitest';
import { createTurns } from '../../../src/history/turns.ts';

describe('turns', () => {
  it('come one at a time and in order, also after one that failed', async () => {
    const turns = createTurns();
    const seen: string[] = [];
    const slow = turns.take(async () => {
      seen.push('slow begins');
      await Promise.resolve();
      seen.push('slow ends');
    });
    const bad = turns.take(async () => {
      seen.push('bad');
      throw new Error('no');
    });
    const last = turns.take(async () => seen.push('last'));
    await expect(bad).rejects.toThrow('no');
    await Promise.all([slow, last]);
    expect(seen).toEqual(['slow begins', 'slow ends', 'bad', 'last']);
  });

  it('do not wait for one that only pauses', async () => {
    const turns = createTurns();
    const alone = await turns.take(() => turns.interrupted(1));
    expect(alone).toBe(false);
    const day = 86_400_000;
    const before = turns.take(() => turns.interrupted(day));
    await turns.take(async () => {});
    expect(await before).toBe(true);
    const begun = Promise.withResolvers<void>();
    const during = turns.take(async () => {
      begun.resolve();
      return turns.interrupted(day);
    });
    await begun.promise;
    await turns.take(async () => {});
    expect(await during).toBe(true);
  });
});
