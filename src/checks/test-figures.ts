/** The figures of a test run, from whatever runner; its last line when none are found. */
export function figuresOf(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.replace(/^\W+/, '').trim())
    // npm's news of itself are no news of the tests.
    .filter((line) => line !== '' && !/^npm (?:notice|warn)\b/i.test(line));
  const counts = lines.filter((line) => /^(tests?|pass(ed|ing)?|fail(ed|ing|ures)?)\s*:?\s+\d+$/i.test(line));
  const told = lines.findLast(
    (line) =>
      /\d+ (passed|failed|tests?|passing|failing|examples?)\b/i.test(line) || /^(ok|FAIL(ED)?|PASS|OK)\b/.test(line),
  );
  return (counts.length > 0 ? counts.slice(-3).join(', ') : (told ?? lines.at(-1) ?? '')).slice(0, 200);
}
