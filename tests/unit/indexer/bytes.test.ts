import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ByteReader, ByteWriter, DamagedIndex } from '../../../src/indexer/bytes.ts';

it('reads back every number and text that was written', () => {
  const value = fc.oneof(fc.maxSafeNat(), fc.string({ unit: 'grapheme' }));
  fc.assert(
    fc.property(fc.array(value), (values) => {
      const writer = new ByteWriter(1);
      for (const each of values) typeof each === 'number' ? writer.number(each) : writer.text(each);
      const reader = new ByteReader(writer.view());
      const read = values.map((each) => (typeof each === 'number' ? reader.number() : reader.text()));
      expect(read).toEqual(values);
      expect(reader.done).toBe(true);
    }),
  );
});

it('says that bytes are damaged instead of reading past their end', () => {
  expect(() => new ByteReader(Uint8Array.of(200)).number()).toThrow(DamagedIndex);
  expect(() => new ByteReader(Uint8Array.of(9, 65)).text()).toThrow(DamagedIndex);
  expect(() => new ByteReader(new Uint8Array(0)).number()).toThrow(DamagedIndex);
  expect(() => new ByteReader(new Uint8Array(20).fill(255)).number()).toThrow(DamagedIndex);
});
