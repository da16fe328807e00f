const BLOCK = 512;

/** Texts as one tar archive (ustar). Names are short, ASCII and relative. */
export function tarOf(files: Readonly<Record<string, string>>, time: Date): Buffer {
  const blocks = Object.entries(files).flatMap(([name, text]) => {
    const content = Buffer.from(text);
    const rest = (BLOCK - (content.length % BLOCK)) % BLOCK;
    return [headerOf(name, content.length, time), content, Buffer.alloc(rest)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function headerOf(name: string, size: number, time: Date): Buffer {
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`;
  header.write(name, 0, 100);
  header.write(octal(0o644, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(size, 11), 124);
  header.write(octal(Math.floor(time.getTime() / 1000), 11), 136);
  header.write('0', 156);
  header.write('ustar\x0000', 257);
  // The checksum counts its own field as spaces.
  header.write(' '.repeat(8), 148);
  header.write(
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  );
  return header;
}
