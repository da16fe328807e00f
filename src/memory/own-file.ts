import { readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { codeOf, NexError } from '../errors.ts';
import { withFileLock } from '../platform/file-lock.ts';
import { replaceFile } from '../platform/replace-file.ts';

/**
 * The bytes of a file below `.nex/`, or undefined when there is none. A clone can bring links along: one that
 * leads out of the project is an error, since its text would go to the model.
 */
export async function readOwnFile(path: string): Promise<Buffer | undefined> {
  await refuseStrayLink(path);
  try {
    return await readFile(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    const what = codeOf(error) === 'EISDIR' ? 'is a folder where a file should be' : 'cannot be read';
    throw new NexError('failed', `${path} ${what}.`, { cause: error });
  }
}

/**
 * Reads, changes and replaces a file below `.nex/`, one process at a time. `change` sees one character per byte
 * (latin1) and so cannot harm text in another encoding; new text goes in through `asBytes`. The same text back
 * means no write.
 */
export async function changeOwnFile(path: string, change: (text: string) => string): Promise<void> {
  await refuseStrayLink(path);
  await withFileLock(path, async () => {
    const before = (await readOwnFile(path))?.toString('latin1');
    const after = change(before ?? '');
    if (after !== before) await replaceFile(await realPathOf(path), Buffer.from(after, 'latin1'));
  });
}

/** Text of ours in the one-character-per-byte form of `changeOwnFile`. */
export function asBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** Where a file is or would be, links resolved: a link inside the project stays one, and what it names is written. */
async function realPathOf(path: string): Promise<string> {
  return realpath(path).catch(async () => join(await realpath(dirname(path)), basename(path)));
}

/** Rejects when the file, or the folder it is in, is a link to somewhere outside the project that holds `.nex/`. */
export async function refuseStrayLink(path: string): Promise<void> {
  const project = await realpath(dirname(dirname(path)));
  for (const place of [dirname(path), path]) {
    const real = await realpath(place).catch(() => undefined);
    if (real === undefined || real.startsWith(project.endsWith(sep) ? project : project + sep)) continue;
    throw new NexError('repository', `${place} leads out of the project, to ${real}.`, {
      hint: 'Replace the link by a folder or file of its own.',
    });
  }
}
