import { systemClock } from '../../platform/clock.ts';
import { readStanding } from '../../platform/git-standing.ts';
import { count, size } from '../../ui/figures.ts';
import type { Progress } from '../../ui/progress.ts';
import { askedIn } from '../asked-git.ts';
import { openProjectIndex } from '../code-context.ts';
import { type CliContext, complain, print } from '../context.ts';
import { openProject } from '../project.ts';

/** `nex index`: brings the code index up to date and says what it holds. */
export async function indexCommand(
  context: CliContext,
  options: { full?: boolean; json?: boolean; verbose?: boolean },
): Promise<number> {
  // Git was asked how the repository stands, and where it is, before this was loaded.
  const standing = readStanding(context.cwd, askedIn(context).standing).catch(() => undefined);
  const project = await openProject(context);
  const index = await openProjectIndex(project);
  const progress = options.json || context.stderr.isTTY !== true ? undefined : await showProgress(context);
  try {
    const report = await index.refresh({
      signal: context.signal,
      standing,
      full: options.full === true,
      ...(progress === undefined ? {} : { onProgress: progress.update }),
    });
    progress?.end();
    if (report.notice !== undefined) complain(context, report.notice);
    const summary = index.summary();
    if (options.json) {
      const { skipped, ...figures } = report;
      print(
        context,
        JSON.stringify({ ...figures, bytes: summary?.bytes ?? 0, skipped: options.verbose ? skipped : skipped.length }),
      );
      return 0;
    }
    if (options.verbose) for (const { path, reason } of report.skipped) print(context, `skipped ${path}: ${reason}`);
    if (report.files === 0) print(context, 'No source files were found.');
    else
      print(
        context,
        `${count(report.files, 'file')}, ${count(report.symbols, 'symbol')}, ${report.changed} read anew, ${(report.ms / 1000).toFixed(2)} s. ${size(summary?.bytes ?? 0)} in .nex/index.json and beside it.`,
      );
    if (report.skipped.length > 0 && !options.verbose)
      print(context, `${report.skipped.length} files were left out; --verbose says why.`);
    return 0;
  } finally {
    progress?.end();
    index.close();
  }
}

async function showProgress(context: CliContext): Promise<Progress> {
  const [{ createProgress }, { paintFor }] = await Promise.all([import('../../ui/progress.ts'), import('../looks.ts')]);
  return createProgress({
    out: context.stderr,
    columns: () => context.stderr.columns ?? 80,
    paint: paintFor(context, context.stderr),
    label: 'indexing',
    clock: systemClock,
  });
}
