import { execFileSync } from 'node:child_process';
import { type TempProject, tempProject } from './temp-project.ts';

/** A throw-away git repository whose first commit holds these files. */
export interface GitProject extends TempProject {
  /** Runs git in the repository and returns what it printed, without the last newline. */
  git(...args: string[]): string;
}

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
  git('config', 'user.name', 'Test Person');
  git('config', 'user.email', 'test@example.invalid');
  git('config', 'commit.gpgsign', 'false');
  if (options.commit !== false) {
    git('add', '-A');
    git('commit', '-q', '--allow-empty', '-m', 'first');
  }
  return { ...project, git };
}
