import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { systemPrompt } from '../../context/system-prompt.ts';
import { estimateTokens } from '../../context/tokens.ts';
import { systemClock } from '../../platform/clock.ts';
import { readStanding } from '../../platform/git-standing.ts';
import { isSecretPath } from '../../safety/secret-paths.ts';
import { createRedactor } from '../../safety/secrets.ts';
import { askedIn } from '../asked-git.ts';
import { openProjectIndex } from '../code-context.ts';
import { type CliContext, complain, print } from '../context.ts';
import { columnsOf, hanging } from '../hanging.ts';
import { openProject } from '../project.ts';
import { createMemory, openPatterns } from '../project-memory.ts';

/** `nex context "task"`: what would be sent for a task, file by file, and why. Nothing is sent. */
export async function contextCommand(
  context: CliContext,
  task: string,
  options: { budget?: number; limit?: number; json?: boolean },
): Promise<number> {
  // Git was asked how the repository stands, and where it is, before this was loaded.
  const standing = readStanding(context.cwd, askedIn(context).standing).catch(() => undefined);
  const project = await openProject(
    context,
    options.budget === undefined ? {} : { contextBudget: Math.min(options.budget, 150_000) },
  );
  const { settings } = project.config;
  const redactor = createRedactor({ env: context.env });
  const notice = (text: string) => complain(context, text);
  const [{ assembleContext }, index] = await Promise.all([
    import('../../context/assemble.ts'),
    openProjectIndex(project),
  ]);
  try {
    const refreshing = index
      .refresh({ signal: context.signal, standing, expecting: task })
      .catch((error: unknown) => void notice(`The index cannot be refreshed: ${String(error)}`));
    // Git lists the files meanwhile. The index makes `.nex/`, and keeps it out of git, before anybody else writes there.
    const patternsOf = async () =>
      existsSync(join(project.nexDir, 'errors.db')) ? openPatterns(project, systemClock, notice) : undefined;
    const beside = Promise.all([createMemory(project, notice)(task), patternsOf()]);
    // Heard below; until then a rejection must not count as unhandled.
    beside.catch(() => {});
    const report = await refreshing;
    if (report?.notice !== undefined) notice(report.notice);
    const [memory, patterns] = await beside;
    const assembled = await assembleContext({
      root: project.root,
      task,
      budget: settings.contextBudget,
      index,
      ...(options.limit === undefined ? {} : { limit: options.limit }),
      alwaysInclude: [...settings.alwaysInclude],
      isSecret: isSecretPath,
      redact: (text) => redactor.redact(text),
      signal: context.signal,
    });
    const sent = assembled.files.filter(({ mode }) => mode !== 'none').map(({ path }) => path);
    const lessons = patterns?.recallForTask({ task, files: sent }) ?? [];
    patterns?.dispose();
    const files = (options.limit === undefined ? assembled.files : assembled.files.slice(0, options.limit)).map(
      ({ path, score, tokens, mode, why }) => ({ path, score, tokens, mode, why }),
    );
    const figures = {
      tokens: assembled.tokens,
      memory_tokens: memory.tokens,
      system_tokens: estimateTokens(systemPrompt({ memory: memory.text }).join('\n')),
      budget: settings.contextBudget,
    };
    const errors = lessons.map(({ id, whatFailed, whatFixed }) => ({
      id,
      what_failed: whatFailed,
      what_fixed: whatFixed,
    }));
    if (options.json) {
      print(context, JSON.stringify({ files, errors, ...figures, fallback: assembled.fallback, memory: memory.text }));
      return 0;
    }
    const { printTable } = await import('../table.ts');
    if (assembled.fallback) print(context, 'There is no index yet: the file tree and the README are sent instead.');
    else if (files.length === 0)
      print(context, 'No file seems to matter to this task; the model will look for itself.');
    else
      printTable(
        context,
        ['rank', 'file', 'mode', 'tokens', 'why'],
        files.map(({ path, mode, tokens, why }, place) => [
          String(place + 1),
          path,
          mode,
          String(tokens),
          why.join(', '),
        ]),
      );
    for (const { id, what_failed, what_fixed } of errors)
      print(context, lessonLine(context, `lesson #${id}: `, `${what_failed} -> ${what_fixed}`));
    print(
      context,
      `\n${figures.tokens} tokens of code (budget ${figures.budget}), ${figures.memory_tokens} of memory, ${figures.system_tokens} in the system prompt.`,
    );
    return 0;
  } finally {
    index.close();
  }
}

/** In a terminal it keeps to itself behind its number; elsewhere it is one line. */
function lessonLine(context: CliContext, number: string, text: string): string {
  const columns = context.stdout.isTTY ? columnsOf(context) : Number.POSITIVE_INFINITY;
  return hanging(number, text, columns).join('\n');
}
