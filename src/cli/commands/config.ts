import { configFiles } from '../../config.ts';
import { NexError } from '../../errors.ts';
import { SETTINGS } from '../../settings-table.ts';
import { type CliContext, complain, print } from '../context.ts';
import { openProject } from '../project.ts';
import { tableOf } from '../table.ts';

/** `nex config list|get|path`: what is in force, and where each value comes from. */
export async function configCommand(
  context: CliContext,
  action: string,
  key: string | undefined,
  options: { global?: boolean; json?: boolean },
): Promise<number> {
  const project = await openProject(context);
  const { settings, sources, notices } = project.config;
  const rows = SETTINGS.map(({ name, key: named, about }) => ({
    key: named,
    value: settings[name] ?? null,
    source: sources[name],
    about,
  }));
  switch (action) {
    case 'list':
      for (const notice of notices) complain(context, notice);
      if (options.json) print(context, JSON.stringify(rows));
      else
        print(
          context,
          tableOf(
            ['setting', 'value', 'from', 'what it is'],
            rows.map(({ key: named, value, source, about }) => [named, show(value), source, about]),
          ),
        );
      return 0;
    case 'get': {
      const row = rows.find((candidate) => candidate.key === key);
      if (!row)
        throw new NexError('usage', key === undefined ? 'Which setting?' : `There is no setting \`${key}\`.`, {
          hint: '`nex config list` shows them.',
        });
      print(context, options.json ? JSON.stringify(row) : show(row.value));
      return 0;
    }
    case 'path': {
      const files = configFiles(context.folders, project.root);
      print(context, options.global ? files.global : files.project);
      return 0;
    }
    default:
      throw new NexError('usage', `"${action}" is no action of \`nex config\`.`, {
        hint: 'It is one of list, get, path; settings are changed in the file that `nex config path` names.',
      });
  }
}

function show(value: unknown): string {
  if (value === null) return '(not set)';
  return Array.isArray(value) ? value.join(', ') || '(none)' : String(value);
}
