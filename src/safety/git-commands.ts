import { flagValues, parseArguments } from './arguments.ts';
import type { SimpleCommand } from './command.ts';
import { commandNested } from './environment.ts';
import type { Nested } from './nested.ts';
import type { Word } from './word.ts';
import { literal } from './word.ts';
import { joinWords } from './wrappers.ts';

/** Settings of git whose value is a command. */
const COMMAND_KEYS =
  /^(?:core\.(?:pager|editor|sshcommand|fsmonitor|askpass|gitproxy)|sequence\.editor|diff\.external|pager\..*|gpg\.(?:\w+\.)?program|(?:diff|difftool|mergetool|merge|guitool|browser|man)\..*\.(?:command|textconv|cmd|driver)|filter\..*\.(?:clean|smudge|process)|credential\.(?:.*\.)?helper|uploadpack\.packobjectshook|remote\..*\.(?:uploadpack|receivepack|vcs)|sendemail\.smtpserver|interactive\.difffilter|trailer\..*\.(?:command|cmd)|web\.browser|http\.proxy|init\.templatedir|alias\..*)$/;

const HARMLESS_VALUE =
  /^(?:|cat|less(?: .*)?|more|true|false|:|vim?|nvim|nano|emacs|code(?: .*)?|store|cache(?: .*)?|osxkeychain|manager(?:-core)?|wincred|libsecret|git-lfs .*|gpg2?|diff|meld|vimdiff|delta|ssh)$/;

/** What git itself would start: commands in its options and settings. */
export function gitNested(command: SimpleCommand): Nested[] {
  const nested: Nested[] = [];
  const parsed = parseArguments('git', command.words);
  const [subcommand, ...operands] = parsed.operands;
  for (const word of command.words) {
    const at = word.text.indexOf('ext::');
    if (at === -1) continue;
    // An address that is a command; `% ` stands for a blank in it.
    const text = word.text
      .slice(at + 5)
      .replaceAll('%S', '')
      .replaceAll('% ', ' ');
    nested.push(
      { kind: 'finding', rule: 'environment.injection', detail: 'ext::' },
      { kind: 'shell', text: literal(text) },
    );
  }
  const at = subcommand === undefined ? -1 : command.words.indexOf(subcommand);
  for (const word of command.words.slice(0, Math.max(at, 0))) {
    // Programs of git from another folder, and settings out of variables.
    const key = /^--config-env=([^=]+)/.exec(word.text)?.[1]?.toLowerCase();
    if (/^--exec-path=/.test(word.text) || (key !== undefined && COMMAND_KEYS.test(key)))
      nested.push({ kind: 'finding', rule: 'environment.injection', detail: word.text });
  }
  for (const setting of globalSettings(command.words)) {
    const name = /^alias\.([^=]+)=/i.exec(setting.text)?.[1];
    const called = name !== undefined && name === subcommand?.text ? command.words.slice(at + 1) : [];
    nested.push(...settingNested(setting, called));
  }
  if (
    /^(?:init|clone)$/.test(subcommand?.text ?? '') &&
    flagValues(parsed, ['--template']).some(({ text }) => text !== '')
  )
    nested.push({ kind: 'finding', rule: 'persistence.git-hooks', detail: '--template' });
  switch (subcommand?.text) {
    case 'config': {
      const [key, value] = /^(?:set|add|replace-all)$/.test(operands[0]?.text ?? '') ? operands.slice(1) : operands;
      if (key !== undefined && value !== undefined) nested.push(...settingNested(literal(`${key.text}=${value.text}`)));
      return nested;
    }
    case 'apply':
      // What was just printed as the difference to the last commit is taken back.
      return command.input.holds === 'the repository' &&
        command.words.some(({ text }) => /^(?:-R|--reverse)$/.test(text))
        ? [...nested, { kind: 'finding', rule: 'git.checkout-discard', detail: 'apply -R' }]
        : nested;
    case 'rebase':
      return [...nested, ...texts(flagValues(parsed, ['-x', '--exec']))];
    case 'difftool':
    case 'mergetool':
      return [...nested, ...texts(flagValues(parsed, ['-x', '--extcmd']))];
    case 'grep':
      return [
        ...nested,
        ...texts(flagValues(parsed, ['--open-files-in-pager', '-O']).filter(({ text }) => text !== '')),
      ];
    case 'filter-branch': {
      const filters = command.words.flatMap(({ text }, index) => {
        const value = command.words[index + 1];
        return /^--\w+-filter$/.test(text) && value !== undefined ? [value] : [];
      });
      return [...nested, ...texts(filters)];
    }
    default:
      return [
        ...nested,
        ...texts(
          flagValues(parsed, [
            '--upload-pack',
            '--receive-pack',
            '--exec',
            ...(subcommand?.text === 'clone' ? ['-u'] : []),
          ]),
        ),
      ];
  }
}

/** `-c key=value` before the subcommand, and `--config` of clone. */
function globalSettings(words: readonly Word[]): Word[] {
  const settings: Word[] = [];
  for (let index = 0; index < words.length; index++) {
    const { text } = words[index] ?? literal('');
    const next = words[index + 1];
    if ((text === '-c' || text === '--config') && next?.text.includes('=')) settings.push(next);
    else if (/^-c\w+\.[\w.-]+=/.test(text)) settings.push(literal(text.slice(2)));
    else if (text.startsWith('--config=')) settings.push(literal(text.slice(9)));
  }
  return settings;
}

function settingNested({ text }: Word, called: readonly Word[] = []): Nested[] {
  const equals = text.indexOf('=');
  const key = text.slice(0, equals).toLowerCase();
  const value = text.slice(equals + 1).trim();
  if (key === 'core.hookspath' && /^(?:\/dev\/null|)$/.test(value)) return [];
  if (/^gc\..*(?:reflogexpire\w*|pruneexpire)$/.test(key) && value !== 'never')
    return [{ kind: 'finding', rule: 'git.gc', detail: text }];
  if (/^submodule\..*\.update$/.test(key) && value.startsWith('!'))
    return [{ kind: 'shell', text: literal(value.slice(1)) }];
  if (key === 'core.hookspath') return [{ kind: 'finding', rule: 'persistence.git-hooks', detail: text }];
  if ((key === 'protocol.ext.allow' && value !== 'never') || /^include(?:if\..*)?\.path$/.test(key))
    return [{ kind: 'finding', rule: 'environment.injection', detail: text }];
  if (!COMMAND_KEYS.test(key) || HARMLESS_VALUE.test(value)) return [];
  if (key.startsWith('alias.')) {
    const text = literal(value.startsWith('!') ? value.slice(1) : `git ${value}`);
    return [{ kind: 'shell', text: joinWords([text, ...called]) }];
  }
  if (key === 'core.fsmonitor' && /^(?:true|false)$/.test(value)) return [];
  return commandNested(key, literal(value.replace(/^!/, '')));
}

function texts(words: readonly Word[]): Nested[] {
  return words.flatMap((text) =>
    /^(?:git-)?(?:upload|receive)-pack$/.test(text.text) ? [] : commandNested(text.text, text),
  );
}
