import { readdir } from 'node:fs/promises';
import { git } from '../platform/git-plumbing.ts';
import type { Project } from './project.ts';

/** Most files that are listed outside a repository. */
const MOST = 20_000;
const LEFT_OUT = new Set(['.git', '.nex', 'node_modules', '.venv', 'target', 'dist', 'build']);

/** Paths of the project's files: what git tracks or would track; outside a repository, what lies there. */
export async function listFiles(project: Project): Promise<string[]> {
  if (project.repository) {
    const output = await git(['ls-files', '-coz', '--exclude-standard'], { cwd: project.root });
    return output
      .toString('utf8')
      .split('\0')
      .filter((path) => path !== '' && !path.startsWith('.nex/'));
  }
  const files: string[] = [];
  const walk = async (folder: string): Promise<void> => {
    const entries = await readdir(`${project.root}/${folder}`, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (files.length >= MOST || LEFT_OUT.has(entry.name)) continue;
      if (entry.isDirectory()) await walk(path);
      else if (entry.isFile()) files.push(path);
    }
  };
  await walk('');
  return files.sort();
}
