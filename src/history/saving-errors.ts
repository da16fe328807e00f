import { codeOf, messageOf, NexError } from '../errors.ts';

/** What the system says when there is no place to write to. */
const NO_PLACE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EMFILE', 'EIO']);

/** Rewords the system's refusals while a state is saved: a read-only git folder or a full disk is no bug of nex's. */
export async function inPlainWords<T>(saving: Promise<T>): Promise<T> {
  try {
    return await saving;
  } catch (error) {
    if (error instanceof NexError || !NO_PLACE.has(codeOf(error) ?? '')) throw error;
    const full = codeOf(error) === 'ENOSPC' || codeOf(error) === 'EDQUOT';
    const why = full ? 'the disk is full' : messageOf(error);
    throw new NexError('repository', `The state before the change cannot be saved: ${why}`, {
      hint: `nex changes nothing that it could not undo. Make ${full ? 'room' : 'the git folder writable'}, then try again.`,
      cause: error,
    });
  }
}
