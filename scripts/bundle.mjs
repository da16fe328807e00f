// How the sources become bundles, each one CommonJS file: Node loads an ES module 3 ms later, and keeps no compiled code
// of it that a package could bring along.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, transform } from 'esbuild';
import { root } from './toolchain.mjs';

/** zod brings its messages in fifty languages along, ora ninety spinners: 380 kB that every start would read. nex has one of each. */
const oneOfEach = {
  name: 'one-of-each',
  setup(bundle) {
    bundle.onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
    bundle.onLoad({ filter: /cli-spinners[\\/]spinners\.json$/ }, ({ path }) => {
      const { dots } = JSON.parse(readFileSync(path, 'utf8'));
      return { contents: JSON.stringify({ dots }), loader: 'json' };
    });
  },
};

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  // Native code and programs stay packages of their own; everything else goes into the bundle.
  external: ['better-sqlite3', '@vscode/ripgrep', '@napi-rs/keyring'],
  // Its ES module makes itself a `require`, and so hides the one that the bundle runs with.
  alias: { 'web-tree-sitter': join(root, 'node_modules', 'web-tree-sitter', 'web-tree-sitter.cjs') },
  // `import()` becomes `require`: what is bundled is there already, and nothing else may be loaded.
  supported: { 'dynamic-import': false },
  define: { 'import.meta.url': '__metaUrl', 'import.meta.dirname': '__dirname' },
  plugins: [oneOfEach],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
};
const META_URL = "const __metaUrl=require('node:url').pathToFileURL(__filename).href;";

/** The small entry, which answers at once what it can and else loads the program. */
export function bundleEntry(entry, outfile) {
  return build({ ...common, entryPoints: [entry], outfile });
}

/** The program: one function to be called like a CommonJS module. Plain ASCII, so that V8 can take the file as it lies on the disk. */
export async function bundleProgram(outfile) {
  const done = await build({
    ...common,
    entryPoints: ['src/cli/program-exports.ts'],
    outfile,
    inject: ['scripts/web-globals.ts'],
    // The SDK asks whether a body is one of these; nex sends text.
    define: { ...common.define, 'globalThis.ReadableStream': 'undefined', 'globalThis.Blob': 'undefined' },
    banner: { js: META_URL },
  });
  await renameLocals(outfile);
  // esbuild leaves such characters only in regular expressions, literal or by String.raw, where this means the same.
  const text = readFileSync(outfile, 'utf8');
  const escaped = text.replace(/[^\0-\x7f]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
  writeFileSync(outfile, `(function(exports,require,module,__filename,__dirname){${escaped.trimEnd()}})`);
  return done;
}

/** The program of a worker thread. A function, since the executable gives it to the thread as a text, which then runs among the globals. */
export async function bundleWorker(outfile) {
  const entryPoints = ['src/indexer/index-worker.ts'];
  const done = await build({ ...common, format: 'iife', entryPoints, outfile, banner: { js: META_URL } });
  await renameLocals(outfile);
  return done;
}

/**
 * Shortens the names within functions. What stands at the top of a module keeps its name, so that a stack still says
 * where something happened; bundling and renaming in one go would shorten those, too.
 */
async function renameLocals(file) {
  const { minifySyntax, minifyWhitespace, platform, target } = common;
  const options = { minifyIdentifiers: true, minifySyntax, minifyWhitespace, platform, target };
  const { code } = await transform(readFileSync(file, 'utf8'), options);
  writeFileSync(file, code);
}

/** The JavaScript of better-sqlite3 as a function of `module` and `require`, for the single executable. */
export function bundleSqlite(outfile) {
  return build({
    ...common,
    external: [],
    entryPoints: ['node_modules/better-sqlite3/lib/index.js'],
    outfile,
    banner: { js: "(function(module,require){const __dirname='.';" },
    footer: { js: '})' },
  });
}

/** The files of which something is in a bundle. */
export function takenIn({ metafile }) {
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  return inputs.flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : []));
}
