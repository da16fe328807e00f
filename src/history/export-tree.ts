import { join } from 'node:path';
import type { Scanner } from './world-scan.ts';

/** More than this is not worth a second copy. */
const MOST_FILES = 20_000;
const MOST_BYTES = 200 * 1024 * 1024;

/** Checks the files of a tree out into an empty folder, outside of the project. False when they are too many. */
export async function exportTree({ store, config }: Scanner, tree: string, folder: string): Promise<boolean> {
  const listed = (await store.git(['ls-tree', '-r', '-l', '-z', '--full-tree', tree])).toString('utf8').split('\0');
  const bytes = listed.reduce((sum, line) => sum + (Number(line.split(/\s+/)[3]) || 0), 0);
  if (listed.length > MOST_FILES || bytes > MOST_BYTES) return false;
  await using scratch = await store.scratch();
  const env = { GIT_INDEX_FILE: join(scratch.path, 'index'), GIT_WORK_TREE: folder };
  const { withoutOwnFilters } = await config();
  await store.inProject(['read-tree', tree], { env, config: ['core.sparseCheckout=false', 'core.splitIndex=false'] });
  await store.inProject(['checkout-index', '-a', '-q'], { env, config: withoutOwnFilters });
  return true;
}
