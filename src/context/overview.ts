import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AssembledContext, AssembleOptions } from './assemble.ts';
import { estimateTokens } from './tokens.ts';

/** A project this small is listed whole. */
const LISTED_WHOLE = 40;

/**
 * The shape of the project in a few lines: all paths when there are few, else its folders with their file counts.
 * Names that keep secrets are left out.
 */
export function projectOverview(
  paths: readonly string[],
  budget: number,
  isSecret: (path: string) => boolean = () => false,
): string {
  if (paths.length === 0) return '';
  const lines =
    paths.length <= LISTED_WHOLE
      ? [`Source files of the project (${paths.length}):`, ...paths.filter((path) => !isSecret(path))]
      : [`Source files by folder (${paths.length} in all):`, ...folders(paths, isSecret)];
  while (lines.length > 1 && estimateTokens(lines.join('\n')) > budget) lines.pop();
  return lines.length > 1 ? lines.join('\n') : '';
}

const MOST_FOLDERS = 30;

/** The largest folders two levels deep, sorted by name. */
function folders(paths: readonly string[], isSecret: (path: string) => boolean): string[] {
  const counts = new Map<string, number>();
  for (const path of paths) {
    const folder = folderOf(path);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts]
    .filter(([folder]) => !isSecret(folder))
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, MOST_FOLDERS)
    .sort((a, b) => (a[0] < b[0] ? -1 : 1))
    .map(([folder, count]) => `${folder === '' ? '.' : folder}/ ${count}`);
}

/** The first two folders of a path; without taking it apart, since this is asked of every file. */
function folderOf(path: string): string {
  const first = path.indexOf('/');
  if (first < 0) return '';
  const second = path.indexOf('/', first + 1);
  return path.slice(0, second < 0 ? first : second);
}

const MOST_ENTRIES = 200;
const DEPTH = 3;
const README_LINES = 60;
const LEFT_OUT = new Set(['node_modules', '__pycache__', 'target', 'dist', 'build', 'vendor']);

/** What is shown while there is no index: the file tree and the head of the README. */
export function withoutIndex({
  root,
  budget,
  isSecret,
  redact = (text) => text,
  tokenFactor,
}: AssembleOptions): AssembledContext {
  const entries: string[] = [];
  list(root, '', 0, entries, isSecret);
  const readme = readmeOf(root);
  const parts = [
    ...(entries.length === 0 ? [] : [`File tree:\n${entries.join('\n')}`]),
    ...(readme === '' ? [] : [`README:\n${redact(readme)}`]),
  ];
  const lines = parts.join('\n\n').split('\n');
  while (lines.length > 1 && estimateTokens(lines.join('\n'), 'prose', tokenFactor) > budget)
    lines.length = Math.floor(lines.length * 0.8);
  const text = lines.join('\n');
  return { text, files: [], tokens: text === '' ? 0 : estimateTokens(text, 'prose', tokenFactor), fallback: true };
}

function list(
  root: string,
  folder: string,
  depth: number,
  entries: string[],
  isSecret: AssembleOptions['isSecret'],
): void {
  const found = children(join(root, folder)).sort(
    (a, b) => Number(b.isDirectory()) - Number(a.isDirectory()) || (a.name < b.name ? -1 : 1),
  );
  for (const entry of found) {
    if (entries.length >= MOST_ENTRIES) return;
    if (entry.name.startsWith('.') || LEFT_OUT.has(entry.name) || isSecret?.(`${folder}${entry.name}`)) continue;
    entries.push(`${'  '.repeat(depth)}${entry.name}${entry.isDirectory() ? '/' : ''}`);
    if (entry.isDirectory() && depth + 1 < DEPTH) list(root, `${folder}${entry.name}/`, depth + 1, entries, isSecret);
  }
}

function children(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function readmeOf(root: string): string {
  const name = children(root).find((entry) => entry.isFile() && /^readme(?:\.\w+)?$/i.test(entry.name))?.name;
  if (name === undefined) return '';
  try {
    return readFileSync(join(root, name), 'utf8').split('\n').slice(0, README_LINES).join('\n').slice(0, 6000).trim();
  } catch {
    return '';
  }
}
