import { describe, expect, it } from 'vitest';
import type { Model, ModelRequest } from '../../../src/model/model.ts';
import { compactAtWithin, withWindow } from '../../../src/model/window.ts';

describe('withWindow', () => {
  const asked = async (window: number | undefined, maxTokens?: number) => {
    const seen: ModelRequest[] = [];
    const model: Model = { id: 'qwen3', ask: async (request) => Promise.reject(seen.push(request)) };
    const request = { purpose: 'main', ...(maxTokens === undefined ? {} : { maxTokens }) } as ModelRequest;
    await withWindow(model, window)
      .ask(request)
      .catch(() => {});
    return seen[0]?.maxTokens;
  };

  it('keeps every answer within a fifth of the window', async () => {
    expect([await asked(32_000), await asked(32_000, 2000), await asked(1_000_000)]).toEqual([6400, 2000, 32_000]);
  });

  it('leaves a model without one alone', async () => {
    expect(await asked(undefined)).toBeUndefined();
  });
});

describe('compactAtWithin', () => {
  it.each([
    ['what the user chose', 300_000, { contextBudget: 24_000, cheapUpTo: Infinity, window: 1_000_000 }, 300_000],
    ['before a prompt gets dearer', 300_000, { contextBudget: 24_000, cheapUpTo: 100_000, window: 1_000_000 }, 70_000],
    ['but with room for the code', 300_000, { contextBudget: 60_000, cheapUpTo: 100_000, window: 1_000_000 }, 120_000],
    ['within a small window', 300_000, { contextBudget: 9600, cheapUpTo: Infinity, window: 32_000 }, 22_400],
    ['nobody told the window', 300_000, { contextBudget: 24_000, cheapUpTo: Infinity, window: undefined }, 300_000],
  ])('is %s', (_, chosen, limits, expected) => expect(compactAtWithin(chosen, limits)).toBe(expected));
});
