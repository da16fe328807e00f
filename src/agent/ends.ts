/** A text's beginning and end, in at most so many bytes; what an answer came to is said at one of them. */
export function ends(text: string, bytes: number): string {
  const raw = Buffer.from(text);
  if (raw.length <= bytes) return text;
  const head = raw.subarray(0, Math.floor((bytes * 2) / 3)).toString();
  const tail = raw.subarray(raw.length - Math.floor(bytes / 3) + 3).toString();
  // A character that was cut in two decodes to replacement characters.
  return `${head.replace(/\ufffd+$/, '')}…${tail.replace(/^\ufffd+/, '')}`;
}
