import { type Review, reviewDiff } from '../../checks/reviewer.ts';
import { findCredential } from '../../credential.ts';
import { NexError } from '../../errors.ts';
import { systemClock } from '../../platform/clock.ts';
import { openGitView, type Repository } from '../../platform/git.ts';
import { runGit } from '../../platform/git-plumbing.ts';
import { createRedactor } from '../../safety/secrets.ts';
import { sanitize } from '../../ui/sanitize.ts';
import { wrap } from '../../ui/wrap.ts';
import { type CliContext, print } from '../context.ts';
import { composeModels } from '../models.ts';
import { showLong } from '../pager.ts';
import { openProject } from '../project.ts';

/** `nex review [RANGE]`: the independent reviewer on a diff of the user's own. Status 3 when it objects. */
export async function reviewCommand(
  context: CliContext,
  range: string | undefined,
  options: { task?: string; json?: boolean },
): Promise<number> {
  const project = await openProject(context);
  if (!project.repository)
    throw new NexError('repository', 'There is no git repository here, so there is no diff.', {
      hint: 'Go into a repository.',
    });
  const redactor = createRedactor({ env: context.env });
  const patch = redactor.redact(await diffOf(project.repository, range));
  if (patch.trim() === '')
    throw new NexError('usage', 'There is nothing to review: the diff is empty.', {
      hint: 'Name a range, such as main..HEAD.',
    });
  const { main } = composeModels({
    settings: project.config.settings,
    credential: await findCredential(context.env, project.config.settings.baseUrl, context.openKeyring),
    env: context.env,
    clock: systemClock,
    state: project.state,
    onUsage: () => {},
    fast: false,
  });
  const review = await reviewDiff(
    main,
    redactor.redact(options.task ?? 'Not told. Judge whether the change is sound in itself.'),
    patch,
    context.signal,
  );
  if (options.json) print(context, JSON.stringify(review));
  else await showLong(context, reviewLines(review, context.stdout.isTTY ? (context.stdout.columns ?? 80) : undefined));
  return review.status === 'objections' ? 3 : review.status === 'approved' ? 0 : 1;
}

/** The verdict, then a paragraph for each objection, led by its place; folded to so many columns. */
function reviewLines({ status, summary, objections }: Review, columns: number | undefined): string[] {
  const verdict = `${status.replace('_', ' ')}${summary === undefined ? '' : `: ${summary}`}`;
  const paragraphs = objections.map(
    ({ file, line, problem }) =>
      `${file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}`}: `}${problem}`,
  );
  return [verdict, ...paragraphs].flatMap((paragraph) =>
    sanitize(paragraph)
      .split('\n')
      .flatMap((text) => (columns === undefined ? [text] : wrap([{ text }], columns))),
  );
}

/** The diff of a range. Throws NexError 'usage' for a range that git does not know. */
async function diffOf(repository: Repository, range: string | undefined): Promise<string> {
  if (range !== undefined) {
    const ends = range.split(/\.{2,3}/).filter((end) => end !== '');
    for (const end of ends) {
      const { status } = await runGit(['rev-parse', '--verify', '--quiet', '--end-of-options', `${end}^{commit}`], {
        cwd: repository.root,
      });
      if (status !== 0)
        throw new NexError('usage', `git knows no commit "${end}".`, {
          hint: 'Name commits or branches: main..HEAD, HEAD~2, or nothing for what is uncommitted.',
        });
    }
  }
  return (await openGitView(repository)).diff(range);
}
