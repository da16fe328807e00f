/** A file, link or submodule in a tree: its git mode and object. */
export interface Entry {
  /** `100644`, `100755`, `120000` (link) or `160000` (submodule). */
  mode: string;
  oid: string;
}

/** What became of one path; undefined is "not there". */
export interface Change {
  path: string;
  before: Entry | undefined;
  after: Entry | undefined;
}

/** A change that could not be made, and why; nothing was forced. */
export interface Conflict {
  path: string;
  reason: string;
}

/** What a three-way merge of one path comes to. */
type Merged =
  | { kind: 'keep' }
  | { kind: 'take'; entry: Entry | undefined }
  /** Both sides changed the text: the lines have to be merged. */
  | { kind: 'text'; mode: string; base: string; ours: string; theirs: string }
  | { kind: 'conflict'; reason: string };

/** The same changes backwards. */
export function invert(changes: readonly Change[]): Change[] {
  return changes.map(({ path, before, after }) => ({ path, before: after, after: before }));
}

export function sameEntry(a: Entry | undefined, b: Entry | undefined): boolean {
  return a?.mode === b?.mode && a?.oid === b?.oid;
}

/** Decides one path: what was `base` became `theirs` in the change, and is `ours` where the change shall be made. */
export function mergeEntry(base: Entry | undefined, ours: Entry | undefined, theirs: Entry | undefined): Merged {
  if (sameEntry(ours, theirs) || sameEntry(base, theirs)) return { kind: 'keep' };
  if (sameEntry(ours, base)) return { kind: 'take', entry: theirs };
  if (!ours) return { kind: 'conflict', reason: 'it is no longer there' };
  if (!theirs) return { kind: 'conflict', reason: 'it would be removed, but was changed since' };
  if (!base) return { kind: 'conflict', reason: 'another file of this name is there' };
  if (!isFile(base) || !isFile(ours) || !isFile(theirs))
    return { kind: 'conflict', reason: 'it became something else' };
  const mode = ours.mode === base.mode ? theirs.mode : ours.mode;
  if (ours.oid === base.oid || ours.oid === theirs.oid) return { kind: 'take', entry: { mode, oid: theirs.oid } };
  if (theirs.oid === base.oid) return { kind: 'take', entry: { mode, oid: ours.oid } };
  return { kind: 'text', mode, base: base.oid, ours: ours.oid, theirs: theirs.oid };
}

function isFile(entry: Entry): boolean {
  return entry.mode.startsWith('100');
}
