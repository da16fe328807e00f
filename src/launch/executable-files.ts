import { getRawAsset } from 'node:sea';
import { Script } from 'node:vm';
import { extracted } from './extract.ts';
import { cacheFolder } from './folder-files.ts';
import type { ProgramFiles } from './program-files.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Packages that the program asks for and that are no part of its bundle, since they bring native code. */
type Packages = Readonly<Record<string, () => unknown>>;

/** The program's files inside the single executable. Native code and programs are written out when first needed. */
export function executableFiles(env: Environment): ProgramFiles {
  const packages: Packages = {
    'better-sqlite3': once(() => sqlite(env)),
    '@vscode/ripgrep': once(() => ({ rgPath: extracted('rg', asset('rg'), env) })),
    '@napi-rs/keyring': once(() => addon('keyring.node', env)),
  };
  const load = (name: string): unknown => {
    const found = process.getBuiltinModule(name) ?? packages[name]?.();
    if (found !== undefined) return found;
    throw Object.assign(new Error(`Cannot find module '${name}'`), { code: 'MODULE_NOT_FOUND' });
  };
  return {
    path: (name) => `nex:${name}`,
    require: load as NodeJS.Require,
    cache: cacheFolder(env),
    read(name) {
      try {
        return asset(name);
      } catch {
        return undefined;
      }
    },
  };
}

/** The bytes as they lie in the executable: not copied, and not to be changed. */
function asset(name: string): Buffer {
  return Buffer.from(getRawAsset(name));
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** better-sqlite3 with its native part from the executable. */
function sqlite(env: Environment): unknown {
  const module: { exports: unknown } = { exports: {} };
  const wrapper: (module: object, require: (name: string) => unknown) => void = new Script(
    asset('better-sqlite3.cjs').toString('latin1'),
    { filename: 'nex:better-sqlite3.cjs' },
  ).runInThisContext();
  wrapper(module, process.getBuiltinModule.bind(process));
  const Database = module.exports as new (file: string, options: object) => object;
  const native = once(() => addon('better_sqlite3.node', env));
  return class extends Database {
    constructor(file: string, options: object = {}) {
      super(file, { ...options, nativeBinding: native() });
    }
  };
}

/** Loads native code, which must be a file: written out first. */
function addon(name: string, env: Environment): unknown {
  const module = { exports: {} };
  process.dlopen(module, extracted(name, asset(name), env));
  return module.exports;
}
