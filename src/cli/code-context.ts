import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { World } from '../agent/world.ts';
import type { CodeIndex } from '../indexer/code-index.ts';
import { parseGitIndex } from '../platform/git-index.ts';
import type { GitStanding } from '../platform/git-standing.ts';
import type { SeenFiles } from '../tools/seen-files.ts';
import { findAssets } from './assets.ts';
import type { Project } from './project.ts';

/** How long a task waits for a fresh index before it goes on with what there is; milliseconds. */
const PATIENCE_MS = 2000;

/** The index of a project; nothing is read yet. */
export async function openProjectIndex(project: Pick<Project, 'root' | 'nexDir' | 'repository'>): Promise<CodeIndex> {
  const { openCodeIndex } = await import('../indexer/code-index.ts');
  const { indexWorker, ...assets } = findAssets();
  return openCodeIndex({
    root: project.root,
    dir: project.nexDir,
    git: project.repository !== undefined,
    ...assets,
    ...(indexWorker === undefined ? {} : { workerFile: indexWorker }),
  });
}

/**
 * What of the code a task gets to see. The index is refreshed first, but a task never waits for it longer than two
 * seconds: then what exists is used, or the file tree and the README, and the refresh goes on beside it. A small
 * project is shown whole, for which no index is needed, and none is made.
 */
export function createCodeContext(options: {
  project: Project;
  redact: (text: string) => string;
  isSecret: (path: string) => boolean;
  /** Correction of the token estimate, learnt from what the server counted. */
  tokenFactor: () => number;
  /** Hears which files the prompt shows word for word. */
  seen: SeenFiles;
  notice: (text: string) => void;
  /** How the repository stands at this turn; undefined outside one. */
  standing: () => Promise<GitStanding | undefined>;
}): { context: World['context']; close: () => Promise<void> } {
  const { project, notice } = options;
  const { settings } = project.config;
  const stop = new AbortController();
  let refreshing: Promise<void> | undefined;
  let opened: CodeIndex | undefined;

  const refresh = async (index: CodeIndex, task: string) => {
    try {
      const report = await index.refresh({ signal: stop.signal, standing: options.standing(), expecting: task });
      if (report.notice !== undefined) notice(report.notice);
    } catch (error) {
      if (!stop.signal.aborted)
        notice(`The code index cannot be refreshed: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  /** The sources of a project that has no more of them than this. */
  const fewSources = async (index: CodeIndex, most: number, signal: AbortSignal) => {
    if ((index.summary()?.files ?? 0) > most) return undefined;
    const listed = await listedFiles(project, await options.standing());
    return index.sources(most, { signal, ...(listed ? { listed } : {}) });
  };
  return {
    async context(task, signal) {
      const [{ assembleContext, fitsWhole, SMALL_FILES }, index] = await Promise.all([
        import('../context/assemble.ts'),
        openProjectIndex(project),
      ]);
      opened = index;
      const wanted = {
        root: project.root,
        task,
        budget: settings.contextBudget,
        index,
        alwaysInclude: [...settings.alwaysInclude],
        isSecret: options.isSecret,
        tokenFactor: options.tokenFactor(),
        redact: options.redact,
        signal,
      };
      const paths = await fewSources(index, SMALL_FILES, signal);
      const small = paths !== undefined && fitsWhole(wanted, paths);
      if (!small) {
        refreshing = refresh(index, task);
        await Promise.race([refreshing, after(PATIENCE_MS)]);
        signal.throwIfAborted();
      }
      const assembled = await assembleContext({ ...wanted, ...(small ? { paths } : {}) });
      // What the prompt shows word for word, the model has seen: it may edit that without reading it again.
      for (const { path, shown } of assembled.files) {
        for (const [from, to] of shown?.ranges ?? [])
          if (shown) options.seen.note(path, shown.content, from, to, shown.lines);
      }
      return assembled;
    },
    async close() {
      stop.abort(new Error('the task is over'));
      await refreshing;
      opened?.close();
    },
  };
}

/** Every file that git tracks or sees; undefined where only a run of git can tell. */
async function listedFiles(
  { root, repository }: Project,
  standing: GitStanding | undefined,
): Promise<string[] | undefined> {
  if (repository?.root !== root || standing === undefined) return undefined;
  const index = await readFile(join(repository.gitDir, 'index')).catch(() => Buffer.alloc(0));
  const entries = parseGitIndex(index, repository.objectFormat);
  return entries && [...entries.map(({ path }) => path), ...standing.untracked];
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
