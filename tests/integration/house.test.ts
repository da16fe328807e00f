import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { version } from '../../src/version.ts';

const root = resolve(import.meta.dirname, '..', '..');
const src = join(root, 'src');

/** Shelves from top to bottom; a file may import values from its own room and from lower shelves only. */
const SHELVES: readonly string[][] = [
  ['main', 'binary', 'package'],
  ['launch', 'cli'],
  ['ui', 'agent', 'config'],
  ['checks', 'context', 'indexer', 'memory', 'session', 'history', 'safety', 'tools'],
  ['model'],
  ['platform'],
  ['errors', 'version'],
];

/** config.ts is a room whose files lie beside it. */
const PARTS_OF_CONFIG = ['config-file', 'credential', 'settings-table'];

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.split(sep).join('/'));

function importsOf(file: string): Import[] {
  const text = readFileSync(join(src, file), 'utf8');
  const pattern =
    /^(?:import|export)\s+(type\s+)?([^'"]*?)from\s+['"](\.[^'"]+)['"]|import\(\s*['"](\.[^'"]+)['"]\s*\)/gm;
  return [...text.matchAll(pattern)].map((match) => {
    const [, type, names = '', path, lazy] = match;
    const specifiers =
      /\{([^}]*)\}/
        .exec(names)?.[1]
        ?.split(',')
        .map((name) => name.trim())
        .filter(Boolean) ?? [];
    const typeOnly =
      type !== undefined || (specifiers.length > 0 && specifiers.every((name) => name.startsWith('type ')));
    const to = relative(src, resolve(src, dirname(file), path ?? lazy ?? ''))
      .split(sep)
      .join('/');
    return { from: file, to, typeOnly };
  });
}

const imports = files.flatMap(importsOf);
const roomOf = (file: string) => {
  const room = file.includes('/') ? (file.split('/')[0] ?? '') : file.replace(/\.ts$/, '');
  return PARTS_OF_CONFIG.includes(room) ? 'config' : room;
};
const shelfOf = (file: string) => SHELVES.findIndex((rooms) => rooms.includes(roomOf(file)));

describe('the house', () => {
  it('has a shelf for every room', () => {
    expect(files.filter((file) => shelfOf(file) === -1)).toEqual([]);
  });

  it('imports down, never up; neighbours on one shelf take types only', () => {
    const wrong = imports.filter(({ from, to, typeOnly }) => {
      const [above, below] = [shelfOf(from), shelfOf(to)];
      if (roomOf(from) === roomOf(to) || above < below) return false;
      return !(typeOnly && above === below);
    });
    expect(wrong.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  it('has no circle', () => {
    const graph = new Map(
      files.map((file) => [
        file,
        imports.filter(({ from, typeOnly }) => from === file && !typeOnly).map(({ to }) => to),
      ]),
    );
    const circles: string[] = [];
    const done = new Set<string>();
    const walk = (file: string, path: readonly string[]) => {
      if (path.includes(file)) return void circles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
      if (done.has(file)) return;
      for (const next of graph.get(file) ?? []) walk(next, [...path, file]);
      done.add(file);
    };
    for (const file of files) walk(file, []);
    expect(circles).toEqual([]);
  });

  it('imports only files that are there', () => {
    expect(imports.filter(({ to }) => !files.includes(to)).map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  it('keeps files short: half of them at most 120 lines, none over 300 without a reason in its head', () => {
    const lengths = files.map((file) => ({ file, lines: readFileSync(join(src, file), 'utf8').split('\n') }));
    const sorted = lengths.map(({ lines }) => lines.length).toSorted((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(120);
    const long = lengths.filter(({ lines }) => lines.length > 301 && !/^(\/\/|\/\*)/.test(lines[0] ?? ''));
    expect(long.map(({ file, lines }) => `${file}: ${lines.length}`)).toEqual([]);
  });

  it('reads the environment in config.ts, the entries and the command line only', () => {
    const readers = files.filter((file) => /\bprocess\.env\b/.test(readFileSync(join(src, file), 'utf8')));
    expect(
      readers.filter((file) => !['config.ts', 'main.ts', 'binary.ts', 'package.ts', 'cli/program.ts'].includes(file)),
    ).toEqual([]);
  });

  it('is named in the map: src/README.md speaks of every room', () => {
    const map = readFileSync(join(src, 'README.md'), 'utf8');
    const rooms = [...new Set(files.filter((file) => file.includes('/')).map(roomOf))];
    expect(rooms.filter((room) => !map.includes(`${room}/`))).toEqual([]);
  });

  it('says the same version in package.json and in the program', () => {
    const { version: published } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(version).toBe(published);
  });
});
