import { tableOfSigns } from './terms.ts';

/** Asking a tree takes time by the square of its depth; nobody nests like this. */
export const DEEPEST = 3000;

/** Signs that count; every character of a project comes by, and most are none. */
const COUNTED = tableOfSigns('()[]{}<\n');

/** Whether brackets stand so deep in each other that no person wrote it; counted without regard to strings. */
export function nestsDeeply(text: string): boolean {
  let depth = 0;
  let angles = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 127 || COUNTED[code] === 0) continue;
    if (code === 40 || code === 91 || code === 123) depth++;
    else if (code === 10) angles = 0;
    else if (code === 60) angles++;
    else if (depth > 0) depth--;
    if (depth > DEEPEST || angles > DEEPEST) return true;
  }
  return false;
}
