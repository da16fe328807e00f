import type { SimpleCommand } from './command.ts';
import { normalize } from './paths.ts';
import type { Scope } from './scope.ts';
import { assign, unknownValue } from './scope.ts';
import { formatted } from './shell-text.ts';
import { isKnownProgram } from './unknown-programs.ts';
import type { Call } from './walk.ts';
import type { Stream, Word } from './word.ts';
import { literal, startingWith } from './word.ts';

/** `export $(cat file)`, `read "$x"`. */
const SETS_VARIABLES = /^(?:export|declare|typeset|local|readonly|read|mapfile|readarray|printf|let|getopts)$/;

/** Lets a builtin change what the shell knows: folder, variables, functions, arguments. */
export function applyBuiltin(command: SimpleCommand, call: Call, scope: Scope, home: string): void {
  const { program, words, input } = command;
  if (
    SETS_VARIABLES.test(program) &&
    words.some(({ certain, output, text }) => !certain && output && !/^\w+\+?=/.test(text))
  )
    scope.opaque = true;
  switch (program) {
    case 'cd':
    case 'pushd':
    case 'chdir':
    case 'set-location': {
      const here = scope.bases;
      if (program === 'pushd') scope.pushed = [...scope.pushed, here];
      scope.bases = movedTo(operandsOf(words)[0], scope, home);
      scope.before = here;
      return;
    }
    case 'popd':
      scope.before = scope.bases;
      scope.bases = [...new Set([...(scope.pushed.at(-1) ?? ['']), ...scope.stays])];
      scope.stays = [];
      scope.pushed = scope.pushed.slice(0, -1);
      return;
    case 'export':
    case 'declare':
    case 'typeset':
    case 'local':
    case 'readonly':
      for (const { name, value, append } of call.assignments) {
        // `declare -n a=b`: from now on `a` is whatever `b` will be.
        const alias = words.some(({ text }) => /^-\w*n/.test(text)) && program !== 'export';
        assign(scope, name, alias ? [unknownValue(name)] : value, append);
      }
      return;
    case 'alias':
      for (const { name, value } of call.assignments) if (value[0]?.certain) scope.aliases.set(name, value[0].text);
      return;
    case 'unalias':
      for (const { text } of words) scope.aliases.delete(text);
      return;
    case 'unset':
      for (const { text } of words) {
        scope.variables.set(text, { values: [[]] });
        scope.functions.delete(text);
      }
      return;
    case 'set': {
      const dashes = words.findIndex(({ text }) => text === '--');
      if (dashes !== -1) scope.positional = words.slice(dashes + 1);
      else if (words[0] !== undefined && !/^[-+]/.test(words[0].text)) scope.positional = words;
      return;
    }
    case 'shift':
      scope.positional = scope.positional?.slice(Number(words[0]?.text ?? 1) || 1);
      return;
    case 'read':
      return readVariables(command, input, scope);
    case 'mapfile':
    case 'readarray':
    case 'getopts': {
      const name = program === 'getopts' ? words[1]?.text : operandsOf(words)[0]?.text;
      if (name !== undefined) assign(scope, name, [named(name, input)], false);
      return;
    }
    case 'printf': {
      const [option, name, ...rest] = words;
      if (option?.text !== '-v' || name === undefined) return;
      const text = formatted(rest);
      assign(scope, name.text, [text === undefined ? unknownValue(name.text) : literal(text)], false);
      return;
    }
    case 'let':
      for (const { text } of words) {
        const name = /^\w+/.exec(text)?.[0];
        if (name !== undefined) assign(scope, name, [{ ...literal(`$${name}`), certain: false, tail: '' }], false);
      }
      return;
    case 'hash':
      if (words[0]?.text === '-p' && words[1] !== undefined && words[2] !== undefined) {
        scope.copies.set(words[2].text, words[1].text);
      }
      return;
    case 'cp':
    case 'ln':
    case 'mv': {
      const [source, target] = operandsOf(words).slice(-2);
      // By its path, or by its name out of `which`.
      const isProgram =
        source?.certain &&
        (/^(?:\/usr)?(?:\/local)?\/s?bin\/[^/]+$/.test(source.text) ||
          (!source.text.includes('/') && isKnownProgram(source.text)));
      if (isProgram && target !== undefined) {
        scope.copies.set(target.text, source.text);
        scope.copies.set(target.text.replace(/^.*\//, ''), source.text);
      }
      return;
    }
  }
}

function operandsOf(words: readonly Word[]): readonly Word[] {
  return words.filter(({ text }) => !/^-./.test(text));
}

function movedTo(target: Word | undefined, scope: Scope, home: string): readonly string[] {
  if (target === undefined || target.text === '~') return [home];
  if (target.text === '-') return scope.before;
  const folder = target.certain ? target.text : target.head.slice(0, target.head.lastIndexOf('/') + 1);
  if (folder === '') return [target.stream?.namesBelow === '.' ? (scope.bases[0] ?? '') : ''];
  if (folder.startsWith('~/')) return [normalize(`${home}/${folder.slice(2)}`)];
  if (folder.startsWith('~')) return [''];
  if (folder.startsWith('/')) return [normalize(folder)];
  return scope.bases.map((base) => (base === '' ? '' : normalize(`${base}/${folder}`)));
}

function named(name: string, input: Stream): Word {
  return input.namesBelow === undefined ? unknownValue(name) : startingWith(`${input.namesBelow}/`, `$${name}`);
}

function readVariables({ words, environment }: SimpleCommand, input: Stream, scope: Scope): void {
  const names: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const text = words[index]?.text ?? '';
    if (/^-[a-zA-Z]*[pdntNui]$/.test(text)) index++;
    else if (text === '-a') continue;
    else if (!text.startsWith('-')) names.push(text);
  }
  const line = input.text?.split('\n', 1)[0]?.trim();
  const onlyLine = line !== undefined && input.text?.trim() === line;
  const separators = environment.get('IFS')?.text ?? ' \t';
  const fields = onlyLine ? splitFields(line, separators) : undefined;
  (names.length > 0 ? names : ['REPLY']).forEach((name, index) => {
    const last = index === names.length - 1 || names.length === 0;
    const text = fields && (last ? fields.slice(index).join(' ') : (fields[index] ?? ''));
    assign(scope, name, [text === undefined ? named(name, input) : literal(text)], false);
  });
}

function splitFields(line: string, separators: string): string[] {
  const fields: string[] = [];
  let field = '';
  for (const character of line) {
    if (!separators.includes(character)) field += character;
    else if (field !== '' || character.trim() !== '') {
      fields.push(field);
      field = '';
    }
  }
  return [...fields, field];
}
