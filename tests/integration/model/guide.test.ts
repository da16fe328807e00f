import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { priceTable } from '../../../src/model/prices.ts';

it('the guide to cost tells the prices that nex counts with', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../../src/cli/guides/cost.md'), 'utf8');
  const told = [...guide.matchAll(/^\|[^|]*\| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|$/gm)].map((row) =>
    row.slice(1).map(Number),
  );
  const counted = ['claude-sonnet-5-5', 'claude-haiku-5-5'].flatMap((id) =>
    (priceTable().get(id)?.bands ?? []).map(({ price: { input, output, cacheWrite5m, cacheRead } }) => [
      input,
      output,
      cacheWrite5m,
      cacheRead,
    ]),
  );
  expect(told).toEqual(counted);
});
