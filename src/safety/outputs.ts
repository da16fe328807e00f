import type { SimpleCommand } from './command.ts';
import type { Word } from './word.ts';
import { literal } from './word.ts';

/** Options that name what is written, by program. */
const OUTPUT_OPTIONS = table([
  [
    'gcc g++ cc c++ clang clang++ ld as rustc go gfortran nvcc ghc ocamlc nim swiftc dmd tsc esbuild pandoc protoc kotlinc dot flex bison objcopy strip helm kustomize buf minisign age sops base64 base32 tree iconv time gtime strace ltrace perf script docker podman xmllint xsltproc rsvg-convert optipng gifsicle sass lessc terser uglifyjs typedoc sphinx-build doxygen wkhtmltopdf nasm yasm',
    '-o',
  ],
  ['pg_dump pg_dumpall', '-f --file'],
  ['psql', '-o --output -L --log-file'],
  ['mysql mariadb', '--tee'],
  ['mysqldump mariadb-dump', '-r --result-file'],
  ['tcpdump tshark', '-w'],
  ['nmap', '-oN -oX -oG -oA -oS'],
  ['pip pip3 uv', '-t --target --prefix --root'],
  ['npm pnpm yarn bun', '--prefix --modules-folder --cwd -C --dir'],
  ['cargo', '--root --target-dir'],
  ['gem', '-i --install-dir -n --bindir'],
  ['meson ninja make gmake cmake', '--prefix --destdir -B'],
  ['logrotate', '-s --state'],
  ['git', '--separate-git-dir'],
  ['fallocate', '-n'],
]);

/** Programs that change the files they are given, always or with one of these options. */
const IN_PLACE = table([
  ['dos2unix unix2dos fallocate recode detox exiftool crudini chattr setfattr venv virtualenv fstrim pyvenv', ''],
  ['rename prename', ''],
  [
    'prettier eslint stylelint gofmt goimports shfmt rubocop swiftformat ktlint taplo terraform yapf autopep8 biome oxlint gofumpt',
    '-w -i --write --fix --in-place --fix-dry-run -a -A',
  ],
  ['black isort rustfmt', ''],
  ['clang-format', '-i'],
  ['xmlstarlet', '-L --inplace'],
  ['convert magick ffmpeg script', ''],
]);

function table(
  rows: ReadonlyArray<readonly [programs: string, options: string]>,
): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    rows.flatMap(([programs, options]) =>
      programs
        .split(' ')
        .map((program): [string, ReadonlySet<string>] => [
          program,
          new Set(options.split(' ').filter((name) => name !== '')),
        ]),
    ),
  );
}

const LONG_OUTPUT =
  /^--?(?:out(?:put|file|dir)?(?:[-_]?(?:file|dir|directory|path|folder))?|dest(?:ination)?(?:-dir)?|target-dir(?:ectory)?|install-dir|result-file|outDir)(=|$)/i;

/** Absolute places that a program is told to write to; all others lie where it runs, or nobody knows. */
export function namedOutputs({ program, words }: SimpleCommand): Word[] {
  const options = OUTPUT_OPTIONS.get(program);
  const places = words.flatMap((word, index): Word[] => {
    const { text } = word;
    if (!text.startsWith('-')) return [];
    const equals = text.indexOf('=');
    const name = equals === -1 ? text : text.slice(0, equals);
    if (options?.has(name) !== true && !LONG_OUTPUT.test(text)) return [];
    const next = words[index + 1];
    return equals !== -1 ? [behind(word, equals + 1)] : next === undefined ? [] : [next];
  });
  places.push(...installedInto(program, words));
  const flags = IN_PLACE.get(program);
  if (flags !== undefined && (flags.size === 0 || words.some(({ text }) => flags.has(text)))) places.push(...words);
  return places.filter((place) => place.certain && /^(?:[/~]|\.\.(?:\/|$))/.test(place.text));
}

/** Where `make install` and its likes put what was built; by convention that is the machine's own folder. */
function installedInto(program: string, words: readonly Word[]): Word[] {
  const builds = /^(?:g?make|ninja|samu|meson|cmake)$/.test(program);
  const setup = /^python[\d.]*$/.test(program) && words.some(({ text }) => /(?:^|\/)setup\.py$/.test(text));
  if (!builds && !setup) return [];
  const at = words.findIndex(({ text }) => /^(?:install|install\/strip|uninstall|--install)$/.test(text));
  if (at === -1 || words.some(({ text }) => /^(?:-n|--dry-run|--user)$/.test(text))) return [];
  for (const [index, word] of words.entries()) {
    const equals = /^(?:DESTDIR|PREFIX|prefix|--prefix|--destdir|--root)=/.exec(word.text)?.[0].length;
    if (equals !== undefined) return [behind(word, equals)];
    const next = words[index + 1];
    if (/^--(?:prefix|destdir|root)$/.test(word.text) && next !== undefined) return [next];
  }
  return [literal('/usr/local')];
}

function behind(word: Word, from: number): Word {
  return { ...word, text: word.text.slice(from), head: word.head.slice(from) };
}
