import { posix } from 'node:path';
import type { Workspace } from '../platform/workspace.ts';

/** " Did you mean …?" for a path that is not there, from the names beside it; empty when none is like it. */
export async function didYouMean(workspace: Workspace, path: string): Promise<string> {
  const folder = posix.dirname(path);
  const entries = await workspace.list(folder).catch(() => undefined);
  if (entries === undefined) return folder === '.' ? '' : ` There is no folder ${folder} either.`;
  const wanted = posix.basename(path).toLowerCase();
  const near = entries
    .map(({ name }) => ({ name, distance: distance(wanted, name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.max(2, name.length / 4) || stem(name) === stem(wanted))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3);
  return near.length === 0 ? '' : ` Did you mean ${near.map(({ name }) => posix.join(folder, name)).join(' or ')}?`;
}

function stem(name: string): string {
  return name.toLowerCase().replace(/(?<=.)\..*$/, '');
}

/** How many letters have to be changed, put in or taken out to make one word of the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
