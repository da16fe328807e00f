import { initProject } from '../../memory/init-project.ts';
import { lookInto } from '../../platform/project-look.ts';
import { type CliContext, print } from '../context.ts';
import { openProject } from '../project.ts';
import { listFiles } from '../project-files.ts';

/** `nex init`: makes `.nex/` part of the project, from what the repository tells of itself. */
export async function initCommand(context: CliContext, options: { force?: boolean; json?: boolean }): Promise<number> {
  const project = await openProject(context);
  const look = lookInto(project.root);
  const result = await initProject({
    root: project.root,
    nexDir: project.nexDir,
    files: await listFiles(project),
    read: (path) => look.read(path),
    force: options.force === true,
  });
  if (options.json) {
    print(context, JSON.stringify(result));
    return 0;
  }
  for (const path of result.created) print(context, `created    ${path}`);
  for (const path of result.kept) print(context, `kept       ${path}`);
  for (const name of result.refreshed) print(context, `refreshed  the generated section "${name}" of .nex/memory.md`);
  for (const name of result.missing)
    print(context, `not found  the generated section "${name}": its marks are gone, so it was left alone`);
  print(
    context,
    result.created.length > 0
      ? '\nNext: read and correct .nex/memory.md (`nex memory edit`), commit it, then `nex "your task"`.'
      : '\nNothing that you wrote was changed. `nex init --force` refreshes the generated sections.',
  );
  return 0;
}
