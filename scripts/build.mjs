// npm run build: bundles src/ into dist/ (ES modules, split so that a command loads only what it needs) with its assets.
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { root } from './toolchain.mjs';

const dist = join(root, 'dist');
const require = createRequire(import.meta.url);

/** zod brings its messages in fifty languages along: 345 kB that every start would read. nex speaks one. */
const oneLanguage = {
  name: 'one-language',
  setup(bundle) {
    bundle.onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
  },
};

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
await build({
  absWorkingDir: root,
  entryPoints: { nex: 'src/main.ts', 'index-worker': 'src/indexer/index-worker.ts' },
  outdir: dist,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  // Native code and programs stay packages of their own; everything else goes into the bundle.
  external: ['better-sqlite3', '@vscode/ripgrep'],
  chunkNames: '[name]-[hash]',
  plugins: [oneLanguage],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'external',
  // CommonJS packages inside an ES module bundle ask for `require`.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
cpSync(join(root, 'src', 'indexer', 'grammars'), join(dist, 'grammars'), { recursive: true });
cpSync(join(root, 'src', 'cli', 'guides'), join(dist, 'guides'), { recursive: true });
cpSync(join(dirname(require.resolve('web-tree-sitter')), 'web-tree-sitter.wasm'), join(dist, 'web-tree-sitter.wasm'));
chmodSync(join(dist, 'nex.js'), 0o755);
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
console.log(`built dist/nex.js, version ${version}`);
