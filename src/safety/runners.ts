import type { SimpleCommand } from './command.ts';
import { programName } from './command.ts';
import type { Nested } from './nested.ts';
import type { Stream, Word } from './word.ts';
import { literal, startingWith, UNKNOWN_STREAM } from './word.ts';
import { joinWords } from './wrappers.ts';

/** Values tried one by one where a program runs a command for each of them. */
const MOST_VALUES = 8;

/** `xargs`: the command with what comes from stdin put in or behind. */
export function xargsNested({ words, input }: SimpleCommand): Nested[] {
  const valued = new Set(
    '-n -P -L -s -d -E -a -S -R -J --arg-file --max-args --max-procs --max-lines --delimiter --max-chars'.split(' '),
  );
  let place: string | undefined;
  let index = 0;
  let source = given(input);
  for (; index < words.length; index++) {
    const text = words[index]?.text ?? '';
    if (/^(?:-a|--arg-file)/.test(text)) source = UNKNOWN_STREAM;
    if (text === '--') {
      index++;
      break;
    }
    if (!text.startsWith('-')) break;
    if (text === '-I' || text === '--replace') place = words[text === '-I' ? ++index : index]?.text ?? '{}';
    else if (text.startsWith('-I')) place = text.slice(2);
    else if (text.startsWith('--replace=')) place = text.slice(10);
    else if (text === '-i') place = '{}';
    else if (valued.has(text)) index++;
  }
  const command = words.slice(index);
  if (command.length === 0) return [];
  const values = inputWords(source, place === undefined ? /\s+/ : /\n/);
  if (place === undefined) {
    const split: Nested = { kind: 'command', words: [...command, ...values], input: { text: '' } };
    // With `-d` or `-0` a shell gets each line whole: `printf 'rm x' | xargs bash -c`.
    if (!RUNS_TEXT.test(programName(command[0]?.text ?? ''))) return [split];
    const lines = inputWords(source, /\n/).slice(0, MOST_VALUES);
    return [
      split,
      ...lines.map((line): Nested => ({ kind: 'command', words: [...command, line], input: { text: '' } })),
    ];
  }
  const mark = place;
  return values.slice(0, MOST_VALUES).map((value) => ({ ...filled(command, mark, value), input: { text: '' } }));
}

/** Programs that may run a word of theirs. */
const RUNS_TEXT = /^(?:(?:ba|z|da|k)?sh|eval|env|sudo|python[\d.]*|node|perl|ruby)$/;

/** Nobody runs these without anything to read: what it is was left out. */
function given(input: Stream): Stream {
  return input.text === '' ? UNKNOWN_STREAM : input;
}

function inputWords({ text, namesBelow, namesLike }: Stream, separator: RegExp): Word[] {
  if (text !== undefined && text.length <= 4096) {
    return text
      .split(separator)
      .filter((piece) => piece !== '')
      .map((piece) => literal(piece.replace(/^(['"])(.*)\1$/, '$2')));
  }
  return [found(namesBelow === undefined ? '' : `${namesBelow}/`, namesLike)];
}

/** A file that only a search would name. */
function found(folder: string, like: string | undefined): Word {
  const word = startingWith(folder, like === undefined ? '…' : `…/${like}`);
  return like !== undefined && /[*?[]/.test(like) ? { ...word, glob: true } : word;
}

function putIn(word: Word, mark: string, value: Word): Word {
  const at = mark === '' ? -1 : word.text.indexOf(mark);
  if (at === -1) return word;
  const text = word.text.split(mark).join(value.text);
  if (word.certain && value.certain) return literal(text);
  return {
    text,
    certain: false,
    head: word.text.slice(0, at) + value.head,
    tail: value.tail + word.text.slice(word.text.lastIndexOf(mark) + mark.length),
    glob: word.glob || value.glob,
    output: true,
  };
}

/** Shells that take their text behind `-c`. */
const SHELL = /^(?:ba|z|da|k)?sh$/;
/** Stands in a shell's text for a file that only a search would name. */
const FOUND = 'found_file';

/** The command with the value in place of the mark. */
function filled(command: readonly Word[], mark: string, value: Word): Extract<Nested, { kind: 'command' }> {
  const at = command.findIndex(({ text }) => /^-\w*c$/.test(text)) + 1;
  const text = command[at];
  // The name of a file found in a known folder is a word of the text, not a part of its grammar. Within single quotes
  // a variable would be none.
  const named = !value.certain && value.head !== '' && SHELL.test(programName(command[0]?.text ?? ''));
  if (!named || at === 0 || !text?.certain || !text.text.includes(mark) || mark === '' || text.text.includes("'"))
    return { kind: 'command', words: command.map((word) => putIn(word, mark, value)) };
  const script = literal(text.text.split(mark).join(`\${${FOUND}}`));
  const words = command.map((word, index) => (index === at ? script : putIn(word, mark, value)));
  return { kind: 'command', words, environment: new Map([[FOUND, value]]) };
}

/** GNU parallel: a command template and its values behind `:::` or from stdin. */
export function parallelNested({ words, input }: SimpleCommand): Nested[] {
  const valued = new Set(
    '-j --jobs -a --arg-file --delay --timeout --retries -S --sshlogin --joblog --results --colsep -C --tmpdir -n -N -L -I --workdir --wd --tagstring --halt --memfree --load --nice --header --env --basefile --bf --return --block --recstart --recend --arg-sep --arg-file-sep --max-args --max-chars --max-procs --rpl --id --profile -J --termseq --trc --transferfile --tempdir --tmpdir --limit --sshloginfile --slf --shebang-wrap -P -s -E'.split(
      ' ',
    ),
  );
  let index = 0;
  for (; index < words.length; index++) {
    const text = words[index]?.text ?? '';
    if (!text.startsWith('-')) break;
    if (valued.has(text)) index++;
  }
  const separator = words.findIndex((word, at) => at >= index && /^:::\+?:?$/.test(word.text));
  const template = words.slice(index, separator === -1 ? undefined : separator);
  const listed = separator === -1 ? undefined : listedValues(words.slice(separator));
  const fromFile = words.slice(0, index).some(({ text }) => /^(?:-a|--arg-file)/.test(text));
  if (template.length === 0 && separator === -1 && input.text === '' && !fromFile) return [];
  const values = listed ?? inputWords(fromFile ? UNKNOWN_STREAM : given(input), /\n/);
  if (words.slice(0, index).some(({ text }) => text === '--dry-run' || text === '--dryrun')) return [];
  if (template.length === 0) return values.slice(0, MOST_VALUES).map((text) => ({ kind: 'shell', text }));
  const text = joinWords(template);
  const marks = /\{[./#%\d]*\}/;
  const mark = marks.exec(text.text)?.[0];
  return values.slice(0, MOST_VALUES).flatMap((value): Nested[] => {
    const filled = mark === undefined ? joinWords([text, value]) : putIn(text, mark, value);
    // Values are quoted when they are put in: only as the program itself could they run something.
    const joined: Nested = {
      kind: 'shell',
      text: filled.text.startsWith(value.text) ? filled : { ...filled, output: false },
    };
    // `parallel bash -c 'rm {}'` loses its quotes on the way; what was meant is looked at as well.
    if (!template.some((word) => /\s/.test(word.text)) && !/^\S*sh(?:\s|$)/.test(text.text)) return [joined];
    const meant = mark === undefined ? [...template, value] : template.map((word) => putIn(word, mark, value));
    return [joined, { kind: 'command', words: meant }];
  });
}

/** The words behind `:::`, and the lines of the files behind `::::`. */
function listedValues(words: readonly Word[]): Word[] {
  let fromFile = false;
  return words.flatMap((word) => {
    if (/^:::/.test(word.text)) {
      fromFile = word.text.startsWith('::::');
      return [];
    }
    return fromFile ? inputWords(word.stream ?? UNKNOWN_STREAM, /\n/) : [word];
  });
}

/** `find … -exec command {} ;` and its likes, each with the folder searched as the beginning of `{}`. */
export function findNested({ words }: SimpleCommand): Nested[] {
  const starts = findStarts(words);
  const first = starts[0]?.text ?? '.';
  const below = starts.length === 1 && /^[./\w][^*?]*$/.test(first) ? `${first.replace(/\/+$/, '')}/` : './';
  const folder = starts.every(({ text }) => !/^(?:\/|~|\.\.)/.test(text)) ? below : `${first.replace(/\/+$/, '')}/`;
  const name = words[words.findIndex(({ text }) => text === '-name') + 1];
  // The name looked for is part of what is found: `-name .env -exec cat {}`.
  const file = found(folder, name?.certain && words.some(({ text }) => text === '-name') ? name.text : undefined);
  const nested: Nested[] = [];
  for (let index = 0; index < words.length; index++) {
    if (!/^-(?:exec|execdir|ok|okdir)$/.test(words[index]?.text ?? '')) continue;
    let end = index + 1;
    while (
      end < words.length &&
      words[end]?.text !== ';' &&
      !(words[end]?.text === '+' && words[end - 1]?.text === '{}')
    )
      end++;
    nested.push(filled(words.slice(index + 1, end), '{}', file));
    index = end;
  }
  return nested;
}

/** Tests and actions of `find` that take a word: what stands there is no action. */
const FIND_VALUED =
  /^-(?:i?name|i?l?name|i?path|i?wholename|i?regex|regextype|type|xtype|size|perm|user|group|uid|gid|links|inum|samefile|newer\w*|[acm](?:min|time)|anewer|cnewer|used|fstype|maxdepth|mindepth|context|printf|fprint0?|fls|files0-from)$/;

/** True when the expression removes what it finds. */
export function findDeletes(words: readonly Word[]): boolean {
  for (let index = 0; index < words.length; index++) {
    const text = words[index]?.text ?? '';
    if (text === '-delete') return true;
    if (text === '-fprintf') index += 2;
    else if (FIND_VALUED.test(text)) index++;
    else if (/^-(?:exec|execdir|ok|okdir)$/.test(text)) {
      const end = words.findIndex(
        (word, at) => at > index && (word.text === ';' || (word.text === '+' && words[at - 1]?.text === '{}')),
      );
      if (end === -1) return false;
      index = end;
    }
  }
  return false;
}

/** The folders that `find` begins at. */
export function findStarts(words: readonly Word[]): readonly Word[] {
  let from = 0;
  while (/^-[HLPDO]/.test(words[from]?.text ?? '')) from += words[from]?.text === '-D' ? 2 : 1;
  const end = words.findIndex((word, index) => index >= from && /^[-(!,]/.test(word.text));
  return words.slice(from, end === -1 ? undefined : end);
}

/** `fd … -x command`: everything behind it is the command. */
export function fdNested({ words }: SimpleCommand): Nested[] {
  const at = words.findIndex(({ text }) => /^(?:-x|-X|--exec|--exec-batch)$/.test(text));
  if (at === -1) return [];
  const end = words.findIndex((word, index) => index > at && word.text === ';');
  const command = words.slice(at + 1, end === -1 ? undefined : end);
  const file = found('./', undefined);
  const marked = command.some(({ text }) => /\{\/?\/?\.?\}/.test(text));
  const filled = command.map((word) => putIn(word, /\{\/?\/?\.?\}/.exec(word.text)?.[0] ?? '', file));
  return [{ kind: 'command', words: marked ? filled : [...filled, file] }];
}
