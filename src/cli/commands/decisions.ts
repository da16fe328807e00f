import { readDecisions } from '../../memory/decisions.ts';
import { lookInto } from '../../platform/project-look.ts';
import { type CliContext, print } from '../context.ts';
import { columnsOf, hanging } from '../hanging.ts';
import { showLong } from '../pager.ts';
import { openProject } from '../project.ts';

/** `nex decisions`: what was decided in this project, and why. */
export async function decisionsCommand(context: CliContext, options: { json?: boolean }): Promise<number> {
  const project = await openProject(context);
  const decisions = readDecisions(lookInto(project.root).read('.nex/decisions.md') ?? '');
  const columns = columnsOf(context);
  if (options.json) print(context, JSON.stringify(decisions));
  else if (decisions.length === 0) print(context, 'No decision is on record yet.');
  else
    await showLong(
      context,
      decisions.flatMap(({ time, task, decision, reasoning }) => [
        ...hanging(`${time.slice(0, 10)}  `, decision, columns),
        ...(reasoning === '' ? [] : hanging('      why:  ', reasoning, columns)),
        ...hanging('      task: ', task, columns),
        '',
      ]),
    );
  return 0;
}
