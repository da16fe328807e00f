import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keyringName } from '../../../src/platform/keyring.ts';
import { userFolders } from '../../../src/platform/user-folders.ts';

// What this machine is not: the values of other systems are handed in.

describe('on Windows', () => {
  const env = {
    USERPROFILE: 'C:\\Users\\ada',
    APPDATA: 'C:\\Users\\ada\\AppData\\Roaming',
    LOCALAPPDATA: 'C:\\Users\\ada\\AppData\\Local',
    XDG_CONFIG_HOME: '/unix/only',
  };

  it('keeps settings in the roaming folder and state in the local one', () => {
    expect(userFolders(env, 'win32')).toEqual({
      home: env.USERPROFILE,
      config: join(env.APPDATA, 'nex'),
      state: join(env.LOCALAPPDATA, 'nex', 'state'),
      cache: join(env.LOCALAPPDATA, 'nex', 'cache'),
    });
  });

  it('calls the keyring by its name there', () => {
    expect(keyringName('win32')).toBe('Windows Credential Manager');
  });
});

describe('on macOS', () => {
  const env = { HOME: '/Users/ada' };

  it('caches where the system expects it, and keeps the rest where XDG says', () => {
    expect(userFolders(env, 'darwin')).toEqual({
      home: '/Users/ada',
      config: '/Users/ada/.config/nex',
      state: '/Users/ada/.local/state/nex',
      cache: '/Users/ada/Library/Caches/nex',
    });
  });

  it('calls the keyring by its name there', () => {
    expect(keyringName('darwin')).toBe('Keychain');
  });
});
