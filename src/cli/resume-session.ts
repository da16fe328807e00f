import { join } from 'node:path';
import { keepFrom, nothingKept } from '../agent/kept.ts';
import type { AgentSession } from '../agent/task-state.ts';
import { NexError } from '../errors.ts';
import type { CliContext } from './context.ts';
import { complain } from './context.ts';
import type { Project } from './project.ts';

/**
 * The session to go on with: that of the id, or the last one. What it said stands byte for byte as it was sent.
 * Throws NexError 'usage' when there is none.
 */
export async function resumeSession(
  context: CliContext,
  project: Project,
  id: string | undefined,
): Promise<AgentSession> {
  const { conversationOf, listSessions, readSession } = await import('../session/resume.ts');
  const dir = join(project.nexDir, 'sessions');
  const wanted = id ?? (await listSessions(dir))[0]?.id;
  if (wanted === undefined)
    throw new NexError('usage', 'There is no session to go on with.', { hint: 'Start one: nex "task".' });
  const session = await readSession(dir, wanted);
  for (const notice of session.notices) complain(context, notice);
  const conversation = conversationOf(session);
  if (conversation === undefined)
    throw new NexError('usage', `The session ${wanted} ended before the model was asked.`, {
      hint: 'Start anew: nex "task".',
    });
  return {
    id: wanted,
    system: [...conversation.system],
    conversation: [...conversation.messages],
    kept: keepFrom(nothingKept(), session.earlier),
    resumed: wanted,
  };
}
