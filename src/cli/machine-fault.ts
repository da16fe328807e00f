import { codeOf, messageOf, NexError } from '../errors.ts';

/** A disk or a permission that stands in the way of a command is no bug of ours. */
export function faultOfMachine(error: unknown): NexError | undefined {
  const hint = MENDS[codeOf(error) ?? ''];
  return hint === undefined ? undefined : new NexError('failed', messageOf(error), { hint, cause: error });
}

const MENDS: Readonly<Record<string, string>> = {
  ENOSPC: 'Make room on the disk.',
  EDQUOT: 'Make room on the disk: your share of it is used up.',
  EROFS: 'The disk can only be read; work on a copy elsewhere.',
  EACCES: 'Mend the permissions.',
  EPERM: 'Mend the permissions.',
  EMFILE: 'Allow more open files: ulimit -n 4096.',
};
