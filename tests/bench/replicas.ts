import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { languageOfPath } from '../../src/indexer/languages/all.ts';

/** Source files of a git repository. */
export function sourcesOf(root: string): string[] {
  const printed = execFileSync('git', ['-C', root, 'ls-files', '-coz', '--exclude-standard'], { maxBuffer: 1 << 30 });
  return printed
    .toString()
    .split('\0')
    .filter((path) => typeof languageOfPath(path) === 'object')
    .filter((path) => {
      const stats = lstatSync(join(root, path), { throwIfNoEntry: false });
      return stats?.isFile() === true && stats.size < 1 << 20;
    });
}

/**
 * A git repository of `count` source files, made of the sources of some projects over and over. Each copy has words
 * of its own, as a larger project would: every sixteenth long word is changed, another one in each copy.
 */
export function replicate(projects: readonly string[], count: number, into: string): string {
  const root = join(into, `replica-${count}`);
  if (existsSync(join(root, '.git'))) return root;
  mkdirSync(root, { recursive: true });
  const files = projects.flatMap((project, number) =>
    sourcesOf(project).map((path) => ({ from: join(project, path), to: join(`p${number}`, path) })),
  );
  // One project after the other would make a small replica of one language alone.
  const mixed = files.map((file, place) => ({ file, key: hash(`${place}`) })).sort((a, b) => a.key - b.key);
  for (let made = 0; made < count; made++) {
    const copy = Math.floor(made / mixed.length);
    const file = mixed[made % mixed.length]?.file;
    if (!file) break;
    const target = join(root, `copy${copy}`, file.to);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, copy === 0 ? readFileSync(file.from) : varied(readFileSync(file.from, 'latin1'), copy));
  }
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', root, '-c', 'user.name=b', '-c', 'user.email=b@b', '-c', 'gc.auto=0', ...args]);
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'replica');
  return root;
}

function varied(text: string, copy: number): Buffer {
  const words = text.replace(/[A-Za-z_]{8,}/g, (word) =>
    hash(`${word}${copy}`) % 16 === 0 ? `${word}K${copy}` : word,
  );
  return Buffer.from(words, 'latin1');
}

function hash(text: string): number {
  let value = 2166136261;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 16777619);
  return (value ^ (value >>> 15)) >>> 0;
}
