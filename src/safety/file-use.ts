// Long because it is a table: which words of which program are files, and what happens to them.
import type { Arguments } from './arguments.ts';
import { flagValues, hasFlag } from './arguments.ts';
import type { SimpleCommand } from './command.ts';
import { namedOutputs } from './outputs.ts';
import { findDeletes, findStarts } from './runners.ts';
import type { Word } from './word.ts';
import { literal } from './word.ts';

/** The files a command touches, as far as its words tell. */
export interface FileUse {
  /** Created, overwritten or changed in place. */
  readonly writes: readonly Word[];
  readonly removes: readonly Word[];
  /** Read so that their content can be seen or copied. */
  readonly reads: readonly Word[];
  /** Sent elsewhere. */
  readonly sends: readonly Word[];
}

const NOTHING: FileUse = { writes: [], removes: [], reads: [], sends: [] };

const READERS = new Set(
  'cat tac nl head tail less more most bat batcat view vi vim nvim nano emacs grep egrep fgrep zgrep rg ag ack cut sort uniq paste join comm diff cmp colordiff delta sdiff strings xxd od hexdump base64 base32 basenc gpg jq yq column fold fmt rev iconv pr expand tsort source . open xdg-open code subl pbcopy xclip get-content gc type zcat bzcat xzcat zless awk gawk mawk nawk sed gsed dotenv envsubst mapfile readarray'.split(
    ' ',
  ),
);

const COMPRESSORS = new Set(
  'gzip gunzip bzip2 bunzip2 xz unxz zstd unzstd lz4 compress uncompress lzma pigz'.split(' '),
);

/** What a command reads, writes, removes and sends, its redirects included. */
export function fileUse(command: SimpleCommand, parsed: Arguments): FileUse {
  const own = programFiles(command, parsed);
  const named = namedOutputs(command);
  if (command.redirects.length === 0 && named.length === 0) return own;
  const writes = [...own.writes, ...named];
  const reads = [...own.reads];
  for (const { mode, target } of command.redirects) (mode === 'read' ? reads : writes).push(target);
  return { ...own, writes, reads };
}

function programFiles(command: SimpleCommand, parsed: Arguments): FileUse {
  const { program } = command;
  const { operands } = parsed;
  switch (program) {
    case 'cp':
    case 'link':
    case 'ditto':
    case 'install':
    case 'ln':
    case 'copy':
    case 'xcopy':
    case 'robocopy':
    case 'copy-item':
    case 'cpi':
    case 'gcp': {
      if (program === 'install' && hasFlag(parsed, ['-d', '--directory'])) return { ...NOTHING, writes: operands };
      const [sources, target] = sourcesAndTarget(parsed);
      const folders = hasFlag(parsed, ['-r', '-R', '-a', '--recursive', '--archive']);
      return { ...NOTHING, writes: placesIn(target, sources, folders), reads: sources };
    }
    case 'mv':
    case 'move':
    case 'ren':
    case 'rename':
    case 'move-item':
    case 'mi': {
      const [sources, target] = sourcesAndTarget(parsed);
      return { ...NOTHING, writes: placesIn(target, sources, false), removes: sources };
    }
    case 'rm':
    case 'unlink':
    case 'rmdir':
    case 'shred':
    case 'srm':
    case 'trash':
    case 'wipe':
    case 'grm':
    case 'del':
    case 'erase':
    case 'rd':
    case 'remove-item':
    case 'ri':
      return { ...NOTHING, removes: operands.filter(({ text }) => !/^\/[a-z]$/i.test(text) || program.includes('m')) };
    case 'ed':
    case 'ex':
    case 'tee':
    case 'touch':
    case 'truncate':
    case 'mkfifo':
    case 'mknod':
    case 'sponge':
    case 'set-content':
    case 'add-content':
    case 'out-file':
    case 'clear-content':
      return { ...NOTHING, writes: program === 'mknod' ? operands.slice(0, 1) : operands };
    case 'chmod':
    case 'chown':
    case 'chgrp':
    case 'chattr':
    case 'setfacl':
      // Without a mode the first word is a file already; the call fails, and is judged by what was meant.
      return {
        ...NOTHING,
        writes:
          hasFlag(parsed, ['--reference']) || /^[~/.*]/.test(operands[0]?.text ?? '') ? operands : operands.slice(1),
      };
    case 'mkdir':
      return { ...NOTHING, writes: operands.filter(({ certain }) => certain) };
    case 'csplit':
      return { ...NOTHING, reads: operands.slice(0, 1), writes: flagValues(parsed, ['-f', '--prefix']) };
    case 'zipfile':
    case 'tarfile':
      // `python -m zipfile -e archive folder`.
      return hasFlag(parsed, ['-e', '--extract'])
        ? { ...NOTHING, reads: flagValues(parsed, ['-e', '--extract']), writes: operands }
        : { ...NOTHING, writes: flagValues(parsed, ['-c', '--create']), reads: operands };
    case 'dd':
    case 'dcfldd':
    case 'dc3dd':
      return { ...NOTHING, writes: assigned(operands, 'of'), reads: assigned(operands, 'if') };
    case 'ddrescue':
      return { ...NOTHING, reads: operands.slice(0, 1), writes: operands.slice(1, 3) };
    case 'stow':
      return { ...NOTHING, writes: flagValues(parsed, ['-t', '--target']) };
    case 'htpasswd':
      return { ...NOTHING, writes: hasFlag(parsed, ['-n']) ? [] : operands.slice(0, 1) };
    case 'xargs':
      return { ...NOTHING, reads: argumentFile(command.words) };
    case 'keytool':
      return { ...NOTHING, reads: singleDash(command, 'keystore') };
    case 'sed':
    case 'gsed':
      // `sed -i '' …`: BSD's empty suffix.
      return editedFiles(
        hasFlag(parsed, ['-i']) ? { ...parsed, operands: operands.filter(({ text }) => text !== '') } : parsed,
        command,
        ['-i', '--in-place'],
        ['-e', '--expression', '-f', '--file'],
      );
    case 'python':
    case 'python3':
    case 'node':
    case 'php':
      // A word with blanks is text for the script, not one of its files.
      return { ...NOTHING, reads: operands.filter(({ text }) => !/\s/.test(text)) };
    case 'sftp':
    case 'ftp':
    case 'lftp':
    case 'tftp':
      return {
        ...NOTHING,
        sends: [
          ...[command.input.text ?? '', ...flagValues(parsed, ['-e', '-c']).map(({ text }) => text)]
            .join('\n')
            .matchAll(/(?:^|;)\s*m?put\s+(?:-\S+\s+)*(\S+)/gm),
        ].map(([, path = '']) => literal(path)),
      };
    case 'perl':
    case 'ruby':
      return editedFiles(parsed, command, ['-i'], ['-e', '-E']);
    case 'awk':
    case 'gawk':
    case 'mawk':
    case 'nawk': {
      const inPlace = flagValues(parsed, ['-i', '--include']).some(({ text }) => text === 'inplace');
      const files = hasFlag(parsed, ['-f', '--file', '-e', '--source']) ? operands : operands.slice(1);
      return { ...NOTHING, reads: files, writes: inPlace ? files : [] };
    }
    case 'yq':
      return { ...NOTHING, reads: operands, writes: hasFlag(parsed, ['-i', '--inplace']) ? operands.slice(1) : [] };
    case 'sort':
      return { ...NOTHING, reads: operands, writes: flagValues(parsed, ['-o', '--output']) };
    case 'uniq':
      return { ...NOTHING, reads: operands.slice(0, 1), writes: operands.slice(1, 2) };
    case 'split':
      return { ...NOTHING, reads: operands.slice(0, 1), writes: operands.slice(1, 2) };
    case 'tar':
    case 'bsdtar':
    case 'gtar':
      return tarFiles(command, parsed);
    case 'unzip':
      return { ...NOTHING, writes: flagValues(parsed, ['-d']) };
    case 'cpio':
    case 'aria2c':
      return { ...NOTHING, writes: flagValues(parsed, ['-D', '--directory', '-d', '--dir', '-o', '--out']) };
    case 'zip':
    case '7z':
    case '7za':
    case 'rar':
      return {
        ...NOTHING,
        writes: program === 'zip' ? operands.slice(0, 1) : folderFlag(command),
        reads: operands.slice(1),
      };
    case 'rsync':
      return transferred(operands, hasFlag(parsed, ['-n', '--dry-run']));
    case 'scp':
    case 'rcp':
      return transferred(operands, false);
    case 'curl':
      return curlFiles(parsed, command.bases);
    case 'wget':
      return {
        ...NOTHING,
        writes: flagValues(parsed, [
          '-O',
          '--output-document',
          '-P',
          '--directory-prefix',
          '-o',
          '--output-file',
          '-a',
          '--append-output',
        ]),
        sends: flagValues(parsed, ['--post-file', '--body-file']),
      };
    case 'http':
    case 'https':
    case 'xh':
      return {
        ...NOTHING,
        writes: flagValues(parsed, ['-o', '--output']),
        sends: operands.flatMap((word) => cut(word, word.text.search(/@(?=[^@]+$)/))),
      };
    case 'git':
      return gitFiles(parsed);
    case 'ssh-keygen':
      if (hasFlag(parsed, ['-R']))
        return { ...NOTHING, writes: [flagValues(parsed, ['-f'])[0] ?? literal('~/.ssh/known_hosts')] };
      if (hasFlag(parsed, ['-y'])) return { ...NOTHING, reads: flagValues(parsed, ['-f']) };
      return { ...NOTHING, writes: hasFlag(parsed, ['-l', '-F', '-B', '-e']) ? [] : flagValues(parsed, ['-f']) };
    case 'openssl':
      return {
        ...NOTHING,
        writes: [...singleDash(command, 'out'), ...singleDash(command, 'keyout')],
        reads: singleDash(command, 'in'),
      };
    case 'gpg':
    case 'gpg2':
      return { ...NOTHING, writes: flagValues(parsed, ['-o', '--output']), reads: operands };
    case 'find':
    case 'gfind':
      return findFiles(command);
    case 'xxd':
      return { ...NOTHING, reads: operands.slice(0, 1), writes: operands.slice(1) };
    case 'patch':
      return {
        ...NOTHING,
        writes: [...operands.slice(0, 1), ...flagValues(parsed, ['-d', '-o', '--directory', '--output'])],
      };
    case 'aws':
    case 'gcloud':
      if (!/^(?:s3|storage|compute scp)$/.test(operands[0]?.text ?? '') && operands[1]?.text !== 'scp') return NOTHING;
      return { ...NOTHING, sends: stored(parsed) };
    case 'gsutil':
    case 's3cmd':
    case 'mc':
    case 'rclone':
    case 'azcopy':
      return { ...NOTHING, sends: stored(parsed) };
    case 'az':
      return {
        ...NOTHING,
        sends: flagValues(parsed, ['-f', '--file', '--source', '-s']).filter(({ text }) => /[./~]/.test(text)),
      };
    case 'docker':
    case 'podman':
    case 'kubectl':
    case 'oc':
      return copiedIn(parsed);
    case 'gh':
    case 'glab': {
      const texts = flagValues(parsed, ['-F', '--body-file', '--notes-file', '--input']);
      const [group, action, ...files] = operands;
      const uploads = /^(?:gist create|release upload|release create)$/.test(`${group?.text} ${action?.text}`);
      return { ...NOTHING, sends: uploads ? [...files, ...texts] : texts };
    }
    case 'export':
    case 'echo':
    case 'printf':
      return NOTHING;
  }
  if (COMPRESSORS.has(program)) {
    return hasFlag(parsed, ['-c', '--stdout', '-l', '--list', '-t', '--test', '-k', '--keep'])
      ? { ...NOTHING, reads: operands }
      : { ...NOTHING, writes: operands };
  }
  if (READERS.has(program)) {
    const files = hasPattern(program, parsed) ? operands.slice(1) : operands;
    const only = /grep$|^rg$/.test(program) ? flagValues(parsed, ['--include', '-g', '--glob', '--iglob']) : [];
    return { ...NOTHING, reads: [...files, ...only.filter(({ text }) => !text.startsWith('!'))] };
  }
  return NOTHING;
}

/** The first operand of `grep` and its likes is what they look for. */
function hasPattern(program: string, parsed: Arguments): boolean {
  return (
    /grep$|^(?:rg|ag|ack|jq)$/.test(program) &&
    !hasFlag(parsed, ['-e', '--regexp', '-f', '--file', '--files', '--from-file'])
  );
}

function sourcesAndTarget(parsed: Arguments): [readonly Word[], Word | undefined] {
  const folder = flagValues(parsed, ['-t', '--target-directory'])[0];
  if (folder !== undefined) return [parsed.operands, folder];
  if (parsed.operands.length < 2) return [parsed.operands, undefined];
  return [parsed.operands.slice(0, -1), parsed.operands.at(-1)];
}

/** Folders of which something inside runs by itself, and where in them. */
const STANDING_FOLDERS: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  '.github': 'workflows/',
  '.gitea': 'workflows/',
  '.forgejo': 'workflows/',
  '.vscode': 'tasks.json',
});

/** A target, and the files in it when it may be a folder: only the machine knows which it is. */
function placesIn(target: Word | undefined, sources: readonly Word[], folders: boolean): Word[] {
  if (target === undefined) return [];
  if (!target.certain || target.glob || /[^./]\.[a-z0-9]+$/i.test(target.text)) return [target];
  const folder = target.text.replace(/\/+$/, '');
  const inside = sources.flatMap((source) => {
    const name = baseName(source);
    return source.certain && !source.glob && /[^.]/.test(name)
      ? [literal(`${folder}/${name}/${STANDING_FOLDERS[name] ?? ''}`.replace(/\/$/, ''))]
      : [];
  });
  const into = folders ? STANDING_FOLDERS[baseName(target)] : undefined;
  return [target, ...inside, ...(into === undefined ? [] : [literal(`${folder}/${into}`)])];
}

const baseName = ({ text }: Word) => text.replace(/\/+$/, '').replace(/^.*\//, '');

function assigned(operands: readonly Word[], name: string): Word[] {
  return operands.flatMap((word) => (word.text.startsWith(`${name}=`) ? cut(word, name.length) : []));
}

/** What stands behind the character at this index. */
function cut(word: Word, at: number): Word[] {
  if (at < 0) return [];
  const text = word.text.slice(at + 1);
  if (word.certain) return [{ ...literal(text), glob: word.glob }];
  return [{ ...word, text, head: word.head.slice(at + 1) }];
}

function editedFiles(
  parsed: Arguments,
  command: SimpleCommand,
  inPlace: readonly string[],
  code: readonly string[],
): FileUse {
  const hasCode = command.words.some(({ text }) =>
    code.some(
      (flag) =>
        text === flag ||
        text.startsWith(`${flag}=`) ||
        (flag.length === 2 && new RegExp(`^-[a-zA-Z0]*${flag.charAt(1)}`).test(text)),
    ),
  );
  const files =
    hasCode || command.program === 'perl' || command.program === 'ruby' ? parsed.operands : parsed.operands.slice(1);
  const edits = command.words.some(({ text }) =>
    inPlace.some((flag) =>
      flag.startsWith('--') ? text.startsWith(flag) : /^-[a-zA-Z0]*i/.test(text) && !/^-[IMFlW]/.test(text),
    ),
  );
  return edits ? { ...NOTHING, writes: files } : { ...NOTHING, reads: files };
}

function tarFiles(command: SimpleCommand, parsed: Arguments): FileUse {
  // `tar xzf file`: the first word may be a bundle without its dash.
  const first = command.words[0];
  const bundle = first !== undefined && /^[a-zA-Z]+$/.test(first.text) ? first.text : '';
  const has = (letter: string, long: string) => bundle.includes(letter) || hasFlag(parsed, [`-${letter}`, long]);
  const rest = bundle === '' ? parsed.operands : parsed.operands.slice(1);
  const archive = bundle.includes('f') ? rest.slice(0, 1) : flagValues(parsed, ['-f', '--file']);
  const others = bundle.includes('f') ? rest.slice(1) : rest;
  const folders = flagValues(parsed, ['-C', '--directory', '--one-top-level']);
  if (has('x', '--extract') || has('x', '--get')) {
    // With their own absolute names the files may go anywhere.
    return { ...NOTHING, writes: has('P', '--absolute-names') ? [...folders, literal('/')] : folders };
  }
  if (has('c', '--create') || has('r', '--append') || has('u', '--update')) {
    return { ...NOTHING, writes: archive, reads: others };
  }
  return NOTHING;
}

/** `docker cp a c:/b`, `kubectl create secret --from-file=a`: what goes into a container or a cluster. */
function copiedIn(parsed: Arguments): FileUse {
  const named = flagValues(parsed, ['--from-file', '--from-env-file']).map(
    (word) => cut(word, word.text.indexOf('='))[0] ?? word,
  );
  const at = parsed.operands.findIndex(({ text }) => text === 'cp');
  const [source, target] = at === -1 || at > 1 ? [] : parsed.operands.slice(at + 1);
  const isLocal = ({ text }: Word) => !/^[\w./-]+:/.test(text);
  return {
    ...NOTHING,
    sends: [...named, ...(source !== undefined && isLocal(source) ? [source] : [])],
    writes: target !== undefined && isLocal(target) ? [target] : [],
  };
}

/** `7z x a -o/opt`: the folder is glued to its option. */
function folderFlag({ words }: SimpleCommand): Word[] {
  return words.filter(({ text }) => /^-o./.test(text)).map((word) => literal(word.text.slice(2)));
}

const VERBS = /^(?:cp|mv|copy|move|sync|rsync|put|upload|mirror|copyto|moveto)$/;

/** What goes into a store: `cp a s3://b`, `copy a remote:b`. */
function stored(parsed: Arguments): Word[] {
  const { operands } = parsed;
  const remote = /^\w[\w-]*:/;
  if (!operands.some(({ text }) => VERBS.test(text)) || hasFlag(parsed, ['-n', '--dry-run', '--dryrun'])) return [];
  const inwards = remote.test(operands.at(-1)?.text ?? '');
  return inwards ? operands.filter(({ text }) => !remote.test(text) && !VERBS.test(text)) : [];
}

const REMOTE = /^(?:[\w.-]+@)?[\w.-]+:(?!\\)|^(?:rsync|scp|sftp|ssh):\/\//;

function transferred(operands: readonly Word[], dry: boolean): FileUse {
  const target = operands.at(-1);
  const sources = operands.slice(0, -1);
  if (target === undefined || sources.length === 0 || dry) return { ...NOTHING, reads: sources };
  if (REMOTE.test(target.text)) return { ...NOTHING, sends: sources };
  // Behind a slash it is the folder's files that go over, without the folder.
  const named = sources.filter(({ text }) => !text.endsWith('/'));
  return {
    ...NOTHING,
    writes: placesIn(target, named, named.length < sources.length),
    reads: sources.filter(({ text }) => !REMOTE.test(text)),
  };
}

/** A download under its own name lies where the command runs. */
function keptHere(bases: readonly string[]): Word[] {
  return bases.includes('') ? [] : [literal('./download')];
}

function curlFiles(parsed: Arguments, bases: readonly string[]): FileUse {
  const data = flagValues(parsed, [
    '-d',
    '--data',
    '--data-binary',
    '--data-urlencode',
    '--data-ascii',
    '--json',
    '-F',
    '--form',
    '-H',
    '--header',
    '--url-query',
    '--variable',
  ]);
  const sends = data.flatMap((word) => {
    const match = /^(?:[\w.[\]-]*[=@]?)?[@<](?=[^@<]+$)|^[\w.[\]-]+=[@<]/.exec(word.text);
    return match === null ? [] : cut(word, match[0].length - 1);
  });
  return {
    ...NOTHING,
    writes: [
      ...(hasFlag(parsed, ['-O', '--remote-name', '--remote-name-all']) ? keptHere(bases) : []),
      ...flagValues(parsed, [
        '-o',
        '--output',
        '--output-dir',
        '-D',
        '--dump-header',
        '-c',
        '--cookie-jar',
        '--trace',
        '--trace-ascii',
        '--stderr',
      ]),
    ],
    sends: [...sends, ...flagValues(parsed, ['-T', '--upload-file'])].map(withoutSuffix),
    reads: [
      ...flagValues(parsed, ['-K', '--config']),
      ...parsed.operands.flatMap((word) => (/^file:\/\//i.test(word.text) ? cut(word, 6) : [])),
    ],
  };
}

/** `file.txt;type=text/plain`. */
function withoutSuffix(word: Word): Word {
  const at = word.text.indexOf(';');
  return at === -1 || !word.certain ? word : literal(word.text.slice(0, at));
}

function gitFiles(parsed: Arguments): FileUse {
  const [subcommand, ...operands] = parsed.operands;
  switch (subcommand?.text) {
    case 'clone':
      return { ...NOTHING, writes: operands.slice(1, 2) };
    case 'archive':
    case 'format-patch':
    case 'diff':
    case 'log':
    case 'show':
    case 'blame':
    case 'cat-file':
      return {
        ...NOTHING,
        writes: flagValues(parsed, ['-o', '--output', '--output-directory']),
        reads: operands.map((word) => cut(word, word.text.indexOf(':'))[0] ?? word),
      };
    case 'grep':
      return { ...NOTHING, reads: hasFlag(parsed, ['-e', '-f']) ? operands : operands.slice(1) };
    case 'add':
    case 'stage':
    case 'stash':
      return { ...NOTHING, reads: operands };
    case 'mv':
      return { ...NOTHING, writes: operands.slice(-1), removes: operands.slice(0, -1) };
    case 'bundle':
      return { ...NOTHING, writes: operands[0]?.text === 'create' ? operands.slice(1, 2) : [] };
    case 'init':
      return { ...NOTHING, writes: operands.length > 0 ? operands.slice(0, 1) : flagValues(parsed, ['-C']) };
    default:
      return NOTHING;
  }
}

/** Its own options end at the command: `xargs -a file cat`. */
function argumentFile(words: readonly Word[]): Word[] {
  const at = words.findIndex(({ text }) => /^(?:-a$|--arg-file)/.test(text));
  const word = words[at];
  if (word === undefined || words.slice(0, at).some(({ text }) => !text.startsWith('-'))) return [];
  const equals = word.text.indexOf('=');
  const value = equals === -1 ? words[at + 1] : cut(word, equals)[0];
  return value === undefined ? [] : [value];
}

function singleDash({ words }: SimpleCommand, name: string): Word[] {
  const at = words.findIndex(({ text }) => text === `-${name}`);
  const value = at === -1 ? undefined : words[at + 1];
  return value === undefined ? [] : [value];
}

function findFiles({ words }: SimpleCommand): FileUse {
  const writes = words.flatMap((_, index) => {
    const target = words[index + 1];
    return /^-f(?:print0?|printf|ls)$/.test(words[index]?.text ?? '') && target !== undefined ? [target] : [];
  });
  const starts = findStarts(words);
  return { ...NOTHING, writes, removes: findDeletes(words) ? (starts.length > 0 ? starts : [literal('.')]) : [] };
}
