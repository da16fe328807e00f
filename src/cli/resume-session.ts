import { join } from 'node:path';
import { keepFrom, nothingKept } from '../agent/kept.ts';
import type { AgentSession } from '../agent/task-state.ts';
import { NexError } from '../errors.ts';
import type { CliContext } from './context.ts';
import { complain } from './context.ts';
import type { Project } from './project.ts';

const GO_ON = '\n\nGo on where you stopped.';

/** A session to go on with, and what to say to it when the user says nothing. */
export interface Resumed {
  session: AgentSession;
  next: string;
}

/**
 * The session to go on with: that of the id, or the last one. What it said stands byte for byte as it was sent; one
 * that was cut off before the model was asked begins anew. Throws NexError 'usage' when there is none.
 */
export async function resumeSession(context: CliContext, project: Project, id: string | undefined): Promise<Resumed> {
  const { conversationOf, listSessions, readSession } = await import('../session/resume.ts');
  const dir = join(project.nexDir, 'sessions');
  const wanted = id ?? (await listSessions(dir))[0]?.id;
  if (wanted === undefined)
    throw new NexError('usage', 'There is no session to go on with.', { hint: 'Start one: nex "task".' });
  const session = await readSession(dir, wanted);
  for (const notice of session.notices) complain(context, notice);
  const start = session.events.findLast((event) => event.type === 'session.start');
  const kept = keepFrom(nothingKept(), session.earlier);
  if (session.messages.length === 0 && start?.type === 'session.start')
    return { session: { id: wanted, system: [], conversation: [], kept, resumed: wanted }, next: start.task };
  const { system, messages } = conversationOf(session);
  return {
    session: { id: wanted, system: [...system], conversation: [...messages], kept, resumed: wanted },
    // The task stands first: the branch, the records and the commit are named after it.
    next: start?.type === 'session.start' ? `${start.task.replace(GO_ON, '')}${GO_ON}` : GO_ON.trim(),
  };
}
