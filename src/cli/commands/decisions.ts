import { readDecisions } from '../../memory/decisions.ts';
import { lookInto } from '../../platform/project-look.ts';
import { sanitize } from '../../ui/sanitize.ts';
import { wrap } from '../../ui/wrap.ts';
import { type CliContext, print } from '../context.ts';
import { showLong } from '../pager.ts';
import { openProject } from '../project.ts';

/** `nex decisions`: what was decided in this project, and why. */
export async function decisionsCommand(context: CliContext, options: { json?: boolean }): Promise<number> {
  const project = await openProject(context);
  const decisions = readDecisions(lookInto(project.root).read('.nex/decisions.md') ?? '');
  if (options.json) print(context, JSON.stringify(decisions));
  else if (decisions.length === 0) print(context, 'No decision is on record yet.');
  else
    await showLong(
      context,
      decisions.flatMap(({ time, task, decision, reasoning }) => [
        ...hanging(context, `${time.slice(0, 10)}  `, decision),
        ...(reasoning === '' ? [] : hanging(context, '      why:  ', reasoning)),
        ...hanging(context, '      task: ', task),
        '',
      ]),
    );
  return 0;
}

function hanging({ stdout }: CliContext, first: string, text: string): string[] {
  return wrap([{ text: sanitize(text) }], Math.max(40, stdout.columns ?? 80), {
    first: [{ text: first }],
    rest: [{ text: ' '.repeat(12) }],
  });
}
