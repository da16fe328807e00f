import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NexError } from '../../../src/errors.ts';
import { createMeter, withMeter } from '../../../src/model/meter.ts';
import { priceTable } from '../../../src/model/prices.ts';
import { withRetry } from '../../../src/model/retry.ts';
import { manualClock } from '../../support/manual-clock.ts';
import type { Fault } from '../../support/model-server/faults.ts';
import type { SeenRequest } from '../../support/model-server/request.ts';
import { startModelServer } from '../../support/model-server/server.ts';
import { calls, says, thinks, turn } from '../../support/model-server/turns.ts';
import { modelOn, talk } from './talk.ts';

/** What the server would bill, with answers that were cut billed to their end. */
function billed(requests: readonly SeenRequest[]): number {
  return requests.reduce(
    (sum, { usage: { input, cacheRead, cacheWrite, output } = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0 } }) =>
      sum + (input * 2 + cacheRead * 0.1 + cacheWrite * 2.5 + output * 10) / 1e6,
    0,
  );
}

const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: fc.constantFrom(429 as const, 500 as const, 529 as const), times: fc.integer({ min: 1, max: 3 }) }),
  fc.record({
    kind: fc.constantFrom('reset-mid' as const, 'truncate' as const, 'error-event' as const),
    after: fc.constantFrom('message_start' as const, 'text' as const, 'json' as const, 'content' as const),
    times: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({ kind: fc.constantFrom('max_tokens-tool' as const, 'no-usage' as const, 'bad-json' as const) }),
);

describe('the cost limit', () => {
  it('is never passed by what the server would bill, whatever goes wrong', async () => {
    const length = fc.integer({ min: 1, max: 60_000 });
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0.05, max: 0.8, noNaN: true }),
        fc.array(length, { minLength: 1, maxLength: 6 }),
        fc.array(fault, { maxLength: 3 }),
        async (maxCostUsd, lengths, faults) => {
          const script = [
            ...lengths.map((size) =>
              turn(thinks('t'.repeat(size)), says('I read.'), calls('read_file', { path: 'a' })),
            ),
            says('Done.'),
          ];
          await using server = await startModelServer({ script, faults });
          const meter = createMeter({ prices: priceTable(), maxCostUsd });
          const model = withRetry(withMeter(modelOn(server), meter), { clock: manualClock(), random: () => 0 });
          const end: unknown = await talk(model, [{ role: 'user', text: 'Do it.' }]).catch((error: unknown) => error);
          if (!Array.isArray(end)) expect(end).toBeInstanceOf(NexError);
          expect(billed(server.requests)).toBeLessThanOrEqual(maxCostUsd);
        },
      ),
      { numRuns: 40 },
    );
  });
});
