import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAnswers } from '../../../src/history/object-reader.ts';

const id = 'a'.repeat(40);

describe('what git answers about objects', () => {
  it('is told in order and whole, in whatever pieces it comes', () => {
    const answer = fc.oneof(
      fc.record({ content: fc.uint8Array({ maxLength: 300 }), type: fc.constantFrom('blob', 'tree', 'commit') }),
      fc.constant(undefined),
    );
    fc.assert(
      fc.property(
        fc.array(answer, { maxLength: 8 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 90 })),
        (all, sizes) => {
          const printed = Buffer.concat(
            all.map((one) =>
              one === undefined
                ? Buffer.from('HEAD:no such file missing\n')
                : Buffer.concat([
                    Buffer.from(`${id} ${one.type} ${one.content.length}\n`),
                    one.content,
                    Buffer.from('\n'),
                  ]),
            ),
          );
          const told: unknown[] = [];
          const read = readAnswers((object) =>
            told.push(object && { type: object.type, content: new Uint8Array(object.content) }),
          );
          for (let at = 0; at < printed.length; ) {
            const size = sizes.next().value ?? 1;
            read(printed.subarray(at, at + size));
            at += size;
          }
          expect(told).toEqual(all.map((one) => one && { type: one.type, content: new Uint8Array(one.content) }));
        },
      ),
    );
  });
});
