import { posix } from 'node:path';
import * as z from 'zod';
import { closedFolderOf } from '../platform/path-rules.ts';
import { type Entry, type Place, type Workspace, WorkspaceError } from '../platform/workspace.ts';
import { type GitAsk, ignoredEntries } from './git-lists.ts';
import { type Ignored, ignoreRules } from './ignore-rules.ts';
import { didYouMean } from './near-names.ts';
import { defineTool, type Tool, wholeNumber } from './tool.ts';

const DEFAULT_DEPTH = 3;
const MAX_DEPTH = 20;
const MAX_ENTRIES = 400;
/** Installed packages and caches: named, but looked into only when asked for, also where no rule ignores them. */
const HEAVY = new Set(['node_modules', '.venv', 'venv', '__pycache__', '.tox', '.mypy_cache', '.pytest_cache']);

/** `askGit` gives the git to ask what is ignored; undefined when there is none. */
export function listDirectory(askGit: (root: string, signal: AbortSignal) => GitAsk | undefined): Tool {
  return defineTool({
    name: 'list_directory',
    description: 'List a folder as a tree, ignored files left out.',
    effect: 'read',
    input: z.object({
      path: z.string().optional(),
      depth: wholeNumber().optional().describe(`default ${DEFAULT_DEPTH}`),
    }),
    async run({ path = '.', depth = DEFAULT_DEPTH }, { workspace, signal }) {
      const place = await workspace.locate(path, 'read');
      const info = await workspace.stat(path);
      if (!info)
        throw new WorkspaceError(
          'missing',
          `There is no folder ${place.path}.${await didYouMean(workspace, place.path)}`,
        );
      if (info.kind !== 'directory') return { ok: false, error: `${place.path} is a file; read_file shows it.` };

      const ignored = await ignoredBelow(workspace, place, askGit(workspace.root, signal));
      const tree = await growTree(workspace, place, Math.min(MAX_DEPTH, Math.max(1, depth)), ignored);
      if (tree.shown === 0)
        return { ok: true, output: `${place.path} is empty${tree.hidden ? ', but for ignored files' : ''}.` };
      const lines = draw(tree.root, 0);
      if (tree.more > 0)
        lines.push(
          `… ${tree.deeper ? 'at least ' : ''}${tree.more} more. List a folder by itself to see what is in it.`,
        );
      return { ok: true, output: lines.join('\n') };
    },
  });
}

interface Node extends Entry {
  children: Node[];
  /** Entries in this folder that are not shown. */
  more: number;
}

interface Tree {
  root: Node;
  shown: number;
  more: number;
  /** True when folders were not looked into because the limit was reached before. */
  deeper: boolean;
  /** True when something in the folder itself is ignored. */
  hidden: boolean;
}

/** Level by level, so that what is left out for lack of room is what lies deepest. */
async function growTree(workspace: Workspace, place: Place, depth: number, ignored: Ignored): Promise<Tree> {
  const root: Node = { name: '', kind: 'directory', children: [], more: 0 };
  const tree: Tree = { root, shown: 0, more: 0, deeper: false, hidden: false };
  let level: Array<{ node: Node; path: string }> = [{ node: root, path: place.path }];
  for (let at = 0; at < depth && level.length > 0; at++) {
    if (tree.shown >= MAX_ENTRIES) return { ...tree, deeper: true };
    const next: typeof level = [];
    const contents = await Promise.all(level.map(({ path }) => visibleEntries(workspace, path, at === 0, ignored)));
    for (const [index, { node, path }] of level.entries()) {
      const { entries, hidden } = contents[index] ?? { entries: [], hidden: false };
      tree.hidden ||= at === 0 && hidden;
      const room = Math.max(0, MAX_ENTRIES - tree.shown);
      node.children = entries.slice(0, room).map((entry) => ({ ...entry, children: [], more: 0 }));
      node.more = entries.length - node.children.length;
      tree.shown += node.children.length;
      tree.more += node.more;
      for (const child of node.children) {
        if (child.kind === 'directory' && !HEAVY.has(child.name))
          next.push({ node: child, path: posix.join(path, child.name) });
      }
    }
    level = next;
  }
  return tree;
}

/** What is to be seen in a folder, folders first. One below the asked folder that cannot be read counts as empty. */
async function visibleEntries(
  workspace: Workspace,
  path: string,
  asked: boolean,
  ignored: Ignored,
): Promise<{ entries: Entry[]; hidden: boolean }> {
  const all = await workspace.list(path).catch((error) => {
    if (asked) throw error;
    return [];
  });
  const seen = await Promise.all(
    all.map(async (entry) => {
      const full = posix.join(path, entry.name);
      return closedFolderOf(full) !== closedFolderOf(path) || (await ignored(full, entry.kind === 'directory'))
        ? []
        : [entry];
    }),
  );
  const rank = (entry: Entry) => (entry.kind === 'directory' ? 0 : 1);
  const entries = seen.flat().sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
  return { entries, hidden: entries.length < all.length };
}

function draw(folder: Node, depth: number): string[] {
  return folder.children.flatMap((node) => {
    const indent = '  '.repeat(depth);
    const unshown = node.children.length === 0 && node.more > 0 ? ` … ${node.more} more` : '';
    const line = `${indent}${printable(node.name)}${SUFFIX[node.kind]}${node.target === undefined ? '' : ` -> ${printable(node.target)}`}${unshown}`;
    const rest = node.children.length > 0 && node.more > 0 ? [`${indent}  … ${node.more} more`] : [];
    return [line, ...draw(node, depth + 1), ...rest];
  });
}

const SUFFIX: Record<Entry['kind'], string> = {
  file: '',
  directory: '/',
  symlink: '',
  other: ' (pipe, socket or device)',
};

/** A name on one line, whatever it holds. */
function printable(name: string): string {
  return /[\x00-\x1f\x7f]/.test(name) ? JSON.stringify(name) : name;
}

/** What not to show below a folder. In a folder that is ignored itself, and in an added one, nothing is hidden. */
async function ignoredBelow(workspace: Workspace, place: Place, git: GitAsk | undefined): Promise<Ignored> {
  if (place.area === 'added') return async () => false;
  const entries = git && (await ignoredEntries(git, place.path));
  if (entries === undefined) {
    const rules = ignoreRules(workspace);
    return (await rules(place.path, true)) ? async () => false : rules;
  }
  const ignored = new Set(entries);
  if (ancestors(place.path).some((folder) => ignored.has(`${folder}/`))) return async () => false;
  return async (path, isFolder) => ignored.has(isFolder ? `${path}/` : path) || ignored.has(path);
}

/** The folder itself and all above it. */
function ancestors(path: string): string[] {
  const names = path.split('/');
  return names.map((_, at) => names.slice(0, at + 1).join('/'));
}
