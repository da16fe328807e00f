/** Asking a tree takes time by the square of its depth; nobody nests like this. */
const DEEPEST = 3000;

/** Whether brackets stand so deep in each other that no person wrote it; counted without regard to strings. */
export function nestsDeeply(text: string): boolean {
  let depth = 0;
  let angles = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 40 || code === 91 || code === 123) depth++;
    else if ((code === 41 || code === 93 || code === 125) && depth > 0) depth--;
    else if (code === 60) angles++;
    else if (code === 10) angles = 0;
    if (depth > DEEPEST || angles > DEEPEST) return true;
  }
  return false;
}
