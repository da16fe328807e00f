import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createJsonWriter, jsonLines, type Shard, updateJson } from '../../../src/indexer/index-json.ts';
import { tempProject } from '../../support/temp-project.ts';

const DATE = '2026-01-01T00:00:00.000Z';
const lineOf = (path: string, size: number) =>
  jsonLines({ path, language: 'go', size, hash: 'a'.repeat(12), imports: ['x'.repeat(size)] }, []);
const readFiles = (path: string): Array<{ path: string }> => JSON.parse(readFileSync(path, 'utf8')).files;

it('is cut into shards by range of paths above 4 MB, and stays so when files change', () => {
  using project = tempProject();
  const paths = Array.from({ length: 300 }, (_, at) => `f${String(at).padStart(3, '0')}.go`);
  const writer = createJsonWriter(project.root, DATE);
  for (const path of paths) writer.add([lineOf(path, 50_000)]);
  const shards = writer.finish();
  const top: { files: unknown[]; symbols: unknown[]; shards: string[]; last_updated: string } = JSON.parse(
    readFileSync(project.path('index.json'), 'utf8'),
  );
  expect(top).toMatchObject({ files: [], symbols: [], last_updated: DATE, shards: shards.map(({ name }) => name) });
  expect(shards.length).toBeGreaterThan(10);
  for (const { name } of shards) expect(statSync(project.path(name)).size).toBeLessThan(2 << 20);
  const all = () => shards.flatMap(({ name }) => readFiles(project.path(name)).map(({ path }) => path));
  expect(all()).toEqual(paths);

  updateJson(project.root, DATE, shards, {
    put: [lineOf('f100a.go', 5), lineOf('a.go', 5)],
    drop: ['f000.go', 'f299.go'],
  });
  expect(all()).toEqual([...paths.slice(1, -1), 'a.go', 'f100a.go'].sort());
});

it('cuts what grows too large, from one file to shards and from one shard to several', () => {
  using project = tempProject();
  const writer = createJsonWriter(project.root, DATE);
  writer.add([lineOf('m.go', 5)]);
  let shards: readonly Shard[] = writer.finish();
  const put = (prefix: string) => {
    const lines = Array.from({ length: 100 }, (_, at) => lineOf(`${prefix}${String(at).padStart(3, '0')}.go`, 50_000));
    shards = updateJson(project.root, DATE, shards, { put: lines, drop: [] });
    return lines.map(({ path }) => path);
  };
  const paths = ['m.go', ...put('p')];
  expect(shards.length).toBeGreaterThan(10);
  paths.push(...put('z'), ...put('a'));
  const all = () => shards.flatMap(({ name }) => readFiles(project.path(name)).map(({ path }) => path));
  expect(all()).toEqual(paths.sort());
  for (const { name, bytes } of shards) expect(statSync(project.path(name)).size).toBe(bytes);
  expect(Math.max(...shards.map(({ bytes }) => bytes))).toBeLessThan(600_000);
  expect(shards.map(({ from }) => from).slice(1)).toEqual(
    shards.slice(1).map(({ name }) => readFiles(project.path(name))[0]?.path),
  );
  expect(JSON.parse(readFileSync(project.path('index.json'), 'utf8')).shards).toEqual(shards.map(({ name }) => name));

  // A smaller index that is made anew leaves none of them behind.
  const again = createJsonWriter(project.root, DATE);
  for (const path of paths.slice(0, 100)) again.add([lineOf(path, 50_000)]);
  expect(again.finish().map(({ name }) => name)).toEqual(
    readdirSync(project.path('index.d')).map((name) => `index.d/${name}`),
  );
});

it('goes back to one file when little is left', () => {
  using project = tempProject({ 'index.d/0001.json': '{}' });
  const writer = createJsonWriter(project.root, DATE);
  writer.add([lineOf('a.go', 5)]);
  expect(writer.finish()).toEqual([]);
  expect(existsSync(project.path('index.d'))).toBe(false);
  expect(readFiles(project.path('index.json'))).toHaveLength(1);
});
