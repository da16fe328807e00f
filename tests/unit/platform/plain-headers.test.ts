import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PlainHeaders } from '../../../src/platform/plain-headers.ts';

const name = fc.constantFrom('Accept', 'accept', 'X-Api-Key', 'x-api-key', 'Request-Id');
const value = fc.stringMatching(/^[a-z0-9 ]{0,8}$/);
const step = fc.oneof(
  fc.tuple(fc.constantFrom('set', 'append'), name, value),
  fc.tuple(fc.constant('delete'), name, fc.constant('')),
);

it("does what the platform's own headers do", () => {
  fc.assert(
    fc.property(fc.dictionary(name, value), fc.array(step), (start, steps) => {
      const [own, theirs] = [new PlainHeaders(Object.entries(start)), new Headers(Object.entries(start))];
      for (const [act, key, text] of steps) {
        for (const headers of [own, theirs]) {
          if (act === 'delete') headers.delete(key);
          else if (act === 'set') headers.set(key, text);
          else headers.append(key, text);
        }
      }
      const sorted = (pairs: Iterable<readonly [string, string]>) =>
        [...pairs].toSorted(([a], [b]) => (a < b ? -1 : 1));
      expect(sorted(own)).toEqual(sorted(theirs));
      for (const key of ['ACCEPT', 'x-API-key', 'none']) expect(own.get(key)).toBe(theirs.get(key));
      expect(own.has('Accept')).toBe(theirs.has('Accept'));
    }),
  );
});
