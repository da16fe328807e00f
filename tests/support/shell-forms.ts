// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the commands are shell text.
import fc from 'fast-check';
import everyday from '../fixtures/safety/harmless.json' with { type: 'json' };

/** A way to write commands anew, and how many are tried on a usual day. */
export interface Forms {
  readonly name: string;
  readonly commands: fc.Arbitrary<string>;
  readonly runs: number;
}

/** One simple command, word by word; none is ever run. */
type Words = readonly string[];

const DANGEROUS: readonly Words[] = [
  ['rm', '-rf', 'build'],
  ['rm', '--recursive', '--force', 'build'],
  ['git', 'push', '--force'],
  ['git', 'push', 'origin', '+main'],
  ['git', 'reset', '--hard', 'HEAD~1'],
  ['git', 'clean', '-xfd'],
  ['git', 'checkout', '--', '.'],
  ['git', 'branch', '-D', 'feature'],
  ['find', '.', '-name', 'x.log', '-delete'],
  ['chmod', '-R', '777', 'src'],
  ['kill', '-9', '1234'],
  ['psql', '-c', 'DROP TABLE users'],
  ['npm', 'publish'],
  ['terraform', 'destroy'],
  ['kubectl', 'delete', 'namespace', 'shop'],
  ['cat', '.env'],
  ['cp', 'notes.txt', '/etc/hosts'],
  ['dd', 'if=image.iso', 'of=/dev/sda'],
];

const HARMLESS: readonly Words[] = [
  ['ls', '-la', 'src'],
  ['npm', 'test'],
  ['npm', 'run', 'build'],
  ['git', 'status', '--short'],
  ['git', 'diff', 'HEAD~1'],
  ['grep', '-rn', 'rm -rf', 'docs'],
  ['echo', 'git push --force'],
  ['sed', '-n', '1,20p', 'notes.txt'],
  ['find', '.', '-name', '*.ts'],
  ['cargo', 'test', '--workspace'],
  ['psql', '-c', 'SELECT 1'],
  ['rm', 'notes.txt'],
];

const inSingleQuotes = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
const inDoubleQuotes = (text: string) => `"${text.replace(/["\\$`]/g, '\\$&')}"`;
const isPlain = (text: string) => /^[\w./=+:,@-]+$/.test(text);
const asNeeded = (text: string) => (isPlain(text) ? text : inSingleQuotes(text));

/** Ways to write one word; each is the same word to the shell. `cut` says where, from 0 to 1. */
const SPELLINGS: ReadonlyArray<(word: string, cut: number) => string> = [
  (word) => asNeeded(word),
  (word) => inSingleQuotes(word),
  (word) => inDoubleQuotes(word),
  (word) => `''${asNeeded(word)}`,
  (word) => `${asNeeded(word)}""`,
  (word) => [...word].map((letter) => `\\${letter}`).join(''),
  (word, cut) => joined(word, cut, (left, right) => `${asNeeded(left)}${inDoubleQuotes(right)}`),
  (word, cut) => joined(word, cut, (left, right) => `${inSingleQuotes(left)}${asNeeded(right)}`),
  (word, cut) => joined(word, cut, (left, right) => `${asNeeded(left)}''${asNeeded(right)}`),
  (word, cut) => joined(word, cut, (left, right) => `${asNeeded(left)}\\\n${asNeeded(right)}`),
  (word) => `$'${[...word].map((letter) => `\\x${letter.charCodeAt(0).toString(16).padStart(2, '0')}`).join('')}'`,
  (word) => `$'${[...word].map((letter) => `\\${letter.charCodeAt(0).toString(8).padStart(3, '0')}`).join('')}'`,
  (word) => `"$(printf %s ${inSingleQuotes(word)})"`,
  (word) => `"\${unset_for_sure:-${word.replace(/["\\$`}]/g, '\\$&')}}"`,
];

function joined(word: string, cut: number, join: (left: string, right: string) => string): string {
  const at = Math.floor(cut * word.length);
  return join(word.slice(0, at), word.slice(at)).replace(/^(?=\\\n)/, "''");
}

/** Commands around a command; it runs in each of them. */
const CARRIERS: ReadonlyArray<(command: string) => string> = [
  (command) => `sudo ${command}`,
  (command) => `sudo -u deploy -- ${command}`,
  (command) => `env X=1 ${command}`,
  (command) => `command ${command}`,
  (command) => `exec ${command}`,
  (command) => `nohup ${command}`,
  (command) => `timeout 5 ${command}`,
  (command) => `timeout -k 1 --signal=TERM 5s ${command}`,
  (command) => `nice -n 5 ${command}`,
  (command) => `stdbuf -oL ${command}`,
];

/** What may stand around a command and its carriers, but not inside of them. */
const OUTERMOST: ReadonlyArray<(command: string) => string> = [
  (command) => command,
  (command) => `X=1 ${command}`,
  (command) => `X=1 Y='a b' ${command}`,
  (command) => `ls | xargs -I {} ${command}`,
  (command) => `xargs -I {} ${command} < list.txt`,
];

/** Shell text around shell text. */
const SURROUNDINGS: ReadonlyArray<(text: string) => string> = [
  (text) => `bash -c ${inSingleQuotes(text)}`,
  (text) => `sh -ec ${inDoubleQuotes(text)}`,
  (text) => `sudo bash -lc ${inSingleQuotes(text)}`,
  (text) => `eval ${inDoubleQuotes(text)}`,
  (text) => `eval ${inSingleQuotes(text)}`,
  (text) => `( ${text} )`,
  (text) => `{ ${text}\n}`,
  (text) => `true && ${text}`,
  (text) => `false || ${text}`,
  (text) => `ls; ${text}\nls`,
  (text) => `! ${text}`,
  (text) => `${text} | cat`,
  (text) => `ls | { ${text}\n}`,
  (text) => `${text} > out.txt 2>&1`,
  (text) => `echo $( ${text} )`,
  (text) => `x="$( ${text} )"`,
  (text) => `cat <( ${text} )`,
  (text) => `if true; then ${text}\nfi`,
  (text) => `for x in 1; do ${text}\ndone`,
  (text) => `while ${text}\ndo break; done`,
  (text) => `case x in x) ${text}\n;; esac`,
  (text) => `run${text.length}() { ${text}\n}; run${text.length}`,
  (text) => `trap ${inSingleQuotes(text)} EXIT`,
  (text) => `bash <<'END'\n${text}\nEND`,
  (text) => `bash <<< ${inSingleQuotes(text)}`,
  (text) => `echo ${inSingleQuotes(text)} | sh`,
  (text) => `printf '%s\\n' ${inSingleQuotes(text)} | bash -s`,
  (text) => `find . -exec sh -c ${inSingleQuotes(text)} \\;`,
  (text) => `source <(echo ${inSingleQuotes(text)})`,
  (text) => `echo ${inSingleQuotes(text)} > run.sh; bash run.sh`,
  (text) => `cat > run.sh <<'END_OF_FILE'\n${text}\nEND_OF_FILE\nchmod +x run.sh && ./run.sh`,
  (text) => `git submodule foreach ${inSingleQuotes(text)}`,
  (text) => `git -c alias.go=${inSingleQuotes(`!${text}`)} go`,
  (text) => `ssh deploy@host ${inSingleQuotes(text)}`,
  (text) => `GIT_PAGER=${inSingleQuotes(text)} git log`,
  (text) => `python3 -c ${inSingleQuotes(`import os; os.system(${JSON.stringify(text)})`)}`,
  (text) => `node -e ${inSingleQuotes(`require("child_process").execSync(${JSON.stringify(text)})`)}`,
  (text) => `run() { ${text}\n}; run`,
  (text) => `( ${text} ) &`,
  (text) => `coproc { ${text}\n}`,
  (text) => `[[ -n $( ${text} ) ]]`,
  (text) => `echo "\${unset_for_sure:-$( ${text} )}"`,
  (text) => `unknown-runner -c ${inSingleQuotes(text)}`,
];

const spellingOf = (word: string) =>
  fc
    .tuple(fc.constantFrom(...SPELLINGS), fc.double({ min: 0, max: 0.99, noNaN: true }))
    .map(([spell, cut]) => spell(word, cut));
const gap = fc.constantFrom(' ', '  ', '\t', ' \t ', ' \\\n', '   ');
const edge = fc.constantFrom('', ' ', '\t', '\n', '  \n ');

const joinWords = (words: readonly string[], gaps: readonly string[], [before, after]: readonly [string, string]) =>
  before + words.map((word, index) => (index === 0 ? word : `${gaps[index] ?? ' '}${word}`)).join('') + after;

/** The words with other space between them, and nothing else changed. */
const respaced = (words: Words) =>
  fc
    .tuple(fc.array(gap, { minLength: words.length, maxLength: words.length }), edge, edge)
    .map(([gaps, before, after]) => joinWords(words.map(asNeeded), gaps, [before, after]));

/** Every word spelled some way, and spaced some way. */
const respelled = (words: Words) =>
  fc
    .tuple(fc.tuple(...words.map(spellingOf)), fc.array(gap, { minLength: words.length, maxLength: words.length }))
    .map(([spelled, gaps]) => joinWords(spelled, gaps, ['', '']));

/** The whole command comes out of something else: an array, the arguments, braces, pieces of words. */
const built = (words: Words) => {
  const list = words.map(inSingleQuotes).join(' ');
  const [program = '', ...rest] = words;
  const others = rest.map(inSingleQuotes).join(' ');
  return fc.constantFrom(
    `all=(${list}); "\${all[@]}"`,
    `all=(${inSingleQuotes(program)}); all+=(${others}); "\${all[@]}"`,
    `set -- ${list}; "$@"`,
    `x=${inSingleQuotes(`xx${program}`)}; \${x#xx} ${others}`,
    `x=${inSingleQuotes(`${program}.sh`)}; \${x%.sh} ${others}`,
    `x=${inSingleQuotes(`xx${program}yy`)}; \${x:2:${program.length}} ${others}`,
    `x=${inSingleQuotes([...program].join('@'))}; \${x//@/} ${others}`,
    `x=${inSingleQuotes(program)}; y=x; \${!y} ${others}`,
    `x=${inSingleQuotes(program.slice(0, 1))}; x+=${inSingleQuotes(program.slice(1))}; $x ${others}`,
    `read -r x <<< ${inSingleQuotes(program)}; $x ${others}`,
    `printf -v x %s ${inSingleQuotes(program)}; $x ${others}`,
    `x=$(echo ${inSingleQuotes(program)}); $x ${others}`,
    `x=ls; if true; then x=${inSingleQuotes(program)}; fi; $x ${others}`,
    `x=ls; for i in 1 2; do $x ${others}; x=${inSingleQuotes(program)}; done`,
    `x=ls; [ -f a ] && x=${inSingleQuotes(program)}; $x ${others}`,
    `for x in ls ${inSingleQuotes(program)}; do $x ${others}; done`,
    `case $1 in a) x=ls;; *) x=${inSingleQuotes(program)};; esac; $x ${others}`,
    `f() { "$@"; }; f ${list}`,
    `f() { echo ${inSingleQuotes(program)}; }; $(f) ${others}`,
    `alias x=${inSingleQuotes(program)}\nx ${others}`,
    `$(which ${inSingleQuotes(program)}) ${others}`,
    `echo ${list.includes('\n') ? '' : others} | ${inSingleQuotes(program)} ${others}`,
    `X=${inSingleQuotes(program)} bash -c '$X "$@"' x ${others}`,
    `bash -c '"$@"' x ${list}`,
    ...(words.every((word) => /^[\w./=+-]+$/.test(word)) && words.length > 1 ? [`{${words.join(',')}}`] : []),
  );
};

/** One word is put into a variable first. */
const assigned = (words: Words) =>
  fc
    .tuple(
      fc.nat(words.length - 1),
      fc.constantFrom('x=%; ', 'export x=%; ', 'x=%\n', 'declare x=% && ', 'y=%; x=$y; ', 'for x in %; do '),
      fc.constantFrom('"$x"', '"${x}"', '"${x:-ls}"'),
    )
    .map(([index, assignment, use]) => {
      const command = words.map((word, at) => (at === index ? use : asNeeded(word))).join(' ');
      const start = assignment.replace('%', () => inSingleQuotes(words[index] ?? ''));
      return `${start}${command}${start.endsWith('do ') ? '; done' : ''}`;
    });

const anyOf = (seeds: readonly Words[], change: (words: Words) => fc.Arbitrary<string>) =>
  fc.constantFrom(...seeds).chain(change);

const carried = (command: fc.Arbitrary<string>) =>
  fc
    .tuple(command, fc.array(fc.constantFrom(...CARRIERS), { maxLength: 3 }), fc.constantFrom(...OUTERMOST))
    .map(([text, carriers, outermost]) => outermost(carriers.reduce((inner, carry) => carry(inner), text)));

const surrounded = (text: fc.Arbitrary<string>, most: number) =>
  fc
    .tuple(text, fc.array(fc.constantFrom(...SURROUNDINGS), { minLength: 1, maxLength: most }))
    .map(([inner, around]) => around.reduce((wrapped, surround) => surround(wrapped), inner));

/** Flags of one program that may stand in any order, bundled or apart, before or after the operands. */
const FLAGGED = [
  {
    start: ['rm'],
    letters: ['r', 'f', 'v', 'd'],
    needed: 'r',
    long: ['--recursive', '--verbose'],
    operands: ['build'],
  },
  { start: ['rm'], letters: ['R', 'v', 'I'], needed: 'R', long: ['--one-file-system'], operands: ['a', 'b'] },
  { start: ['git', 'clean'], letters: ['x', 'd', 'f', 'q'], needed: 'f', long: ['--force', '--quiet'], operands: [] },
  {
    start: ['git', 'push'],
    letters: ['f', 'u', 'v'],
    needed: 'f',
    long: ['--tags', '--verbose'],
    operands: ['origin'],
  },
] as const;

const reordered = fc.constantFrom(...FLAGGED).chain(({ start, letters, needed, long, operands }) =>
  fc
    .tuple(
      fc.shuffledSubarray([...letters]),
      fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
      fc.subarray([...long]),
    )
    .chain(([chosen, breaks, extra]) => {
      const all = chosen.includes(needed) ? chosen : [...chosen, needed];
      const bundles: string[] = [];
      all.forEach((letter, index) => {
        const last = breaks[index] === true ? undefined : bundles.pop();
        bundles.push(last === undefined ? `-${letter}` : last + letter);
      });
      const rest: string[] = [...bundles, ...extra, ...operands];
      return fc.shuffledSubarray(rest, { minLength: rest.length }).map((words) => [...start, ...words].join(' '));
    }),
);

/** What is dangerous stays dangerous in each of these. */
export const DANGEROUS_FORMS: readonly Forms[] = [
  { name: 'with its words written in any other way', commands: anyOf(DANGEROUS, respelled), runs: 1_500 },
  { name: 'however it is spaced', commands: anyOf(DANGEROUS, respaced), runs: 400 },
  { name: 'when a word comes out of a variable', commands: anyOf(DANGEROUS, assigned), runs: 700 },
  { name: 'when it is put together while it runs', commands: anyOf(DANGEROUS, built), runs: 800 },
  { name: 'when it is put together inside of other text', commands: surrounded(anyOf(DANGEROUS, built), 2), runs: 800 },
  { name: 'with its flags bundled, split, reordered or behind the operands', commands: reordered, runs: 600 },
  { name: 'when other programs run it', commands: carried(anyOf(DANGEROUS, respelled)), runs: 1_000 },
  { name: 'inside of other shell text', commands: surrounded(anyOf(DANGEROUS, respaced), 3), runs: 1_000 },
  {
    name: 'under all of these together',
    commands: surrounded(
      fc.oneof(
        carried(anyOf(DANGEROUS, respelled)),
        fc.oneof(anyOf(DANGEROUS, respelled), anyOf(DANGEROUS, assigned), reordered),
      ),
      2,
    ),
    runs: 1_000,
  },
];

// Words that must come first, and what ends or leaves the shell, cannot stand in a group.
const single = Object.values(everyday)
  .flat()
  .filter(
    (text) => !/[\n#&]|<<|^\w+(?:\(\)|\+?=)|^(?:for|while|until|if|case|alias|trap|set|exec|exit|return)\b/.test(text),
  );

const harmlessly = fc.constantFrom<(text: string) => string>(
  (text) => `  ${text}  `,
  (text) => `\n\n${text}\n`,
  (text) => `${text} # and a remark: rm -rf /\n`,
  (text) => `( ${text}\n)`,
  (text) => `{ ${text}\n}`,
  (text) => `true && ${text}`,
  (text) => `time ${text}`,
  (text) => `${text}\npwd`,
);

const quoted = (words: Words) =>
  fc
    .tuple(...words.map((word) => fc.constantFrom(asNeeded(word), inSingleQuotes(word), inDoubleQuotes(word))))
    .map((spelled) => spelled.join(' '));

const blocks = fc.constantFrom<(text: string) => string>(
  (text) => `( ${text} )`,
  (text) => `{ ${text}\n}`,
  (text) => `true && ${text}`,
  (text) => `${text} | cat`,
  (text) => `if true; then ${text}\nfi`,
  (text) => `bash -c ${inSingleQuotes(text)}`,
  (text) => `timeout 60 ${text}`,
);

/** What is harmless stays allowed in each of these. */
export const HARMLESS_FORMS: readonly Forms[] = [
  {
    name: 'whatever stands harmlessly around it',
    commands: fc
      .tuple(fc.constantFrom(...single), fc.array(harmlessly, { minLength: 1, maxLength: 2 }))
      .map(([text, wraps]) => wraps.reduce((inner, wrap) => wrap(inner), text)),
    runs: 2_000,
  },
  { name: 'however it is spaced', commands: anyOf(HARMLESS, respaced), runs: 400 },
  { name: 'with its words in quotes', commands: anyOf(HARMLESS, quoted), runs: 400 },
  {
    name: 'in chains, groups and blocks',
    commands: fc
      .tuple(
        anyOf(HARMLESS, (words) => fc.constant(words.map(asNeeded).join(' '))),
        blocks,
      )
      .map(([text, block]) => block(text)),
    runs: 200,
  },
];
