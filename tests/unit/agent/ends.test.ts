import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ends } from '../../../src/agent/ends.ts';

it('keeps beginning and end within its bytes, and cuts no character in two', () => {
  expect(ends('short', 10)).toBe('short');
  expect(ends('abcdefghijklmnopqrstuvwxyz', 12)).toBe('abcdefgh…z');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 10, max: 60 }), (text, bytes) => {
      const cut = ends(text, bytes);
      expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(bytes);
      const [head = '', tail = ''] = cut === text ? [text] : cut.split('…');
      expect(text.startsWith(head) && text.endsWith(tail)).toBe(true);
    }),
  );
});
