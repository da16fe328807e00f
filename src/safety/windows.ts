import type { Nested } from './nested.ts';
import type { Word } from './word.ts';
import { literal } from './word.ts';

/** Other names of the commands that rules speak of. */
const ALIASES: Readonly<Record<string, string>> = {
  ri: 'remove-item',
  rm: 'remove-item',
  rmdir: 'remove-item',
  rd: 'remove-item',
  del: 'remove-item',
  erase: 'remove-item',
  iex: 'invoke-expression',
  iwr: 'invoke-webrequest',
  irm: 'invoke-restmethod',
  curl: 'invoke-webrequest',
  wget: 'invoke-webrequest',
  sc: 'set-content',
  clc: 'clear-content',
  mi: 'move-item',
  move: 'move-item',
  mv: 'move-item',
  cpi: 'copy-item',
  cp: 'copy-item',
  copy: 'copy-item',
  kill: 'stop-process',
  spps: 'stop-process',
  saps: 'start-process',
  start: 'start-process',
  gc: 'get-content',
  cat: 'get-content',
  type: 'get-content',
  gci: 'get-childitem',
  ls: 'get-childitem',
  dir: 'get-childitem',
  echo: 'write-output',
  sp: 'set-itemproperty',
  rp: 'remove-itemproperty',
};

const DOWNLOAD =
  /\b(?:downloadstring|downloaddata|downloadfile|invoke-webrequest|invoke-restmethod|iwr|irm|curl|wget|net\.webclient|start-bitstransfer)\b/i;
const EVALUATE = /\b(?:iex|invoke-expression|scriptblock\]::create|&\s*\(?\[scriptblock\])/i;

/** The commands in a text for PowerShell or `cmd`, by the names that the rules know. */
export function windowsNested(kind: 'powershell' | 'cmd', text: Word): Nested[] {
  const nested: Nested[] = [];
  if (text.output) nested.push({ kind: 'finding', rule: 'unresolved.text' });
  if (kind === 'powershell') {
    if (EVALUATE.test(text.text)) {
      nested.push({ kind: 'finding', rule: DOWNLOAD.test(text.text) ? 'remote.run-download' : 'unresolved.text' });
    }
    if (/frombase64string|-bxor|-join\s*\(\s*\[char|\[char\]\s*\d/i.test(text.text))
      nested.push({ kind: 'finding', rule: 'unresolved.encoded' });
    if (/\[(?:system\.)?io\.(?:file|directory)\]::delete/i.test(text.text)) {
      nested.push({ kind: 'command', words: ['remove-item', '-Recurse', '…'].map(literal) });
    }
  }
  for (const words of splitCommands(kind, text.text)) {
    const [program, ...rest] = words;
    if (program === undefined) continue;
    const name = program
      .replace(/^.*[\\/]/, '')
      .replace(/\.exe$/i, '')
      .toLowerCase();
    const known = (kind === 'powershell' && Object.hasOwn(ALIASES, name) ? ALIASES[name] : undefined) ?? name;
    nested.push({ kind: 'command', words: [known, ...rest].map(literal) });
  }
  return nested;
}

/** Each command's words; quotes are taken off, blocks count as commands of their own. */
function splitCommands(kind: 'powershell' | 'cmd', text: string): string[][] {
  const commands: string[][] = [];
  let words: string[] = [];
  let word = '';
  let quote = '';
  let begun = false;
  const endWord = () => {
    if (begun) words.push(word);
    word = '';
    begun = false;
  };
  const endCommand = () => {
    endWord();
    // `foreach`, `if` and assignments carry their command behind them.
    while (
      words.length > 1 &&
      /^(?:if|else|elseif|foreach|for|while|do|try|catch|finally|call|@|\$[\w:]+|=|&|\.|start|in|not|exist|%\w|%%\w)$/i.test(
        words[0] ?? '',
      )
    ) {
      words.shift();
    }
    if (words.length > 0) commands.push(words);
    words = [];
  };
  const escapeMark = kind === 'cmd' ? '^' : '`';
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (quote !== '') {
      if (character === quote) quote = '';
      else word += character;
    } else if (character === escapeMark && at + 1 < text.length) {
      word += text.charAt(++at);
      begun = true;
    } else if (character === '"' || (character === "'" && kind === 'powershell')) {
      quote = character;
      begun = true;
    } else if (/\s/.test(character)) {
      if (character === '\n') endCommand();
      else endWord();
    } else if ('|;&{}()'.includes(character) && !(kind === 'cmd' && ';{}'.includes(character))) endCommand();
    else {
      word += character;
      begun = true;
    }
  }
  endCommand();
  return commands;
}
