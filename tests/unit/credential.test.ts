import { describe, expect, it } from 'vitest';
import { accountOf, findCredential, shownKey } from '../../src/credential.ts';
import { memoryKeyring } from '../support/cli-context.ts';

const NONE = () => Promise.resolve({ reason: 'none here' });

describe('findCredential', () => {
  it('takes the key before the token, the environment before the keyring', async () => {
    const kept = () => Promise.resolve(memoryKeyring({ 'api.anthropic.com': 'kept' }));
    expect(await findCredential({ ANTHROPIC_API_KEY: 'k\n', ANTHROPIC_AUTH_TOKEN: 't' }, undefined, kept)).toEqual({
      kind: 'apiKey',
      value: 'k',
      source: 'ANTHROPIC_API_KEY',
    });
    expect(await findCredential({ ANTHROPIC_AUTH_TOKEN: 't' }, undefined, kept)).toMatchObject({ kind: 'authToken' });
    expect(await findCredential({}, undefined, kept)).toMatchObject({ value: 'kept', source: 'test keyring' });
  });

  it('does not open the keyring when the environment has a key', async () => {
    const opened = () => Promise.reject(new Error('opened'));
    expect(await findCredential({ ANTHROPIC_API_KEY: 'k' }, undefined, opened)).toMatchObject({ value: 'k' });
  });

  it('gives a server no key that was kept for another one', async () => {
    const kept = () => Promise.resolve(memoryKeyring({ 'api.anthropic.com': 'kept' }));
    await expect(findCredential({}, 'https://api.example.com', kept)).rejects.toThrow('No API key found.');
    expect(await findCredential({}, 'http://127.0.0.1:11434', kept)).toMatchObject({ value: 'not-needed' });
  });

  it('goes on without a keyring that is locked', async () => {
    const locked = () =>
      Promise.resolve({
        keyring: {
          name: 'locked',
          read: () => {
            throw new Error('locked');
          },
          write: () => {},
          remove: () => false,
        },
      });
    await expect(findCredential({}, undefined, locked)).rejects.toMatchObject({ kind: 'config' });
  });

  it('says what to do when there is none', async () => {
    await expect(findCredential({}, 'http://127.0.0.1.evil.example', NONE)).rejects.toMatchObject({
      message: 'No API key found.',
      hint: expect.stringMatching(/ANTHROPIC_API_KEY.*nex auth/),
    });
  });
});

it('names accounts by server, and shows the end of a long key only', () => {
  expect([accountOf(undefined), accountOf('http://localhost:11434/v1')]).toEqual([
    'api.anthropic.com',
    'localhost:11434',
  ]);
  expect([shownKey('sk-ant-api03-abcd1234'), shownKey('short')]).toEqual(['…1234', '…']);
});
