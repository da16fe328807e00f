import { describe, expect, it } from 'vitest';
import { memoryKeyring, runProgram } from '../../support/cli-context.ts';
import { startModelServer } from '../../support/model-server/server.ts';
import { tempProject } from '../../support/temp-project.ts';

const KEY = 'sk-test-0123456789-wxyz';

describe('nex auth', () => {
  it('keeps a key that the server knows, shows its end only, and forgets it', async () => {
    using home = tempProject();
    await using server = await startModelServer({ script: [], keys: [KEY] });
    const ring = memoryKeyring();
    const at = { cwd: home.root, home: home.root, keyring: ring, env: { ANTHROPIC_BASE_URL: server.url } };

    const login = await runProgram(['auth'], { ...at, stdin: `${KEY}\n` });
    const host = `127.0.0.1:${server.port}`;
    expect(login).toMatchObject({ status: 0, all: `The key …wxyz for ${host} is in the test keyring.\n` });
    expect([...ring.kept]).toEqual([[host, KEY]]);
    expect(server.otherCalls).toEqual(['GET /v1/models']);

    const status = await runProgram(['auth', 'status', '--json'], at);
    expect(JSON.parse(status.stdout)).toEqual({
      server: host,
      source: 'test keyring',
      key: '…wxyz',
      keyring: 'test keyring',
      in_keyring: '…wxyz',
    });
    expect(login.all + status.all).not.toContain('0123456789');

    expect(await runProgram(['auth', 'logout'], at)).toMatchObject({ status: 0 });
    expect(ring.kept.size).toBe(0);
    expect(await runProgram(['auth', 'status'], at)).toMatchObject({ status: 2 });
  });

  it('keeps nothing that the server refuses', async () => {
    using home = tempProject();
    await using server = await startModelServer({ script: [], keys: ['another'] });
    const ring = memoryKeyring();
    const env = { ANTHROPIC_BASE_URL: server.url };
    const run = await runProgram(['auth'], { cwd: home.root, home: home.root, keyring: ring, env, stdin: KEY });
    expect(run.status).not.toBe(0);
    expect(run.error?.message).toMatch(/key/i);
    expect(run.error?.message).not.toContain(KEY);
    expect(ring.kept.size).toBe(0);
  });

  it('keeps a key that could not be checked, and says so', async () => {
    using home = tempProject();
    const ring = memoryKeyring();
    const env = { ANTHROPIC_BASE_URL: 'http://127.0.0.1:9' };
    const run = await runProgram(['auth'], { cwd: home.root, home: home.root, keyring: ring, env, stdin: KEY });
    expect(run.status).toBe(0);
    expect(run.all).toMatch(/could not be checked: The connection to 127\.0\.0\.1:9 failed/);
    expect(ring.kept.size).toBe(1);
  });

  it('says which of two keys is used', async () => {
    using home = tempProject();
    const keyring = memoryKeyring({ 'api.anthropic.com': KEY });
    const env = { ANTHROPIC_API_KEY: 'sk-other-0123456789-abcd' };
    const run = await runProgram(['auth', 'status'], { cwd: home.root, home: home.root, keyring, env });
    expect(run.stdout).toBe(
      'api.anthropic.com: the key …abcd from ANTHROPIC_API_KEY\nalso kept: …wxyz in the test keyring, used when ANTHROPIC_API_KEY is not set\n',
    );
  });

  it('explains the other way on a machine without a keyring, and writes no file', async () => {
    using home = tempProject();
    const run = await runProgram(['auth'], { cwd: home.root, home: home.root, stdin: KEY });
    expect(run).toMatchObject({
      status: 2,
      error: {
        message: 'This system has no keyring that nex can use (this machine has none).',
        hint: expect.stringMatching(/never writes a key into a file.*ANTHROPIC_API_KEY/),
      },
    });
  });
});
