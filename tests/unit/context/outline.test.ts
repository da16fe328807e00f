import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outline, relevantRanges } from '../../../src/context/outline.ts';
import type { StoredSymbol } from '../../../src/indexer/stored-symbols.ts';

const symbol = (name: string, lineStart: number, lineEnd: number, more: Partial<StoredSymbol> = {}): StoredSymbol => ({
  name,
  kind: 'function',
  lineStart,
  lineEnd,
  headEnd: lineStart,
  leadStart: lineStart,
  exported: true,
  local: false,
  ...more,
});
const everything = () => true;

describe('outline', () => {
  const lines = [
    'export class Cart {',
    '  total(',
    '    tax: number,',
    '  ): number {',
    '    const inner = () => 1;',
    '  }',
    '}',
  ];

  it('gives signatures on one line each, members indented, without what functions define inside', () => {
    const symbols = [
      symbol('Cart', 1, 7, { kind: 'class' }),
      symbol('total', 2, 6, { kind: 'method', parent: 'Cart', headEnd: 4 }),
      symbol('inner', 5, 5, { local: true, parent: 'total' }),
    ];
    expect(outline(lines, symbols)).toEqual(['1: export class Cart', '2:   total( tax: number, ): number']);
  });

  it('says how much it left out', () => {
    const many = Array.from({ length: 5 }, (_, index) => symbol(`f${index}`, index + 1, index + 1));
    expect(outline(lines, many, 2).at(-1)).toBe('… 3 more definitions');
  });
});

describe('relevantRanges', () => {
  const lines = Array.from({ length: 300 }, (_, index) => `line ${index + 1}`);
  lines[99] = 'function refresh(token) {';
  lines[204] = '  return refresh(token);';
  const symbols = [symbol('alpha', 10, 30), symbol('refresh', 100, 120, { leadStart: 97 }), symbol('omega', 200, 210)];

  it('takes whole definitions with what stands above them, the most telling first', () => {
    expect(relevantRanges(lines, symbols, ['refresh', 'token'], everything)).toEqual([
      { from: 97, to: 120 },
      { from: 200, to: 210 },
    ]);
  });

  it('takes nothing when no definition has a word of the task', () => {
    expect(relevantRanges(lines, symbols, ['nowhere'], everything)).toEqual([]);
  });

  it('never cuts a definition and never exceeds what fits', () => {
    const anySymbols = fc.array(fc.tuple(fc.integer({ min: 1, max: 290 }), fc.nat(30)), { maxLength: 25 });
    fc.assert(
      fc.property(anySymbols, fc.integer({ min: 1, max: 120 }), (spans, room) => {
        const found = spans.map(([start, length], index) =>
          symbol(`line${index}`, start, Math.min(300, start + length)),
        );
        const size = (ranges: ReadonlyArray<{ from: number; to: number }>) =>
          ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
        const ranges = relevantRanges(lines, found, ['line'], (some) => size(some) <= room);
        expect(size(ranges)).toBeLessThanOrEqual(room);
        // Every range begins where a definition begins and ends where one ends.
        for (const { from, to } of ranges) {
          expect(found.some(({ leadStart }) => leadStart === from)).toBe(true);
          expect(found.some(({ lineEnd }) => lineEnd === to)).toBe(true);
        }
      }),
    );
  });
});
