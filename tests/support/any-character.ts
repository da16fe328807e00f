import fc from 'fast-check';

/** Every character there is, as the unit of a text. fast-check's own `binary` lists them all first, which takes a second. */
export const anyCharacter = fc
  .oneof(
    fc.integer({ min: 0, max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0x10ffff }),
    fc.integer({ max: 0x7f, min: 0 }),
  )
  .map((code) => String.fromCodePoint(code));
