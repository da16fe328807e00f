import { describe, expect, it } from 'vitest';
import { uncoveredBy } from '../../../src/history/uncovered.ts';

const LARGE = { path: 'data/large one.bin', reason: 'larger than 50 MB' };
const DUMP = { path: 'data/dump.sql', reason: 'larger than 50 MB' };
const NESTED = { path: 'vendor/lib/', reason: 'a repository of its own' };
const all = [LARGE, DUMP, NESTED];
const touched = (command: string) => uncoveredBy({ command }, all, '/home/me/project')?.path;

describe('a command touches what no checkpoint holds', () => {
  it.each([
    ['rm data/dump.sql', DUMP.path],
    ['rm ./data/dump.sql', DUMP.path],
    ['cd vendor && cd lib && rm x', NESTED.path],
    ['mv data old', LARGE.path],
    ['rm data/*.sql', DUMP.path],
    ['rm da*/dump.???', DUMP.path],
    ['chmod 600 /home/me/project/data/dump.sql', DUMP.path],
    ['rm "data/large one.bin"', LARGE.path],
    ['rm data/large\\ one.bin', LARGE.path],
    ['echo x >data/dump.sql', DUMP.path],
    ['dd if=/dev/zero of=data/dump.sql', DUMP.path],
    ['git -C vendor/lib reset', NESTED.path],
    ['sed -i s/a/b/ vendor/lib/src/a.c', NESTED.path],
    ['tar xf x.tar -C vendor', NESTED.path],
  ])('%s', (command, path) => {
    expect(touched(command)).toBe(path);
  });

  it.each(['npm test', 'rm src/a.ts', 'make data.o', 'rm *.log', 'touch dump.sql.gz', 'rm vendor2/x', ''])(
    'and not when it speaks of other things: %s',
    (command) => {
      expect(touched(command)).toBeUndefined();
    },
  );

  it('as a file that is written does', () => {
    const writes = (path: string) => uncoveredBy({ path }, all, '/home/me/project')?.path;
    expect([writes('data/dump.sql'), writes('vendor/lib/new.c'), writes('src/new.c')]).toEqual([
      DUMP.path,
      NESTED.path,
      undefined,
    ]);
  });
});
