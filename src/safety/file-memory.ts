import { flagValues, hasFlag, parseArguments } from './arguments.ts';
import type { SimpleCommand } from './command.ts';
import { fileUse } from './file-use.ts';
import { fileKey } from './streams.ts';
import type { Frame } from './walk.ts';
import { literal, type Stream, type Word } from './word.ts';

/** What a command puts into files, as far as its later parts may run or send them. */
export function rememberFiles(command: SimpleCommand, frame: Frame): void {
  switch (command.program) {
    case 'tee':
      for (const target of parseArguments('tee', command.words).operands)
        frame.scope.files.set(fileKey(target, command.bases), command.input);
      return;
    case 'curl':
    case 'wget':
    case 'aria2c':
      return rememberDownloads(command, frame);
    case 'scp':
    case 'rsync':
    case 'aws':
    case 'gsutil':
    case 'gcloud':
    case 'rclone':
      return rememberFetched(command, frame);
    case 'git':
      return rememberClone(command, frame);
    case 'cp':
    case 'mv':
    case 'ln':
    case 'install':
      return rememberCopies(command, frame);
  }
}

/** What stands in a file: put there by this very command, or changed in this session; undefined for all others. */
export function contentOf(key: string, { scope, walk }: Frame): Stream | undefined {
  const written = scope.files.get(key);
  if (written !== undefined) {
    const { file } = written;
    return written.text === undefined && file?.certain
      ? { ...written, ...changed(fileKey(file, scope.bases), walk) }
      : written;
  }
  return changed(key, walk);
}

function changed(key: string, { changedFile }: Frame['walk']): Stream | undefined {
  const text = changedFile(key);
  return text === undefined ? undefined : { text };
}

/** Programs that put a package into the machine and run what it brings. */
const INSTALLERS =
  /^(?:dpkg|rpm|apt|apt-get|dnf|yum|zypper|pip3?|npm|pnpm|yarn|gem|installer|msiexec|snap|flatpak|brew|code|hdiutil|pkg|pacman|cargo|go)$/;

/** A package that this very command fetched and now installs; undefined when there is none. */
export function installedDownload({ program, words, bases }: SimpleCommand, { scope }: Frame): string | undefined {
  if (scope.files.size === 0 || !INSTALLERS.test(program)) return undefined;
  return words.find((word) => !word.text.startsWith('-') && scope.files.get(fileKey(word, bases))?.downloaded)?.text;
}

/** True below a folder that came from the network: `git clone …; ./x/install.sh`. */
export function isInDownload(key: string, { scope: { files } }: Frame): boolean {
  for (let slash = key.lastIndexOf('/'); slash > 0; slash = key.lastIndexOf('/', slash - 1)) {
    if (files.get(key.slice(0, slash + 1))?.downloaded) return true;
  }
  return false;
}

/** A file that was filled with secrets by this very command, and leaves the machine; undefined when none does. */
export function sentSecret(command: SimpleCommand, { scope }: Frame): string | undefined {
  if (scope.files.size === 0) return undefined;
  for (const word of fileUse(command, parseArguments(command.program, command.words)).sends) {
    const secret = scope.files.get(fileKey(word, scope.bases))?.secret;
    if (secret !== undefined) return secret;
  }
  return undefined;
}

function rememberDownloads({ program, words, bases }: SimpleCommand, { scope }: Frame): void {
  const parsed = parseArguments(program, words);
  const named = flagValues(parsed, program === 'wget' ? ['-O', '--output-document'] : ['-o', '--output', '--out']);
  const keepsName =
    named.length === 0 && (program !== 'curl' || hasFlag(parsed, ['-O', '--remote-name', '--remote-name-all']));
  const targets = keepsName
    ? parsed.operands.map(({ text }) => literal(text.replace(/[?#].*$/, '').replace(/^.*\//, '')))
    : named;
  for (const target of targets) {
    if (target.text !== '-' && target.text !== '') scope.files.set(fileKey(target, bases), { downloaded: true });
  }
}

const REMOTE = /^(?:[\w.-]+@)?[\w.-]+:(?!\\)/;

/** `scp host:x.sh .`, `aws s3 cp s3://b/x.sh .`. */
function rememberFetched({ program, words, bases }: SimpleCommand, { scope }: Frame): void {
  const parsed = parseArguments(program, words);
  const [source, target] = parsed.operands.slice(-2);
  if (source === undefined || target === undefined || !REMOTE.test(source.text) || REMOTE.test(target.text)) return;
  const name = literal(source.text.replace(/^.*[/:]/, ''));
  for (const place of [target, within(target, name)]) scope.files.set(fileKey(place, bases), { downloaded: true });
  if (hasFlag(parsed, ['-r', '-R', '-a', '--recursive', '--archive']))
    scope.files.set(`${fileKey(target, bases)}/`, { downloaded: true });
}

function rememberClone({ program, words, bases }: SimpleCommand, { scope }: Frame): void {
  const [subcommand, address, folder] = parseArguments(program, words).operands;
  if (subcommand?.text !== 'clone' || address === undefined || !/^\w+:|^[\w.-]+@/.test(address.text)) return;
  const name = address.text
    .replace(/\/+$/, '')
    .replace(/^.*[/:]/, '')
    .replace(/\.git$/, '');
  scope.files.set(`${fileKey(folder ?? literal(name), bases)}/`, { downloaded: true });
}

/** A copy holds what its source held. */
function rememberCopies({ program, words, bases }: SimpleCommand, frame: Frame): void {
  const [source, target] = parseArguments(program, words).operands.slice(-2);
  if (source === undefined || target === undefined) return;
  const content = contentOf(fileKey(source, bases), frame);
  if (content === undefined) return;
  for (const place of [target, within(target, source)]) frame.scope.files.set(fileKey(place, bases), content);
}

/** The source's name in the target, when that is a folder. */
function within(folder: Word, { text }: Word): Word {
  return literal(`${folder.text.replace(/\/+$/, '')}/${text.replace(/^.*\//, '')}`);
}
