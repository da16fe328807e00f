import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

// Tests must not see or touch the home folder, its git settings or its keys, nor this machine's proxies.
const home = mkdtempSync(join(tmpdir(), 'nex-home-'));
for (const name of Object.keys(process.env)) {
  if (/^(NEX_|ANTHROPIC_|GIT_|XDG_|HTTPS?_PROXY$|https?_proxy$)/.test(name)) delete process.env[name];
}
Object.assign(process.env, {
  HOME: home,
  USERPROFILE: home,
  XDG_CONFIG_HOME: join(home, '.config'),
  XDG_STATE_HOME: join(home, '.local', 'state'),
  XDG_CACHE_HOME: join(home, '.cache'),
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  NO_COLOR: '1',
});

afterAll(() => rmSync(home, { recursive: true, force: true }));
