import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectStore } from './object-store.ts';

/** A pack, and the sessions that need it. Its `.keep` file names them, and keeps git's own hands off it. */
export interface Pack {
  name: string;
  sessions: string[];
  /** The last snapshots of those sessions that are in packs as a whole. */
  tips: string[];
  /** The `.keep` file, line by line: `session` for a part of one, `session snapshot` for all of it up to there. */
  lines: string[];
}

/**
 * Packs these objects; lines of `oid name` or `oid`. With `revs`, revisions as `git rev-list` takes them; with `onlyNew`,
 * only what no pack of a session holds yet. Answers the pack's name; undefined when there was nothing.
 */
export async function packFor(
  store: ObjectStore,
  keepLines: readonly string[],
  lines: readonly string[],
  options: { revs?: boolean; onlyNew?: boolean } = {},
): Promise<string | undefined> {
  const { revs = false, onlyNew = false } = options;
  const more = [...(revs ? ['--revs'] : []), ...(onlyNew ? ['--honor-pack-keep'] : [])];
  const args = ['pack-objects', '-q', '--non-empty', ...more, 'objects/pack/pack'];
  const id = (await store.git(args, { input: `${lines.join('\n')}\n` })).toString('latin1').trim();
  if (id === '') return undefined;
  const name = `pack-${id}`;
  const keep = join(packFolder(store), `${name}.keep`);
  const others = await readFile(keep, 'utf8').catch(() => '');
  await writeFile(keep, `${[...new Set([...others.split('\n').filter(Boolean), ...keepLines])].join('\n')}\n`);
  return name;
}

/** The packs that sessions need. */
export async function readPacks(store: ObjectStore): Promise<Pack[]> {
  const folder = packFolder(store);
  const keeps = (await readdir(folder)).filter((name) => name.endsWith('.keep'));
  return Promise.all(
    keeps.map(async (file) => ({
      name: file.slice(0, -'.keep'.length),
      ...keepersIn(await readFile(join(folder, file), 'utf8')),
    })),
  );
}

function keepersIn(text: string): Pick<Pack, 'sessions' | 'tips' | 'lines'> {
  const lines = text.split('\n').filter(Boolean);
  const words = lines.map((line) => line.split(' '));
  const tips = words.flatMap(([, tip]) => tip ?? []);
  return { lines, tips, sessions: [...new Set(words.flatMap(([session]) => session ?? []))] };
}

export async function removePack(store: ObjectStore, name: string): Promise<void> {
  // The index goes first: without it git no longer looks for the pack.
  for (const ending of ['idx', 'pack', 'rev', 'keep'])
    await rm(join(packFolder(store), `${name}.${ending}`), { force: true });
}

/** Where the packs lie. */
export function packFolder(store: ObjectStore): string {
  return join(store.dir, 'objects', 'pack');
}

/** True for a pack that a single session needs. */
export function isSingle({ sessions }: Pack): boolean {
  return sessions.length === 1;
}

/** The ids of everything in these packs. */
export async function objectsIn(store: ObjectStore, packs: readonly Pack[]): Promise<string[]> {
  const oids: string[] = [];
  for (const { name } of packs) {
    const index = await readFile(join(packFolder(store), `${name}.idx`));
    const listed = await store.git(['show-index', `--object-format=${store.repository.objectFormat}`], {
      input: index,
    });
    for (const line of listed.toString('latin1').split('\n')) {
      const oid = line.split(' ')[1];
      if (oid) oids.push(oid);
    }
  }
  return oids;
}
