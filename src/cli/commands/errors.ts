import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { NexError } from '../../errors.ts';
import { ensurePrivateFolder } from '../../memory/init-project.ts';
import type { ErrorPatterns } from '../../memory/pattern.ts';
import { systemClock } from '../../platform/clock.ts';
import { explained } from '../../platform/file-errors.ts';
import { type CliContext, complain, print } from '../context.ts';
import type { ErrorsFlags } from '../flags/errors.ts';
import { columnsOf, hanging } from '../hanging.ts';
import { type Lesson, lessonInFull, lessonInList } from '../lesson-text.ts';
import { showLong } from '../pager.ts';
import { openProject } from '../project.ts';
import { openPatterns } from '../project-memory.ts';
import { needYes } from '../screen.ts';

const NOTHING = 'Nothing was learned here yet.';

/** `nex errors`: the lessons that nex learned, and whether they helped. */
export async function errorsCommand(
  context: CliContext,
  action: string,
  value: string | undefined,
  options: ErrorsFlags,
): Promise<number> {
  const project = await openProject(context);
  if (action === 'add' || action === 'import') await ensurePrivateFolder(project.nexDir);
  else if (!existsSync(join(project.nexDir, 'errors.db'))) {
    if (options.json) print(context, '[]');
    else print(context, NOTHING);
    return 0;
  }
  const store = await openPatterns(project, systemClock, (text) => complain(context, text));
  if (!store) return 1;
  try {
    return await act(context, store, action, value, options);
  } finally {
    store.dispose();
  }
}

async function act(
  context: CliContext,
  store: ErrorPatterns,
  action: string,
  value: string | undefined,
  options: ErrorsFlags,
): Promise<number> {
  switch (action) {
    case 'list': {
      const patterns = store.list();
      if (options.json) {
        print(context, JSON.stringify(patterns));
        return 0;
      }
      if (patterns.length === 0) {
        print(context, NOTHING);
        return 0;
      }
      const lessons = patterns.flatMap(({ id }) => store.show(id) ?? []);
      const columns = columnsOf(context);
      await showLong(context, [
        ...lessons.flatMap((lesson) => [...lessonInList(lesson, columns), '']),
        ...hanging('', summaryOf(lessons, store.count()), columns),
      ]);
      return 0;
    }
    case 'show': {
      const lesson = store.show(idOf(value));
      if (!lesson) throw noSuch(value);
      if (options.json) print(context, JSON.stringify(lesson));
      else await showLong(context, lessonInFull(lesson, columnsOf(context)));
      return 0;
    }
    case 'add': {
      if (!options.failed || !options.fixed)
        throw new NexError('usage', 'A lesson needs --failed and --fixed.', {
          hint: 'nex errors add --failed "tests time out" --fixed "start redis first"',
        });
      const id = store.add({
        taskSummary: 'told by the user',
        errorType: 'logic',
        whatFailed: options.failed,
        whatFixed: options.fixed,
        resolvedBy: 'user',
        ...(options.file === undefined ? {} : { filePath: options.file }),
      });
      print(context, `Kept as #${id}.`);
      return 0;
    }
    case 'forget': {
      const id = idOf(value);
      if (!store.show(id)) throw noSuch(value);
      await needYes(context, `Forget lesson #${id}?`, { yes: options.yes, otherwise: 'Nothing was forgotten.' });
      store.forget(id);
      print(context, `Forgot #${id}.`);
      return 0;
    }
    case 'export':
      for (const line of store.exportLines()) print(context, line);
      return 0;
    case 'import': {
      const { added, known, broken } = store.importLines(linesOf(context, value));
      print(context, `${added} added, ${known} known already, ${broken} unreadable.`);
      return broken > 0 && added + known === 0 ? 1 : 0;
    }
    default:
      throw new NexError('usage', `"${action}" is no action of \`nex errors\`.`, {
        hint: 'It is one of list, show, add, forget, export, import.',
      });
  }
}

function idOf(value: string | undefined): number {
  const id = Number(value);
  if (!Number.isSafeInteger(id) || id < 1)
    throw new NexError('usage', 'Which lesson?', { hint: 'Give its number: `nex errors list` shows them.' });
  return id;
}

function noSuch(value: string | undefined): NexError {
  return new NexError('usage', `There is no lesson #${value}.`, { hint: '`nex errors list` shows them.' });
}

function linesOf(context: CliContext, file: string | undefined): string[] {
  if (file === undefined)
    throw new NexError('usage', 'Which file?', { hint: 'nex errors import lessons.jsonl; `-` reads stdin.' });
  try {
    return readFileSync(file === '-' ? 0 : resolve(context.cwd, file), 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '');
  } catch (error) {
    throw new NexError('usage', explained(error, file, 'read').message, {
      hint: 'Give a file that `nex errors export` wrote.',
      cause: error,
    });
  }
}

/** How many there are, and whether bringing them up was worth it. */
function summaryOf(lessons: readonly Lesson[], all: number): string {
  const open = lessons.filter(({ whatFixed }) => whatFixed === '').length;
  const helped = lessons.reduce((sum, lesson) => sum + lesson.helped, 0);
  const judged = helped + lessons.reduce((sum, lesson) => sum + lesson.ignored, 0);
  return [
    `${all} ${all === 1 ? 'lesson' : 'lessons'}`,
    lessons.length < all && `the newest ${lessons.length} shown`,
    open > 0 && `${open} not solved yet`,
    judged > 0 && `the check after a reminder passed ${helped} of ${judged} times`,
    '`nex errors show ID` tells more',
  ]
    .filter(Boolean)
    .join('; ');
}
