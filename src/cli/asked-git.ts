import type { GitOutput } from '../platform/git-plumbing.ts';

/** What a task, or a command that looks at the code, asks git first, for the folder it was asked in. */
export interface AskedGit {
  cwd: string;
  place: Promise<GitOutput>;
  standing: Promise<GitOutput>;
}

/** The answers, where they were asked for in this folder. */
export function askedIn({ cwd, asked }: { cwd: string; asked?: AskedGit | undefined }): Partial<AskedGit> {
  return asked?.cwd === cwd ? asked : {};
}
