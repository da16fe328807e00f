import type { SecretSpan } from './find-secrets.ts';

/** What putting secrets back needs of the redactor. */
interface Placeholders {
  readonly pattern: RegExp;
  readonly find: (text: string) => SecretSpan[];
  readonly placeholder: (span: SecretSpan) => string;
}

/** A secret of the file and what stood before it in its line. */
interface Standing {
  readonly value: string;
  readonly before: string[];
}

/** Puts back what each placeholder stands for, only where that value stood in the file before. */
export function restorePlaceholders(
  text: string,
  original: string | undefined,
  { pattern, find, placeholder }: Placeholders,
): { ok: true; text: string } | { ok: false; error: string } {
  if (!text.includes('[nex:secret:')) return { ok: true, text };
  const standing = original === undefined ? new Map<string, Standing>() : standingIn(original, find, placeholder);
  let error: string | undefined;
  const restored = text.replace(pattern, (mark: string, ...rest: unknown[]) => {
    const offset = rest.find((item) => typeof item === 'number') ?? 0;
    const known = standing.get(mark);
    if (known === undefined) {
      error ??= `${mark} stands for a secret that was not in this file. Leave it out, or read the value from the environment.`;
      return mark;
    }
    const before = beforeIn(text, offset);
    const partial = !text.slice(0, offset).includes('\n');
    const same = known.before.some((place) => place === before || (partial && place.endsWith(before)));
    if (!same)
      error ??= `${mark} stands for a secret that stood elsewhere in this file. Keep its line as it was, or ask the user to move it.`;
    return known.value;
  });
  return error === undefined ? { ok: true, text: restored } : { ok: false, error };
}

function standingIn(
  original: string,
  find: (text: string) => SecretSpan[],
  placeholder: (span: SecretSpan) => string,
): Map<string, Standing> {
  const standing = new Map<string, Standing>();
  for (const span of find(original)) {
    const mark = placeholder(span);
    const known = standing.get(mark) ?? { value: span.value, before: [] };
    known.before.push(beforeIn(original, span.start));
    standing.set(mark, known);
  }
  return standing;
}

/** The line up to a place, with runs of blanks as one: indenting may change. */
function beforeIn(text: string, offset: number): string {
  return text
    .slice(text.lastIndexOf('\n', offset - 1) + 1, offset)
    .replace(/\s+/g, ' ')
    .trimStart();
}
