import { join } from 'node:path';
import { NexError } from '../../errors.ts';
import {
  listSessions,
  readSession,
  removeSession,
  renameSession,
  type SessionSummary,
  searchSessions,
} from '../../session/resume.ts';
import { sanitize } from '../../ui/sanitize.ts';
import { type CliContext, complain, print } from '../context.ts';
import type { SessionsAction, SessionsFlags } from '../flags/sessions.ts';
import { printMarkdown } from '../print-markdown.ts';
import { openProject } from '../project.ts';
import { needYes } from '../screen.ts';
import { reportOf } from '../session-report.ts';
import { printTable } from '../table.ts';
import { runCommand } from './run.ts';

/** `nex sessions`: the journals of this project. */
export async function sessionsCommand(
  context: CliContext,
  action: SessionsAction,
  { value, name }: { value: string | undefined; name: string },
  options: SessionsFlags,
): Promise<number> {
  const project = await openProject(context);
  const dir = join(project.nexDir, 'sessions');
  switch (action) {
    case 'list':
      return list(context, await listSessions(dir), options.json === true);
    case 'search':
      return list(context, await searchSessions(dir, wanted(value, 'What to search for?')), options.json === true);
    case 'show':
    case 'export': {
      const session = await readSession(dir, wanted(value, 'Which session?'));
      for (const notice of session.notices) complain(context, notice);
      const asLines = options.json === true || (action === 'export' && !options.markdown);
      if (asLines) for (const event of session.events) print(context, JSON.stringify(event));
      else if (action === 'export') print(context, sanitize(reportOf(session, { requests: false })));
      else await printMarkdown(context, sanitize(reportOf(session, { requests: true })));
      return 0;
    }
    case 'rm': {
      const id = wanted(value, 'Which session?');
      await needYes(context, `Remove the journal of ${id}? What it changed can still be undone.`, {
        yes: options.yes,
        otherwise: 'Nothing was removed.',
      });
      await removeSession(dir, id);
      print(context, `Removed ${id}.`);
      return 0;
    }
    case 'resume':
      return runCommand(context, [], {
        resume: wanted(value, 'Which session?'),
        review: true,
        tests: true,
        wrapUp: true,
        commit: true,
        outputFormat: 'text',
        ...(options.yes === undefined ? {} : { yes: options.yes }),
      });
    case 'rename': {
      const id = wanted(value, 'Which session?');
      if (name.trim() === '')
        throw new NexError('usage', 'Which name?', { hint: 'nex sessions rename ID "cart totals"' });
      await renameSession(dir, id, name.trim());
      print(context, `${id} is now called "${sanitize(name.trim())}".`);
      return 0;
    }
  }
}

function wanted(value: string | undefined, question: string): string {
  if (value === undefined) throw new NexError('usage', question, { hint: '`nex sessions list` shows them.' });
  return value;
}

function list(
  context: CliContext,
  sessions: ReadonlyArray<SessionSummary & { excerpt?: string }>,
  json: boolean,
): number {
  if (json) print(context, JSON.stringify(sessions));
  else if (sessions.length === 0) print(context, 'No session is on record here.');
  else
    printTable(
      context,
      ['session', 'ended', 'cost', 'task'],
      sessions.map(({ id, outcome, cost_usd, task, name, summary, excerpt }) => [
        id,
        outcome,
        cost_usd === null ? 'unknown' : `$${cost_usd.toFixed(4)}`,
        excerpt ?? name ?? summary ?? task,
      ]),
    );
  return 0;
}
