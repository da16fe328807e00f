import { access, constants, lstat, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, NexError } from '../errors.ts';
import type { BootstrapSource } from './bootstrap.ts';
import { DECISIONS_HEAD } from './decisions.ts';
import { withGenerated } from './memory-edits.ts';
import { asBytes, changeOwnFile, readOwnFile, refuseStrayLink } from './own-file.ts';

export interface InitResult {
  /** Files of `.nex/` that were written for the first time, as `.nex/memory.md`. */
  created: string[];
  /** Files that were there and stayed as they are. */
  kept: string[];
  /** Generated sections of memory.md that `--force` wrote again. */
  refreshed: string[];
  /** Generated sections that `--force` looked for and did not find between marks. */
  missing: string[];
}

/** What of `.nex/` is this machine's own and stays out of git. */
const IGNORED = ['errors.db*', 'index.*', 'sessions/', 'previews/', 'lock', '*.lock', '*.tmp'];
/** Git sees nothing of a folder with this `.gitignore`. */
const PRIVATE = '*\n';
/** Two branches that both add entries are merged by keeping both. */
const MERGED = ['memory.md merge=union', 'decisions.md merge=union'];

/**
 * Creates `.nex/` with all its files, or those that are missing. Nothing that is there is overwritten: ignore and
 * merge rules are added when they lack, and `force` refreshes what stands between marks in memory.md.
 */
export async function initProject(options: BootstrapSource & { nexDir: string; force?: boolean }): Promise<InitResult> {
  const { nexDir, force = false } = options;
  // Every task imports this file; only `nex init` looks the repository over.
  const { bootstrapMemory, generatedContents } = await import('./bootstrap.ts');
  await makeFolder(nexDir);
  const result: InitResult = { created: [], kept: [], refreshed: [], missing: [] };
  const contents: ReadonlyArray<[string, () => string]> = [
    ['memory.md', () => bootstrapMemory(options)],
    ['decisions.md', () => DECISIONS_HEAD],
    ['config.toml', () => CONFIG],
  ];
  for (const [name, content] of contents) {
    const path = join(nexDir, name);
    if ((await readOwnFile(path)) === undefined) {
      await changeOwnFile(path, (text) => (text === '' ? asBytes(content()) : text));
      result.created.push(`.nex/${name}`);
    } else result.kept.push(`.nex/${name}`);
  }
  if (force && result.kept.includes('.nex/memory.md')) {
    const made = new Map([...generatedContents(options)].map(([name, content]) => [name, asBytes(content)]));
    await changeOwnFile(join(nexDir, 'memory.md'), (text) => {
      const { text: after, refreshed, missing } = withGenerated(text, made);
      Object.assign(result, { refreshed, missing });
      return after;
    });
  }
  for (const [name, lines] of [
    ['.gitignore', IGNORED],
    ['.gitattributes', MERGED],
  ] as const) {
    const before = await readOwnFile(join(nexDir, name));
    await changeOwnFile(join(nexDir, name), (text) => withLines(text, lines));
    (before === undefined ? result.created : result.kept).push(`.nex/${name}`);
  }
  return result;
}

/**
 * Makes a `.nex/` that git does not see, for commands that run before `nex init`. In a folder that `init` (or Nex AI)
 * made, only ignore rules are added, where they lack; answers what to tell the user then. Fails where nothing can be
 * written into it.
 */
export async function ensurePrivateFolder(nexDir: string): Promise<{ notice?: string }> {
  await makeFolder(nexDir);
  await access(nexDir, constants.W_OK);
  const path = join(nexDir, '.gitignore');
  const before = (await readOwnFile(path))?.toString('latin1');
  const shared = (await readOwnFile(join(nexDir, 'memory.md'))) !== undefined;
  if (before === undefined && !shared) {
    // The first task of a project does not wait for the disk: what a power cut leaves of it is mended by the next one.
    await writeFile(path, PRIVATE, { flag: 'wx' }).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
    return {};
  }
  if (!before) {
    // Initialised, but the rules did not come along: they ignore themselves, so that git still sees nothing new.
    await changeOwnFile(path, (text) => (shared ? withLines(text, [...IGNORED, '.gitignore']) : text || PRIVATE));
    return {};
  }
  const after = before.trim() === '*' ? before : withLines(before, IGNORED);
  if (after === before) return {};
  await changeOwnFile(path, (text) => withLines(text, IGNORED));
  return { notice: '.nex/.gitignore got rules for files that belong to this machine only.' };
}

async function makeFolder(nexDir: string): Promise<void> {
  const info = await lstat(nexDir).catch(() => undefined);
  if (info !== undefined && !info.isDirectory() && !info.isSymbolicLink()) {
    throw new NexError('repository', `${nexDir} is not a folder.`, {
      hint: 'Move it away; nex keeps its files there.',
    });
  }
  await refuseStrayLink(join(nexDir, 'memory.md'));
  await mkdir(nexDir, { recursive: true });
}

/** The rules a file lacks, put at its end. A lone `*`, the mark of a private folder, gives way to them. */
function withLines(text: string, lines: readonly string[]): string {
  const base = text.trim() === '*' ? '' : text;
  const there = new Set(base.split(/\r?\n/).map((line) => line.trim()));
  const missing = lines.filter((line) => !there.has(line) && !there.has(line.replace(/\/$/, '')));
  if (missing.length === 0) return base;
  return `${base}${base === '' || base.endsWith('\n') ? '' : '\n'}${missing.join('\n')}\n`;
}

/** Every line is a comment: what a project sets, it sets for everybody who clones it. */
const CONFIG = `# Settings of this project, for everybody who works on it. Your own are in the global file: nex config path --global
# A project can only make nex stricter or cheaper; \`nex config list\` shows what is in force and why.

# test_command = "npm test"        # shown, and approved by you, before its first run
# test_timeout = 600               # seconds
# lint_command = "npm run lint"
# format = "npx prettier --write"  # the files nex wrote are appended
# max_iterations = 25              # tool calls a task
# max_cost = 1.0                   # US dollars a task
# effort = "medium"                # low, medium
# context_budget = 24000           # tokens of code sent with a task, up to 150000
# plan = "auto"                    # never, auto
# dry_run = true                   # show what would happen, change nothing
# guarded = ["migrations/"]        # paths whose change is asked about
# always_include = ["docs/api.md"] # paths that are always sent

# [safety]
# ask = ["terraform apply"]
# deny = ["kubectl delete"]
`;
