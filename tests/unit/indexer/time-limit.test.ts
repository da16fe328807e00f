import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { timeLimit } from '../../../src/indexer/time-limit.ts';

describe('the time that a file may take', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());

  it('does not pass while the process waits for a processor', () => {
    const isOver = timeLimit();
    for (let minute = 0; minute < 3; minute++) {
      vi.advanceTimersByTime(60_000);
      expect(isOver()).toBe(false);
    }
  });

  it('passes when clock and processors have both gone on', () => {
    const isOver = timeLimit();
    const usage = vi.spyOn(process, 'cpuUsage');
    usage.mockReturnValue({ user: 6_000_000, system: 2_000_000 });
    expect(isOver()).toBe(false);
    vi.advanceTimersByTime(60_000);
    expect(isOver()).toBe(true);
    usage.mockRestore();
  });
});
