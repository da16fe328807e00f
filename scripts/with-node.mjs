// node scripts/with-node.mjs PROGRAM ARGS…: installs what is missing, then runs one of the project's programs under its Node.
import { spawn } from 'node:child_process';
import { environment, root, setup } from './toolchain.mjs';

const [program, ...args] = process.argv.slice(2);
const node = setup();
const child = spawn(program === 'node' ? node : program, args, {
  cwd: root,
  env: environment(node),
  stdio: 'inherit',
  shell: process.platform === 'win32' && program !== 'node',
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  console.error(`${program}: ${error.message}`);
  process.exit(1);
});
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
