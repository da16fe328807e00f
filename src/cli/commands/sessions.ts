import { join } from 'node:path';
import { NexError } from '../../errors.ts';
import {
  listSessions,
  readSession,
  removeSession,
  renameSession,
  type Session,
  type SessionSummary,
  searchSessions,
} from '../../session/resume.ts';
import { sanitize } from '../../ui/sanitize.ts';
import { type CliContext, complain, print } from '../context.ts';
import type { SessionsAction, SessionsFlags } from '../flags/sessions.ts';
import { openProject } from '../project.ts';
import { confirm } from '../screen.ts';
import { tableOf } from '../table.ts';
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
      else print(context, sanitize(storyOf(session)));
      return 0;
    }
    case 'rm': {
      const id = wanted(value, 'Which session?');
      if (!(await confirm(context, `Remove the journal of ${id}? What it changed can still be undone.`, options.yes)))
        throw new NexError('refused', 'Nothing was removed.', { hint: 'Outside a terminal, add --yes.' });
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
    print(
      context,
      tableOf(
        ['session', 'ended', 'cost', 'task'],
        sessions.map(({ id, outcome, cost_usd, task, name, excerpt }) => [
          id,
          outcome,
          cost_usd === null ? 'unknown' : `$${cost_usd.toFixed(4)}`,
          excerpt ?? name ?? task,
        ]),
      ),
    );
  return 0;
}

/** A session as a report in Markdown. */
function storyOf({ id, events }: Session): string {
  const lines: string[] = [`# Session ${id}`];
  for (const event of events) {
    switch (event.type) {
      case 'session.start':
        lines.push(`\n## ${event.task}\n\n${event.time}, ${event.model}`);
        break;
      case 'text':
        lines.push(`\n${event.text}`);
        break;
      case 'tool.call':
        lines.push(`\n- \`${event.name}\` ${JSON.stringify(event.input).slice(0, 300)}`);
        break;
      case 'tool.result':
        lines.push(`  - ${event.ok ? 'ok' : 'failed'}: ${event.text.split('\n')[0] ?? ''}`);
        break;
      case 'approval':
        if (event.answer !== undefined)
          lines.push(
            `- asked about \`${event.command}\` (${event.rule}): ${event.answer}${event.said ? `, "${event.said}"` : ''}`,
          );
        break;
      case 'tests':
        lines.push(`\nTests: ${event.status}${event.command === undefined ? '' : ` (\`${event.command}\`)`}`);
        break;
      case 'review':
        lines.push(`Review: ${event.status}${event.summary === undefined ? '' : `, ${event.summary}`}`);
        break;
      case 'commit':
        lines.push(`Commit: ${event.commit} on ${event.branch}, "${event.subject}"`);
        break;
      case 'session.end':
        lines.push(
          `\nEnded: ${event.outcome}, status ${event.exit_code}, ${event.iterations} calls, ${event.cost_usd === null ? 'cost unknown' : `$${event.cost_usd.toFixed(4)}`}`,
        );
        break;
      default: // the rest is in the journal itself
    }
  }
  return lines.join('\n');
}
