import type { SimpleCommand } from './command.ts';
import { isForeign } from './environment.ts';
import type { Nested } from './nested.ts';

/** Options of any program that name code to be loaded: `--require x`, `-fplugin=x`, `-javaagent:x`. */
const LOADS =
  /^--?(?:[a-z]+\.)*(?:experimental-)?(?:plugins?|plugin[-_]?dir|require|import|loader|preload|init-?script|init-?file|rcfile|rulesdir|post-renderer|global-?setup|setup-?files?|javaagent|agentpath|agentlib|processorpath|fplugin|load|load-extension|hooks?-?path|wrapper|linker|launcher|ext\.class\.path|bootclasspath|script)$/i;

/** Options that do so for one program alone. */
const OWN: Readonly<Record<string, RegExp>> = Object.assign(Object.create(null), {
  gradle: /^-I$/,
  gradlew: /^-I$/,
  mocha: /^-r$/,
  nyc: /^-r$/,
  ssh: /^-F$/,
  scp: /^-F$/,
  vim: /^-[Su]$/,
  nvim: /^-[Su]$/,
  vi: /^-[Su]$/,
  emacs: /^-l$/,
  gdb: /^-x$/,
  lldb: /^-s$/,
  sqlite3: /^-init$/,
  gcc: /^-(?:B|specs|wrapper)$/,
  'g++': /^-(?:B|specs|wrapper)$/,
  clang: /^-B$/,
  tox: /^-c$/,
  nox: /^-f$/,
  rollup: /^(?:-c|--config)$/,
  webpack: /^(?:-c|--config)$/,
  vite: /^(?:-c|--config)$/,
  vitest: /^(?:-c|--config)$/,
  jest: /^(?:-c|--config)$/,
  eslint: /^(?:-c|--config)$/,
  babel: /^--config-file$/,
  postcss: /^--config$/,
  pytest: /^(?:-c|--rootdir|--confcutdir)$/,
  openssl: /^-t$/,
});

/** Code from outside the project that an option makes a program load. */
export function loadedCode({ program, words }: SimpleCommand, root: string): Nested[] {
  const own = OWN[program];
  const loads = (name: string) => LOADS.test(name) || own?.test(name) === true;
  const found = words.some(({ text }, index) => {
    if (!text.startsWith('-')) return false;
    const [, name = '', glued] = /^(--?[A-Za-z][\w.-]*)(?:[=:,](.*))?$/s.exec(text) ?? [];
    if (loads(name)) return leadsAway(glued ?? words[index + 1]?.text ?? '', root);
    // `-B/tmp/x`, `-Clinker=/tmp/x`, `-C linker=/tmp/x`, `-Dname=/tmp/x`.
    const short = /^(-[A-Za-z])(.+)$/s.exec(text);
    if (short?.[1] !== undefined && own?.test(short[1]) === true) return leadsAway(short[2] ?? '', root);
    const setting = /^-[CDXo]?\s*([\w.-]+)=(.+)$/s.exec(
      /^-[CDXo]$/.test(text) ? `${text}${words[index + 1]?.text ?? ''}` : text,
    );
    return setting?.[1] !== undefined && LOADS.test(`--${setting[1]}`) && leadsAway(setting[2] ?? '', root);
  });
  return found ? [{ kind: 'finding', rule: 'environment.injection', detail: program }] : [];
}

const leadsAway = (value: string, root: string) => value.split(/[,:]/).some((path) => isForeign(path, root));
