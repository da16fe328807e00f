import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Folders of this user: XDG, or what the platform uses instead. */
export interface UserFolders {
  home: string;
  config: string;
  state: string;
  cache: string;
}

/** Where nex keeps what belongs to the user. Relative XDG values are ignored, as that standard demands. */
export function userFolders(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): UserFolders {
  const home = env['HOME'] || env['USERPROFILE'] || homedir() || accountHome();
  const xdg = (name: string, fallback: string) => {
    const value = env[name];
    return join(value?.startsWith('/') ? value : fallback, 'nex');
  };
  if (platform === 'win32') {
    const roaming = env['APPDATA'] ?? join(home, 'AppData', 'Roaming');
    const local = env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local');
    return {
      home,
      config: join(roaming, 'nex'),
      state: join(local, 'nex', 'state'),
      cache: join(local, 'nex', 'cache'),
    };
  }
  return {
    home,
    config: xdg('XDG_CONFIG_HOME', join(home, '.config')),
    state: xdg('XDG_STATE_HOME', join(home, '.local', 'state')),
    cache: xdg('XDG_CACHE_HOME', platform === 'darwin' ? join(home, 'Library', 'Caches') : join(home, '.cache')),
  };
}

/** An empty HOME must not make the current folder the home: the account knows another one, or there is none. */
function accountHome(): string {
  try {
    return userInfo().homedir;
  } catch {
    return '/nonexistent';
  }
}
