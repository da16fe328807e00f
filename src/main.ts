#!/usr/bin/env node
// The entry: argv in, exit status out. It loads nothing before it has looked at the Node that runs it, since the
// database's native part crashes an older one, and nothing at all to say its version.
import { version } from './version.ts';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const argv = process.argv.slice(2);

if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  process.stdout.write(`${version}\n`);
} else if (major < 22 || (major === 22 && minor < 12)) {
  const { runUnderPinnedNode } = await import('./platform/older-node.ts');
  process.exitCode = await runUnderPinnedNode(process.argv);
} else {
  const { default: nodeModule } = await import('node:module');
  // Compiled code is kept between starts; where the folder cannot be written, Node goes on without.
  const cache =
    process.env['XDG_CACHE_HOME'] ?? (process.env['HOME'] === undefined ? undefined : `${process.env['HOME']}/.cache`);
  if (cache !== undefined) nodeModule.enableCompileCache(`${cache}/nex/compiled-${version}`);
  const { runCli } = await import('./cli/program.ts');
  await runCli(argv);
}
