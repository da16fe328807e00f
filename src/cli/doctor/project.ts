import { accessSync, constants, cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockOwner } from '../../history/lock.ts';
import { ensurePrivateFolder } from '../../memory/init-project.ts';
import { systemClock } from '../../platform/clock.ts';
import { runGit } from '../../platform/git-plumbing.ts';
import { isInside } from '../../platform/shipped-files.ts';
import { listSessions, readSession } from '../../session/resume.ts';
import { findAssets } from '../assets.ts';
import { openProjectIndex } from '../code-context.ts';
import type { Project } from '../project.ts';
import { openPatterns } from '../project-memory.ts';
import { type Check, fail, looked, pass, warn } from './check.ts';

type Place = Pick<Project, 'root' | 'nexDir' | 'repository'>;

/** Journals that are read through; the newest. */
const JOURNALS = 20;
/** A temporary file this old was left behind by a run that was killed; milliseconds. */
const LEFT_BEHIND_MS = 3_600_000;

/** What nex keeps for this project, and whether it can be used. */
export function checkProject(place: Place): Promise<Check[]> {
  return Promise.all([
    looked('repository', () => checkRepository(place)),
    looked('identity', () => checkIdentity(place)),
    looked('.nex', () => checkFolder(place)),
    looked('index', () => checkIndex(place)),
    looked('errors.db', () => checkErrors(place)),
    looked('sessions', () => checkSessions(place)),
    looked('leftovers', () => checkLeftovers(place)),
  ]);
}

async function checkRepository({ root, repository }: Place): Promise<Check> {
  if (!repository)
    return warn('repository', `${root} is in no git repository; only questions and dry runs work`, 'git init');
  const lock = await lockOwner(repository);
  if (lock && !lock.alive)
    return pass('repository', `${root}; a killed run left its lock, the next task takes it over`);
  return pass('repository', lock ? `${root}; a task is running in it` : root);
}

/** Without a name git refuses to commit, which would be learned at the end of the first task. */
async function checkIdentity({ root, repository }: Place): Promise<Check> {
  const found = await runGit(['var', 'GIT_COMMITTER_IDENT'], { cwd: repository?.root ?? root });
  if (found.status === 0) return pass('identity', found.stdout.toString('utf8').replace(/>.*/s, '>'));
  return warn(
    'identity',
    'git does not know who you are, so nothing could be committed',
    'git config --global user.name "Your Name" && git config --global user.email "you@example.com"',
  );
}

function checkFolder({ root, nexDir }: Place): Check {
  const there = existsSync(nexDir);
  if (there && !statSync(nexDir).isDirectory())
    return fail('.nex', `${nexDir} is not a folder`, 'Move it away; nex keeps its files there.');
  try {
    accessSync(there ? nexDir : root, constants.W_OK);
  } catch {
    return fail(
      '.nex',
      `${there ? nexDir : root} cannot be written`,
      `Make it yours: chmod u+w ${there ? nexDir : root}`,
    );
  }
  if (!there) return pass('.nex', 'made at the first task');
  if (existsSync(join(nexDir, '.gitignore'))) return pass('.nex', nexDir);
  return warn(
    '.nex',
    'its .gitignore is missing: git sees what belongs to this machine',
    'nex doctor --repair',
    async () => {
      await ensurePrivateFolder(nexDir);
      return '.nex/.gitignore is back';
    },
  );
}

async function checkIndex(place: Place): Promise<Check> {
  const { grammarsDir } = findAssets();
  if (!isInside(grammarsDir) && !existsSync(grammarsDir))
    return fail('index', 'the grammars are missing from this installation', 'Install nex again.');
  const index = await openProjectIndex(place);
  const summary = index.summary();
  // Only opening it shows whether what lies beside the summary can be read.
  const readable = summary !== undefined && index.paths() !== undefined;
  index.close();
  if (summary && readable) return pass('index', `${summary.files} files, ${summary.symbols} symbols`);
  if (!ownFiles(place.nexDir, /^index\./).length)
    return pass('index', 'not built yet; the first task that needs it builds it');
  return warn(
    'index',
    'it is damaged, or of another version; the next task builds it anew',
    'nex doctor --repair',
    async () => {
      for (const file of ownFiles(place.nexDir, /^index\./)) rmSync(file, { force: true });
      const fresh = await openProjectIndex(place);
      const report = await fresh.refresh({ full: true });
      fresh.close();
      return `the index was built anew: ${report.files} files`;
    },
  );
}

/** Looks at a copy: opening a damaged database would already mend it. */
async function checkErrors(place: Place): Promise<Check> {
  const files = ownFiles(place.nexDir, /^errors\.db(-wal|-shm)?$/);
  if (!existsSync(join(place.nexDir, 'errors.db'))) return pass('errors.db', 'none yet');
  const copy = mkdtempSync(join(tmpdir(), 'nex-doctor-'));
  const said: string[] = [];
  try {
    for (const file of files) cpSync(file, join(copy, file.slice(place.nexDir.length + 1)));
    const store = await openPatterns({ ...place, nexDir: copy }, systemClock, (text) => void said.push(text));
    const wrong = [...(store?.check() ?? []), ...said];
    const count = store?.count() ?? 0;
    store?.dispose();
    if (wrong.length === 0) return pass('errors.db', `${count} lessons, sound`);
    return warn('errors.db', wrong.join('; ').replaceAll(copy, '.nex'), 'nex doctor --repair', async () => {
      const real = await openPatterns(place, systemClock, (text) => void said.push(text));
      const left = real?.count() ?? 0;
      real?.dispose();
      return `the damaged errors.db was set aside as errors.db.corrupt; ${left} lessons are in the one in use`;
    });
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

async function checkSessions({ nexDir }: Place): Promise<Check> {
  const dir = join(nexDir, 'sessions');
  const sessions = await listSessions(dir);
  const notices: string[] = [];
  for (const { id } of sessions.slice(0, JOURNALS)) notices.push(...(await readSession(dir, id)).notices);
  if (notices.length === 0) return pass('sessions', sessions.length === 0 ? 'none yet' : `${sessions.length} journals`);
  return warn('sessions', notices.join(' '), 'Nothing: those lines are left out, the rest is used.');
}

function checkLeftovers({ nexDir }: Place): Check {
  const old = ownFiles(nexDir, /^\.nex-[0-9a-f]{16}\.tmp$/).filter(
    (file) => systemClock.now().getTime() - statSync(file).mtimeMs > LEFT_BEHIND_MS,
  );
  if (old.length === 0) return pass('leftovers', 'none');
  return warn('leftovers', `${old.length} temporary files of killed runs`, 'nex doctor --repair', async () => {
    for (const file of old) rmSync(file, { force: true });
    return `${old.length} temporary files removed`;
  });
}

function ownFiles(nexDir: string, name: RegExp): string[] {
  if (!existsSync(nexDir) || !statSync(nexDir).isDirectory()) return [];
  return readdirSync(nexDir)
    .filter((file) => name.test(file))
    .map((file) => join(nexDir, file));
}
