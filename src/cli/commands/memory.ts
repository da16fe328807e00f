import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { NexError } from '../../errors.ts';
import { addNote, readMemory } from '../../memory/project.ts';
import { sanitize } from '../../ui/sanitize.ts';
import { type CliContext, print } from '../context.ts';
import { showLong } from '../pager.ts';
import { openProject } from '../project.ts';

/** `nex memory show|edit|add|path`: the project memory, which is the user's file. */
export async function memoryCommand(
  context: CliContext,
  action: string,
  { text, json }: { text: string; json: boolean },
): Promise<number> {
  const project = await openProject(context);
  const path = join(project.nexDir, 'memory.md');
  if (action === 'path') {
    print(context, json ? JSON.stringify({ path }) : path);
    return 0;
  }
  if (!existsSync(path))
    throw new NexError('usage', 'There is no project memory yet.', { hint: 'Make it from the repository: nex init.' });
  switch (action) {
    case 'show': {
      const memory = await readMemory(path);
      if (json) print(context, JSON.stringify({ path, ...parted(memory) }));
      else await showLong(context, sanitize(memory).trimEnd().split('\n'));
      return 0;
    }
    case 'add':
      if (text.trim() === '')
        throw new NexError('usage', 'There is nothing to add.', {
          hint: 'nex memory add "Dates are ISO 8601 everywhere"',
        });
      await addNote(path, text);
      print(context, 'Added to the notes of .nex/memory.md.');
      return 0;
    case 'edit':
      return edit(context, path);
    default:
      throw new NexError('usage', `"${action}" is no action of \`nex memory\`.`, {
        hint: 'It is one of show, edit, add, path.',
      });
  }
}

/** What stands before the first heading of the second level, and the sections under each. */
function parted(memory: string): { head: string; sections: Array<{ title: string; text: string }> } {
  const [head = '', ...sections] = memory.split(/^## /m);
  return {
    head: head.trim(),
    sections: sections.map((section) => {
      const [title = '', ...lines] = section.split('\n');
      return { title: title.trim(), text: lines.join('\n').trim() };
    }),
  };
}

function edit(context: CliContext, path: string): number {
  const editor = context.env['VISUAL'] || context.env['EDITOR'];
  if (!editor)
    throw new NexError('usage', 'No editor is set.', { hint: `Set VISUAL or EDITOR, or open ${path} yourself.` });
  // The variable may hold flags, as in `code --wait`; the path is an argument of its own.
  const done =
    process.platform === 'win32'
      ? spawnSync(`${editor} "${path}"`, { stdio: 'inherit', shell: true })
      : spawnSync('/bin/sh', ['-c', `${editor} "$1"`, 'sh', path], { stdio: 'inherit' });
  if (done.error)
    throw new NexError('failed', `The editor could not be started: ${done.error.message}`, {
      hint: 'Check VISUAL and EDITOR.',
    });
  return done.status === 0 ? 0 : 1;
}
