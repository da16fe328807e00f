import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordsPort, World } from '../agent/world.ts';
import { estimateTokens } from '../context/tokens.ts';
import { messageOf } from '../errors.ts';
import type { ErrorPatterns } from '../memory/pattern.ts';
import type { Clock } from '../platform/clock.ts';
import { lookInto } from '../platform/project-look.ts';
import type { Project } from './project.ts';

/** Sessions whose lines reach the prompt from the local journals. */
const RECENT = 10;
/** Every task reads journals before its first request, so that it stops at these many however few of them are done. */
const MOST_READ = 30;
const INSTRUCTIONS = ['CLAUDE.md', 'AGENTS.md', '.cursorrules'];

/** True once `nex init` (or Nex AI) has made `.nex/` part of the project. */
function isInitialised(project: Project): boolean {
  return existsSync(join(project.nexDir, 'memory.md'));
}

/** What is known of the project, worded for the prompt. */
export function createMemory(project: Project, notice: (text: string) => void): World['memory'] {
  return async (task) => {
    const [{ memoryForPrompt, readMemory }, { readDecisions }, { listSessions }] = await Promise.all([
      import('../memory/project.ts'),
      import('../memory/decisions.ts'),
      import('../session/resume.ts'),
    ]);
    const look = lookInto(project.root);
    const sessions = await listSessions(join(project.nexDir, 'sessions'), MOST_READ);
    const memory = memoryForPrompt({
      memory: await readMemory(join(project.nexDir, 'memory.md')).catch((error: unknown) => {
        notice(`The project memory cannot be read: ${messageOf(error)}`);
        return '';
      }),
      instructions: INSTRUCTIONS.flatMap((path) => {
        const text = look.read(path);
        return text === undefined ? [] : [{ path, text }];
      }),
      recentSessions: sessions
        .filter(({ outcome }) => outcome === 'done')
        .slice(0, RECENT)
        .map(({ started, summary, task: done }) => `${started.slice(0, 10)}: ${summary ?? done}`),
      // The log only grows, and the prompt takes the last few: its end is enough.
      decisions: readDecisions((look.read('.nex/decisions.md') ?? '').slice(-50_000)),
      task,
      estimate: (text) => estimateTokens(text),
    });
    if (memory.notice !== undefined) notice(memory.notice);
    return memory;
  };
}

/** The records of a finished task; memory.md only in a project that was initialised, so that nothing appears unasked. */
export function createRecords(
  project: Project,
  sessionId: string,
  clock: Clock,
  notice: (text: string) => void,
): RecordsPort {
  const keep = async (what: string, act: () => Promise<void>) => {
    try {
      await act();
    } catch (error) {
      notice(`${what} could not be written: ${messageOf(error)}`);
    }
  };
  return {
    sessionLine: (line) =>
      keep('The session log', async () => {
        // The journal gets the same line, so that a later prompt tells one session once.
        const { summariseSession } = await import('../session/resume.ts');
        await summariseSession(join(project.nexDir, 'sessions'), sessionId, line);
        if (!isInitialised(project)) return;
        const { appendSessionLine } = await import('../memory/project.ts');
        await appendSessionLine(join(project.nexDir, 'memory.md'), line, clock.now());
      }),
    decisions: (task, decisions) =>
      keep('The decision log', async () => {
        // Before `nex init` the folder is git's blind spot: nothing appears unasked, and nothing is forgotten either.
        if (decisions.length === 0) return;
        const { appendDecisions } = await import('../memory/decisions.ts');
        await appendDecisions(
          join(project.nexDir, 'decisions.md'),
          decisions.map((decision) => ({ task, ...decision })),
          clock.now(),
        );
      }),
  };
}

/** Whether there are lessons to be recalled; without opening them. */
export function hasLessons({ nexDir }: Pick<Project, 'nexDir'>): boolean {
  return existsSync(join(nexDir, 'errors.db'));
}

/** The store of lessons of a project; undefined when it cannot even be loaded. */
export async function openPatterns(
  project: Pick<Project, 'root' | 'nexDir'>,
  clock: Clock,
  notice: (text: string) => void,
): Promise<ErrorPatterns | undefined> {
  try {
    const { openErrorPatterns } = await import('../memory/error-patterns.ts');
    return openErrorPatterns({
      path: join(project.nexDir, 'errors.db'),
      clock,
      exists: lookInto(project.root).exists,
      onNotice: notice,
    });
  } catch (error) {
    notice(`Lessons are off: ${messageOf(error)}`);
    return undefined;
  }
}
