import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { isNewer } from '../../../src/cli/commands/update.ts';
import { runProgram } from '../../support/cli-context.ts';
import { tempProject } from '../../support/temp-project.ts';

/** A registry on loopback that knows one version of nex, or nothing. */
async function registry(latest: string | undefined): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer((_, response) => {
    response.writeHead(latest === undefined ? 404 : 200, { 'content-type': 'application/json' });
    const versions = { [latest ?? '']: { name: 'nexcoder', version: latest } };
    response.end(JSON.stringify({ name: 'nexcoder', 'dist-tags': { latest }, versions }));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`,
    [Symbol.asyncDispose]: () => new Promise((done) => server.close(() => done())),
  };
}

async function check(url: string, env: Record<string, string | undefined> = {}) {
  using home = tempProject();
  return await runProgram(['update', '--check', '--json'], {
    cwd: home.root,
    home: home.root,
    env: { PATH: process.env['PATH'], HOME: home.root, npm_config_registry: url, ...env },
  });
}

describe('nex update --check', () => {
  it('asks the registry that npm is set to', async () => {
    await using newer = await registry('99.1.0');
    expect(JSON.parse((await check(newer.url)).stdout)).toMatchObject({ latest: '99.1.0', newer: true });
    await using same = await registry('0.0.1');
    expect(JSON.parse((await check(same.url)).stdout)).toMatchObject({ latest: '0.0.1', newer: false });
    await using unknown = await registry(undefined);
    expect(JSON.parse((await check(unknown.url)).stdout)).toMatchObject({ latest: null, newer: false });
  });

  it('says so when nobody can be asked', async () => {
    const offline = await check('http://127.0.0.1:9/');
    expect(offline).toMatchObject({ status: 75, error: { message: expect.stringMatching(/could not be asked/) } });
    const without = await check('http://127.0.0.1:9/', { PATH: '/nowhere' });
    expect(without).toMatchObject({ status: 75, error: { message: expect.stringMatching(/npm was not found/) } });
  });
});

it.each([
  ['1.0.0', '0.9.9', true],
  ['0.10.0', '0.9.0', true],
  ['1.0.0', '1.0.0-rc.1', true],
  ['1.0.0-rc.2', '1.0.0-rc.10', false],
  ['1.0.0-rc.1', '1.0.0', false],
  ['1.0.0', '1.0.0', false],
])('%s is newer than %s: %s', (one, other, newer) => {
  expect(isNewer(one, other)).toBe(newer);
});
