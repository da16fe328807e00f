import { execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { type TempProject, tempProject } from './temp-project.ts';

/** A throw-away git repository whose first commit holds these files. */
export interface GitProject extends TempProject {
  /** Runs git in the repository and returns what it printed, without the last newline. */
  git(...args: string[]): string;
}

const SETTINGS = `[user]
\tname = Test Person
\temail = test@example.invalid
[commit]
\tgpgsign = false
`;

export function gitProject(
  files: Readonly<Record<string, string | Uint8Array>> = {},
  options: { commit?: boolean } = {},
): GitProject {
  const project = tempProject(files);
  const git = (...args: string[]) =>
    execFileSync('git', args, {
      cwd: project.root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 1 << 28,
    }).replace(/\n$/, '');
  git('init', '-q', '-b', 'main');
  appendFileSync(project.path('.git/config'), SETTINGS);
  if (options.commit !== false) {
    git('add', '-A');
    git('commit', '-q', '--allow-empty', '-m', 'first');
  }
  return { ...project, git };
}
