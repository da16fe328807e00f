import { type Change, type Entry, sameEntry } from './change.ts';

/** One entry of a tree, with the bytes of its name as latin1: not every name is UTF-8, and git orders bytes. */
export interface TreeItem {
  mode: string;
  name: string;
  oid: string;
}

/** The entries of a tree by name, in git's order. */
export type Tree = ReadonlyMap<string, TreeItem>;

/** Where trees come from and go to. */
export interface TreeStore {
  /** The id of the tree with nothing in it. */
  readonly emptyTree: string;
  /** Throws when there is no such tree. */
  readTree(oid: string): Promise<Tree>;
  /** Answers the id of the tree. */
  putTree(tree: Tree): Promise<string>;
}

const FOLDER = '40000';

/** Reads a tree object; ids are this many bytes long. */
export function parseTree(content: Buffer, idBytes: number): Tree {
  const items = new Map<string, TreeItem>();
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(' ', at);
    const end = content.indexOf(0, space);
    const name = content.toString('latin1', space + 1, end);
    const oid = content.toString('hex', end + 1, end + 1 + idBytes);
    items.set(name, { mode: content.toString('latin1', at, space), name, oid });
    at = end + 1 + idBytes;
  }
  return items;
}

/** The bytes of a tree object. */
export function formatTree(tree: Tree): Buffer {
  return Buffer.concat(
    [...tree.values()].flatMap(({ mode, name, oid }) => [
      Buffer.from(`${mode} ${name}\0`, 'latin1'),
      Buffer.from(oid, 'hex'),
    ]),
  );
}

/** Edits of a tree, folder by folder. */
interface Edits {
  /** What is put at a name; undefined removes the file there. */
  here: Map<string, Entry | undefined>;
  below: Map<string, Edits>;
}

/**
 * A tree like `base` with these edits; undefined removes a file. What is put somewhere takes the place of whatever is in
 * its way; a folder in which nothing is left goes. Answers the tree's id.
 */
export async function editTree(
  store: TreeStore,
  base: string,
  edits: ReadonlyMap<string, Entry | undefined>,
): Promise<string> {
  if (edits.size === 0) return base;
  const root: Edits = { here: new Map(), below: new Map() };
  for (const [path, entry] of edits) {
    const folders = namesOf(path);
    const name = folders.pop() ?? '';
    let at = root;
    for (const folder of folders) {
      const next = at.below.get(folder) ?? { here: new Map(), below: new Map() };
      at.below.set(folder, next);
      at = next;
    }
    at.here.set(name, entry);
  }
  return (await edited(store, base, root)) ?? store.emptyTree;
}

/** The id of the edited tree; undefined when nothing is left in it. */
async function edited(store: TreeStore, base: string | undefined, { here, below }: Edits): Promise<string | undefined> {
  const before: Tree = base === undefined ? new Map() : await store.readTree(base);
  const items = new Map(before);
  for (const [name, entry] of here) if (!entry && !isFolder(items.get(name))) items.delete(name);
  const folders = await Promise.all(
    [...below].map(async ([name, edits]) => {
      const there = before.get(name);
      return { name, oid: await edited(store, isFolder(there) ? there.oid : undefined, edits) };
    }),
  );
  for (const { name, oid } of folders) {
    if (oid !== undefined) items.set(name, { mode: FOLDER, name, oid });
    else if (isFolder(items.get(name))) items.delete(name);
  }
  for (const [name, entry] of here) if (entry) items.set(name, { ...entry, name });
  if (items.size === 0) return undefined;
  const same =
    items.size === before.size && [...items.values()].every((item) => sameEntry(item, before.get(item.name)));
  if (same && base !== undefined) return base;
  return store.putTree(new Map([...items.values()].sort(inOrder).map((item) => [item.name, item])));
}

/** What changed from one tree to another, in git's order; reads only the folders that differ. With `folders`, these are told, too. */
export async function diffTrees(
  store: TreeStore,
  before: string,
  after: string,
  { folders = false }: { folders?: boolean } = {},
): Promise<Change[]> {
  const read = async (item: TreeItem | undefined): Promise<Tree> =>
    isFolder(item) && item.oid !== store.emptyTree ? store.readTree(item.oid) : new Map();
  const within = async (was: TreeItem | undefined, is: TreeItem | undefined, above: string): Promise<Change[]> => {
    const [old, now] = await Promise.all([read(was), read(is)]);
    const pairs = new Map<string, { was?: TreeItem; is?: TreeItem }>();
    for (const item of old.values()) pairs.set(orderOf(item), { was: item });
    // A file and a folder of the same name are two entries.
    for (const item of now.values()) pairs.set(orderOf(item), { ...pairs.get(orderOf(item)), is: item });
    const changed = [...pairs].filter(([, pair]) => !sameEntry(pair.was, pair.is)).sort(([a], [b]) => (a < b ? -1 : 1));
    const parts = await Promise.all(
      changed.map(async ([key, pair]): Promise<Change[]> => {
        const change = {
          path: textOf(above + (pair.is ?? pair.was)?.name),
          before: entryOf(pair.was),
          after: entryOf(pair.is),
        };
        if (!key.endsWith('/')) return [change];
        const deeper = await within(pair.was, pair.is, above + key);
        return folders ? [change, ...deeper] : deeper;
      }),
    );
    return parts.flat();
  };
  const root = (oid: string): TreeItem => ({ mode: FOLDER, name: '', oid });
  return before === after ? [] : within(root(before), root(after), '');
}

/** The files that a tree has at exactly these paths. */
export async function filesAt(store: TreeStore, tree: string, paths: readonly string[]): Promise<Map<string, Entry>> {
  const found = await Promise.all(paths.map(async (path) => [path, await itemAt(store, tree, path)] as const));
  return new Map(found.flatMap(([path, item]) => (item && !isFolder(item) ? [[path, entryOf(item)] as const] : [])));
}

/** The same, and all files below those of the paths that are folders. */
export async function filesBelow(
  store: TreeStore,
  tree: string,
  paths: readonly string[],
): Promise<Map<string, Entry>> {
  const found = await Promise.all(
    paths.map(async (path): Promise<Array<readonly [string, Entry]>> => {
      const item = await itemAt(store, tree, path);
      if (!isFolder(item)) return item ? [[path, entryOf(item)]] : [];
      const below = await diffTrees(store, store.emptyTree, item.oid);
      return below.flatMap(({ path: inner, after }) => (after ? [[`${path}/${inner}`, after]] : []));
    }),
  );
  return new Map(found.flat());
}

async function itemAt(store: TreeStore, tree: string, path: string): Promise<TreeItem | undefined> {
  let item: TreeItem | undefined = { mode: FOLDER, name: '', oid: tree };
  for (const name of namesOf(path)) {
    if (!isFolder(item) || item.oid === store.emptyTree) return undefined;
    item = (await store.readTree(item.oid)).get(name);
  }
  return item;
}

/** The names on the way to a path, as bytes in latin1. */
function namesOf(path: string): string[] {
  return Buffer.from(path, 'utf8').toString('latin1').split('/');
}

function textOf(path: string): string {
  return Buffer.from(path, 'latin1').toString('utf8');
}

function isFolder(item: TreeItem | undefined): item is TreeItem {
  return item?.mode === FOLDER;
}

/** As the other parts of git name it: six digits. */
function entryOf(item: TreeItem): Entry;
function entryOf(item: TreeItem | undefined): Entry | undefined;
function entryOf(item: TreeItem | undefined): Entry | undefined {
  return item && { mode: item.mode.padStart(6, '0'), oid: item.oid };
}

/** Git compares names as if those of folders ended in a slash. */
function orderOf(item: TreeItem): string {
  return item.mode === FOLDER ? `${item.name}/` : item.name;
}

function inOrder(a: TreeItem, b: TreeItem): number {
  return orderOf(a) < orderOf(b) ? -1 : 1;
}
