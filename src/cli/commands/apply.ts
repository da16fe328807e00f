import { join } from 'node:path';
import { applyPreview } from '../../agent/apply-preview.ts';
import { newTaskState } from '../../agent/task-state.ts';
import { systemClock } from '../../platform/clock.ts';
import { readPreview } from '../../session/previews.ts';
import { replayModel } from '../../session/replay.ts';
import { composeTask } from '../compose.ts';
import { type CliContext, complain, print } from '../context.ts';
import { composeMeter } from '../models.ts';
import { openProject } from '../project.ts';
import { needYes, openScreen } from '../screen.ts';

/** `nex apply [ID]`: does what a dry run showed, without asking the model again. Commands are judged anew. */
export async function applyCommand(
  context: CliContext,
  id: string | undefined,
  options: { yes?: boolean; json?: boolean; shown?: boolean },
): Promise<number> {
  const project = await openProject(context);
  const preview = readPreview(join(project.nexDir, 'previews'), id);
  // Right after the dry run it stands on the screen already.
  if (options.shown) context.stderr.write('\n');
  else if (!options.json)
    print(
      context,
      `${preview.task}\n${preview.files
        .map(({ path }) => `  write  ${path}`)
        .concat(preview.commands.map((command) => `  run    ${command}`))
        .join('\n')}`,
    );
  await needYes(context, 'Apply this?', { yes: options.yes, otherwise: 'Nothing was changed.' });
  const screen = openScreen(context, {
    outputFormat: options.json ? 'json' : 'text',
    ...(options.yes === undefined ? {} : { yes: options.yes }),
  });
  const composition = await composeTask(context, project, {
    task: preview.task,
    dryRun: false,
    yes: options.yes === true,
    fast: false,
    addDirs: [],
    asker: screen.asker,
    listeners: screen.listeners,
    action: { kind: 'apply' },
    // Nobody is asked anything: there is no model in an apply.
    models: (onUsage) => {
      const silent = replayModel({ model: 'none', turns: {} });
      return {
        main: silent,
        light: silent,
        meter: composeMeter({ settings: project.config.settings, clock: systemClock, state: project.state, onUsage }),
      };
    },
  });
  try {
    const { world, session } = composition;
    const request = { task: preview.task, piped: '', tests: false, review: false, wrapUp: false, commit: true };
    const { outcome, error } = await applyPreview(newTaskState(world, session, request, context.signal), preview);
    if (error) complain(context, error.message, error.hint);
    return outcome.exit_code;
  } finally {
    await composition.close();
    screen.close();
  }
}
