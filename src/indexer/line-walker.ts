/**
 * Where offsets of a text stand, rows and columns from 0, in UTF-16 units. They must be asked for in rising order: each
 * line is passed once.
 */
export function lineWalker(text: string): (index: number) => { row: number; column: number } {
  let row = 0;
  let line = 0;
  return (index) => {
    for (let end = text.indexOf('\n', line); end >= 0 && end < index; end = text.indexOf('\n', line)) {
      row++;
      line = end + 1;
    }
    return { row, column: index - line };
  };
}
