import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Entry } from '../../../src/history/change.ts';
import { type ObjectStore, openObjectStore } from '../../../src/history/object-store.ts';
import { diffTrees, editTree, filesAt, filesBelow } from '../../../src/history/trees.ts';
import { findRepository } from '../../../src/platform/git.ts';
import { gitProject } from '../../support/git-project.ts';

/** Few names, so that files and folders meet; some that sort in another place as a folder; one that is not ASCII. */
const name = fc.constantFrom('a', 'a.b', 'a-b', 'a0', 'ä', 'b c');
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
const content = fc.constantFrom('one\n', 'two\n', '');
const mode = fc.constantFrom('100644', '100755', '120000');
const file = fc.record({ content, mode });
const files = fc.dictionary(path, file, { maxKeys: 10, noNullPrototype: true });
const edits = fc.array(fc.tuple(path, fc.option(file, { nil: undefined, freq: 3 })), { maxLength: 8 });

type Files = Map<string, Entry>;

/** The files as they are after an edit: what is put somewhere takes the place of what is in its way. */
function put(all: Files, at: string, entry: Entry | undefined): void {
  if (!entry) {
    all.delete(at);
    return;
  }
  for (const other of [...all.keys()]) if (other.startsWith(`${at}/`) || at.startsWith(`${other}/`)) all.delete(other);
  all.set(at, entry);
}

/** The id of the tree with these files, made by git. */
function treeByGit(store: ObjectStore, all: Files): string {
  const lines = [...all].map(([at, entry]) => `M ${entry.mode} ${entry.oid} "${at}"\n`).join('');
  const input = `commit refs/made\ncommitter a <a@b> 0 +0000\ndata 0\ndeleteall\n${lines}\ndone\n`;
  const env = { ...process.env, GIT_DIR: store.dir };
  execFileSync('git', ['fast-import', '--quiet', '--done', '--force'], { input, env });
  return execFileSync('git', ['rev-parse', 'refs/made^{tree}'], { env }).toString().trim();
}

it('trees are edited and compared as git does it', async () => {
  using project = gitProject({ 'a.txt': 'a\n' });
  const repository = await findRepository(project.root);
  if (!repository) throw new Error('no repository');
  const store = await openObjectStore(repository);
  const entryOf = async (one: { content: string; mode: string }): Promise<Entry> => ({
    mode: one.mode,
    oid: await store.writeObject('blob', Buffer.from(one.content)),
  });
  await fc.assert(
    fc.asyncProperty(files, edits, fc.array(path, { maxLength: 4 }), async (start, changes, asked) => {
      const before: Files = new Map();
      for (const [at, one] of Object.entries(start)) put(before, at, await entryOf(one));
      const base = treeByGit(store, before);
      const wanted = new Map<string, Entry | undefined>();
      for (const [at, one] of changes) {
        // Edits name each path once, and none lies below another one that is put there.
        const meets = [...wanted].some(
          ([other, entry]) => (entry && at.startsWith(`${other}/`)) || (one && other.startsWith(`${at}/`)),
        );
        if (!wanted.has(at) && !meets) wanted.set(at, one && (await entryOf(one)));
      }
      const after: Files = new Map(before);
      for (const [at, entry] of wanted) if (!entry) put(after, at, entry);
      for (const [at, entry] of wanted) if (entry) put(after, at, entry);

      const edited = await editTree(store, base, wanted);
      expect(edited).toBe(treeByGit(store, after));

      const env = { ...process.env, GIT_DIR: store.dir };
      const args = ['diff-tree', '-r', '-t', '-z', '--no-renames', '--full-index', base, edited];
      const records = execFileSync('git', args, { env }).toString('utf8').split('\0').slice(0, -1);
      const byGit = records.flatMap((record, at) => {
        const [was, is, old, now] = record.slice(1).split(' ');
        const one = (m = '', oid = '') => (/^0+$/.test(m) ? undefined : { mode: m, oid });
        return at % 2 ? [] : [{ path: records[at + 1], before: one(was, old), after: one(is, now) }];
      });
      expect(await diffTrees(store, base, edited, { folders: true })).toEqual(byGit);

      const at = new Map(asked.flatMap((one) => (after.has(one) ? [[one, after.get(one)]] : [])));
      expect(await filesAt(store, edited, asked)).toEqual(at);
      const below = [...after].filter(([one]) => asked.some((other) => one === other || one.startsWith(`${other}/`)));
      expect(await filesBelow(store, edited, asked)).toEqual(new Map(below));
    }),
    { numRuns: 60 },
  );
  store.close();
});

it('a name that is not UTF-8 stays what it is in an edited tree', async () => {
  using project = gitProject({ 'a.txt': 'a\n' });
  const repository = await findRepository(project.root);
  if (!repository) throw new Error('no repository');
  const store = await openObjectStore(repository);
  const blob = await store.writeObject('blob', Buffer.from('x\n'));
  const odd = Buffer.concat([Buffer.from('odd-'), Buffer.from([0xff, 0xfe])]).toString('latin1');
  const base = await store.putTree(
    new Map([
      ['a', { mode: '100644', name: 'a', oid: blob }],
      [odd, { mode: '100644', name: odd, oid: blob }],
    ]),
  );
  const edited = await editTree(store, base, new Map([['b', { mode: '100644', oid: blob }]]));
  const names = execFileSync('git', ['ls-tree', '--name-only', '-z', edited], {
    env: { ...process.env, GIT_DIR: store.dir },
  });
  expect(names.toString('latin1').split('\0')).toEqual(['a', 'b', odd, '']);
  store.close();
});
