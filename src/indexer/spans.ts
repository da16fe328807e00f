/** Start and end offsets. */
export type Span = readonly [from: number, to: number];

/** Those of some spans that lie in others; both in order. */
export function within(outer: readonly Span[], spans: readonly Span[]): Span[] {
  let index = 0;
  return spans.filter(([from]) => {
    while ((outer[index]?.[1] ?? from + 1) <= from) index++;
    return (outer[index]?.[0] ?? from + 1) <= from;
  });
}
