// npm run demo: installs, builds and runs the whole loop on a throw-away repository with a recorded model.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { environment, root, setup } from './toolchain.mjs';

const node = setup();
for (const args of [['scripts/build.mjs'], [join('dist', 'nex.js'), 'demo', ...process.argv.slice(2)]]) {
  const done = spawnSync(node, args, { cwd: root, env: environment(node), stdio: 'inherit' });
  if (done.status !== 0) process.exit(done.status ?? 1);
}
