// Long because it is a table: what the one-liners of each interpreter can do.
import type { Language, Nested } from './nested.ts';
import { isSecretPath } from './secret-paths.ts';
import { readSedScript } from './sed.ts';
import { decodeEscapes } from './shell-text.ts';
import type { Argument } from './source-text.ts';
import { readArguments, stringEnd } from './source-text.ts';
import type { Word } from './word.ts';
import { literal } from './word.ts';

/** A call worth looking at, by what it does. The pattern ends where the arguments begin. */
interface Call {
  readonly does: 'shell' | 'attributes' | 'remove' | 'remove-tree' | 'write' | 'move' | 'sql' | 'evaluate';
  readonly pattern: RegExp;
  /** Only in code that also holds this. */
  readonly needs?: RegExp;
}

/** Calls looked at in one text: enough for anything written by hand. */
const MOST_CALLS = 60;

const SQL_CALL: Call = {
  does: 'sql',
  pattern:
    /\.\s*(?:execute|executemany|executescript|query|exec|raw|prepare|run|do|all|queryRaw\w*|executeRaw\w*|execute_sql)\s*(?=\()/g,
};

const CALLS: Readonly<Record<Exclude<Language, 'awk' | 'sed' | 'sql'>, readonly Call[]>> = {
  python: [
    {
      does: 'shell',
      pattern: /\b(?:system|popen|getoutput|getstatusoutput|create_subprocess_(?:shell|exec)|exec_command)\s*(?=\()/g,
    },
    {
      does: 'shell',
      pattern: /\b(?:run|call|check_call|check_output|Popen)\s*(?=\()/g,
      needs: /\bsubprocess\b|\bsh\b|\binvoke\b|\bpexpect\b|\bfabric\b|\bplumbum\b|\bparamiko\b|\bcommands\b/,
    },
    {
      does: 'shell',
      pattern: /\b(?:exec[lv]p?e?|spawn[lv]p?e?|posix_spawnp?|spawn)\s*(?=\()/g,
      needs: /\bos\b|\bpty\b|\bpexpect\b/,
    },
    { does: 'remove-tree', pattern: /\b(?:rmtree|removedirs|remove_tree|send2trash)\s*(?=\()/g },
    { does: 'remove', pattern: /\b(?:os|path)\s*\.\s*(?:remove|unlink|rmdir|truncate)\s*(?=\()/g },
    { does: 'remove', pattern: /\b(?:unlink|rmdir)\s*(?=\()/g },
    { does: 'remove', pattern: /\b(?:remove)\s*(?=\()/g, needs: /from\s+os\s+import|import\s+os\s+as/ },
    { does: 'write', pattern: /\b(?:open|Path|PosixPath)\s*(?=\()/g },
    {
      does: 'move',
      pattern: /\b(?:shutil\s*\.\s*(?:move|copy\w*)|os\s*\.\s*(?:rename|replace|link|symlink))\s*(?=\()/g,
    },
    { does: 'attributes', pattern: /\bos\s*\.\s*(?:chmod|chown|lchown)\s*(?=\()/g },
    { does: 'evaluate', pattern: /(?<![.\w])(?:exec|eval|compile|__import__)\s*(?=\()/g },
    SQL_CALL,
  ],
  javascript: [
    {
      does: 'shell',
      pattern: /\b(?:exec|spawn|fork|execa|execaSync|execaCommand|execaCommandSync|Command)\s*(?=\()/g,
      needs: /child_process|execa|shelljs|\bBun\b|\bDeno\b|\bzx\b/,
    },
    // Nothing else has these names, whatever way the module came in.
    { does: 'shell', pattern: /\b(?:execSync|spawnSync|execFile|execFileSync)\s*(?=\()/g },
    { does: 'shell', pattern: /(?<![\w$])\$\s*(?=`)/g },
    { does: 'remove', pattern: /\b(?:rmSync|rmdirSync|unlinkSync|truncateSync)\s*(?=\()/g },
    {
      does: 'remove',
      pattern: /\b(?:rm|rmdir|unlink|remove|removeSync)\s*(?=\()/g,
      needs: /\bfs\b|\bfs\/promises\b|\bDeno\b|fs-extra|shelljs/,
    },
    {
      does: 'remove-tree',
      pattern:
        /\b(?:rimraf|rimrafSync|removeSync|emptyDirSync|emptyDir|deleteSync|del)(?:['"]\s*\))?\s*(?:\.\s*(?:sync|native|manual)\s*)?(?=\()/g,
      needs: /rimraf|fs-extra|\bdel\b/,
    },
    {
      does: 'write',
      pattern:
        /\b(?:writeFile|writeFileSync|appendFile|appendFileSync|createWriteStream|outputFile\w*|writeTextFile\w*)\s*(?=\()/g,
    },
    {
      does: 'move',
      pattern:
        /\b(?:copyFile|copyFileSync|rename|renameSync|cp|cpSync|symlink|symlinkSync|link|linkSync|move|moveSync)\s*(?=\()/g,
      needs: /\bfs\b|fs-extra/,
    },
    { does: 'attributes', pattern: /\b(?:chmodSync|chownSync|chmod|chown)\s*(?=\()/g, needs: /\bfs\b|\bDeno\b/ },
    { does: 'evaluate', pattern: /(?<![.\w])(?:eval|Function)\s*(?=\()/g },
    { does: 'evaluate', pattern: /\b(?:runInThisContext|runInNewContext)\s*(?=\()/g },
    SQL_CALL,
  ],
  ruby: [
    { does: 'shell', pattern: /(?<![.\w@$])(?:system|exec|spawn|sh)\b\s*(?=[("'%\w@$])/g },
    {
      does: 'shell',
      pattern:
        /\b(?:Kernel|Process|Open3|IO|PTY)\s*\.\s*(?:system|exec|spawn|popen\w*|capture\w*|pipeline\w*)\s*(?=[("'%\w@$])/g,
    },
    {
      does: 'remove-tree',
      pattern: /\b(?:rm_rf|rm_r|remove_dir|remove_entry\w*|rmtree|remove_tree)\b\s*(?=[("'%\w@$[]|$)/g,
    },
    {
      does: 'remove',
      pattern:
        /\b(?:FileUtils\s*\.\s*(?:rm|rm_f|remove|safe_unlink)|(?:File|Dir|Pathname)\s*\.\s*(?:delete|unlink|rmdir|truncate))\b\s*(?=[("'%\w@$[*])/g,
    },
    { does: 'write', pattern: /\b(?:File|IO)\s*\.\s*(?:write|binwrite|open|new)\s*(?=[("'])/g },
    { does: 'move', pattern: /\bFileUtils\s*\.\s*(?:mv|cp|cp_r|copy|move|ln_s\w*|install)\s*(?=[("'])/g },
    { does: 'evaluate', pattern: /(?<![.\w])(?:eval|instance_eval|class_eval)\s*(?=[("'\w@$])/g },
    SQL_CALL,
  ],
  perl: [
    { does: 'shell', pattern: /(?<![.\w@$%>])(?:system|exec|readpipe)\b\s*(?=[("'\w@$[{])/g },
    { does: 'shell', pattern: /\bqx\s*(?=[({[/!|"'])/g },
    { does: 'remove-tree', pattern: /\b(?:rmtree|remove_tree|pathrmdir)\b\s*(?=[("'\w@$])/g },
    { does: 'remove', pattern: /(?<![.\w@$%>])(?:unlink|rmdir|truncate)\b\s*(?=[("'\w@$<};]|$)/g },
    { does: 'write', pattern: /\bopen\b\s*(?=[(\w])/g },
    { does: 'move', pattern: /(?<![.\w@$%>])(?:rename|copy|move|symlink|link)\s*(?=[("'])/g },
    { does: 'evaluate', pattern: /(?<![.\w@$%>])eval\b\s*(?=["'($\w])/g },
    SQL_CALL,
  ],
  php: [
    { does: 'shell', pattern: /\b(?:system|exec|shell_exec|passthru|popen|proc_open|pcntl_exec)\s*(?=\()/g },
    {
      does: 'remove-tree',
      pattern: /\b(?:deleteDirectory|deleteDirectories|cleanDirectory|removeDirectory|emptyDir)\s*(?=\()/g,
    },
    { does: 'remove', pattern: /\b(?:unlink|rmdir|array_map|(?:File|Storage)::\s*delete)\s*(?=\()/g },
    { does: 'write', pattern: /\b(?:file_put_contents|fopen)\s*(?=\()/g },
    { does: 'move', pattern: /\b(?:rename|copy|symlink|link)\s*(?=\()/g },
    { does: 'evaluate', pattern: /(?<![.\w>])(?:eval|assert|create_function)\s*(?=\()/g },
    SQL_CALL,
  ],
  lua: [
    {
      does: 'shell',
      pattern: /\b(?:os\s*\.\s*execute|io\s*\.\s*popen|vim\s*\.\s*fn\s*\.\s*system(?:list)?)\s*(?=[("'[])/g,
    },
    { does: 'remove-tree', pattern: /\bvim\s*\.\s*fn\s*\.\s*delete\s*(?=\()/g },
    { does: 'remove', pattern: /\bos\s*\.\s*remove\s*(?=[("'[])/g },
    { does: 'write', pattern: /\bio\s*\.\s*open\s*(?=\()/g },
    { does: 'move', pattern: /\bos\s*\.\s*rename\s*(?=\()/g },
    { does: 'evaluate', pattern: /\b(?:load|loadstring)\s*(?=\()/g },
  ],
  r: [
    { does: 'shell', pattern: /\b(?:system|system2|shell)\s*(?=\()/g },
    { does: 'remove-tree', pattern: /\bunlink\s*(?=\()/g },
    { does: 'remove', pattern: /\bfile\.remove\s*(?=\()/g },
    { does: 'evaluate', pattern: /\beval\s*\(\s*parse\s*(?=\()/g },
  ],
  applescript: [{ does: 'shell', pattern: /\bdo\s+(?:shell\s+)?script\s+(?=["'\w])/gi }],
  lisp: [
    { does: 'shell', pattern: /\((?:async-)?shell-command(?:-to-string)?\s+(?=")/g },
    { does: 'shell', pattern: /\((?:call-process|start-process|process-lines)\s+(?=")/g },
    { does: 'remove-tree', pattern: /\(delete-directory\s+(?=["\w(])/g },
    { does: 'remove', pattern: /\(delete-file\s+(?=["\w(])/g },
    { does: 'write', pattern: /\((?:write-region|append-to-file)\s+(?=")/g },
  ],
  other: [
    {
      does: 'shell',
      pattern:
        /(?<![\w$@])(?:system|shell_exec|popen|run|cmd|shell|spawn|exec|execute|run-program|run-shell-command|stringToProcess|Process|callCommand|Sys\.command|qqx)\s*(?=[("'`])/g,
    },
    {
      does: 'remove-tree',
      pattern: /\b(?:rm_rf!?|remove_all|removeAll|deleteDir|deleteRecursively|rmtree|RemoveAll)\s*(?=[("'])/g,
    },
    {
      does: 'remove-tree',
      pattern:
        /\b(?:removeDirectoryRecursive|removePathForcibly|removeDir|remove_dir_all|del_dir_r|Directory\.Delete|FileUtils\.deleteDirectory|os\.remove\.all|rmtree|rmdir_recursive|remove-dir-recursive)\s*(?=[("'])/g,
    },
    { does: 'remove-tree', pattern: /\brmdir\s*(?=\(\s*['"][^'"]*['"]\s*,\s*['"]s)/g },
    { does: 'remove-tree', pattern: /\b(?:delete-directory-tree|delete-directory\/files|delete-tree)\s+(?=["(#])/g },
    {
      does: 'remove',
      pattern:
        /\b(?:rm|rm!|unlink|removeItem|remove_file|Files\.delete(?:IfExists)?|File\.Delete|file:delete|removeFile)\s*(?=[("])/g,
    },
    { does: 'shell', pattern: /\bnew\s+ProcessBuilder\s*(?=\()/g },
    { does: 'remove', pattern: /\((?:delete-file|io\/delete-file)\s+(?=["(])/g },
  ],
};

/** Text in backticks or `%x(…)` is a command there. */
const BACKTICKS: ReadonlySet<Language> = new Set(['ruby', 'perl', 'php', 'other']);

const HIDDEN =
  /\bFunction\s*\(\s*['"`]return\s+(?:process|this|globalThis)|\bgetattr\s*\(\s*(?:os|subprocess|shutil|__import__|__builtins__)\b|__builtins__|\bglobals\s*\(\s*\)\s*\[|\b__dict__\s*\[|process\s*\.\s*binding|child_process['"`]\s*\)\s*\[|\[\s*['"](?:system|popen|rmtree|execSync|rmSync|unlinkSync|exec|spawn)['"]\s*\]|\bimport\s+[^;\n]*\b(?:rmtree|system|popen)\s+as\s+\w|\.then\(\s*eval\s*\)|\bimport_module\s*\(\s*(?:[^'"\s]|['"][^'"]*['"]\s*[+%.])|\b(?:os\.(?:remove|unlink|rmdir|removedirs|system|popen)|shutil\.rmtree|(?:fs\.)?(?:unlinkSync|rmSync|rmdirSync|execSync))\s*(?=[,)\]])|\bpack\s*\(?\s*['"]H|\$(\w+)\s*=\s*['"]\w+['"]\s*\.\s*['"]\w+['"][\s\S]{0,200}?\$\1\s*\(|\b(?:require\s*\([^)]*\)|globalThis)\s*\[\s*(?!['"`]\w+['"`]\s*\])|\{[^{}]*\b(?:rm|rmSync|rmdirSync|unlinkSync|exec|execSync|execFileSync|spawn|spawnSync)\s*:\s*\w+[^{}]*\}\s*=(?!=)|\bsend\s*\(?\s*:(?:system|exec|spawn|eval|`)/;
const ENDLESS_FORK =
  /\bwhile\s*\(?\s*(?:True|true|1)\s*\)?\s*[:;{]?[^\n]{0,40}?\bfork\b|\bfork\s+while\s+(?:fork|1|true)|\bloop\s*(?:do|\{)\s*fork\b|\bfork\s*\(?\s*\)?\s*(?:while|until)\b/;
/** Libraries of cloud services and stores. */
const REMOVES_ELSEWHERE =
  /\b(?:delete|terminate|destroy|purge|drop)_?(?:bucket|objects|table|database|db_?instance|instances?|cluster|stack|queue|topic|index|collection|namespace|volume|snapshot|function|service|project|repo(?:sitory)?)s?(?:Command)?\s*\(|\.\s*flush_?(?:all|db)\s*\(|\.(?:containers|images|volumes|networks)\.prune\s*\(/i;
/** Libraries that talk to a database: everything of a table, or the table itself. */
const LOSES_ROWS =
  /(?:\.|->|::)\s*(?:delete_all|destroy_all|drop_table|drop_all|drop_database|dropDatabase|dropTable|truncate_tables?|dropAllTables)\b|\.objects\.all\(\)\.delete\(|(?:->|\.|::)\s*truncate\(\s*\)|\.(?:deleteMany|remove)\(\s*(?:\{\s*\})?\s*\)(?!\s*\{)/;
const REVERSE_SHELL =
  /\bspawn\(\s*['"](?:\/bin\/)?(?:ba|z|da)?sh['"]|\bdup2\s*\(|\bpty\s*\.\s*spawn|\b(?:exec|system|spawn)\b[\s('"[]*(?:\/bin\/)?(?:ba|z|da)?sh(?:\s+-i\b|['",)\s]|$)|\/bin\/(?:ba|z|da)?sh\b/;
const KILLS_ALL =
  /\bkill(?:pg)?\s*\(\s*[01]\s*,|\bkill(?:pg)?\s*\(?\s*(?:['"]?(?:SIG)?(?:KILL|TERM|HUP)['"]?|:\w+|9|15)?\s*,?\s*-1\b/;
const NETWORK =
  /\b(?:requests|httpx|aiohttp|urllib\d?|http\.client|socket|fetch|axios|XMLHttpRequest|https?(?:['"]\s*\))?\s*\.\s*(?:request|get|post)|Net::HTTP|LWP|IO::Socket|curl_exec|file_get_contents\s*\(\s*['"]https?:|smtplib|ftplib|paramiko)\b/;
const ENVIRONMENT =
  /\bos\s*\.\s*environ\b(?!\s*(?:\.get\s*\(|\[)\s*['"](?:HOME|USER|PATH|PWD|LANG|CI|NODE_ENV|DEBUG|PORT|HOST)['"])|\bprocess\s*\.\s*env\b(?!\s*\.\s*(?:HOME|USER|PATH|PWD|CI|NODE_ENV|DEBUG|PORT|HOST)\b)|\bENV\s*[[.]|%ENV|\bgetenv\s*\(/;
const READS =
  /\b(?:open|read\w*|File\b|load\w*|require|cat|file_get_contents|fopen|slurp|Path|createReadStream|copy\w*|text|config|include)\b/;
const LITERAL = /(["'`])([^"'`\n]{1,200})\1/g;

// What is only printed is text; a hole in it (`#{…}`, `${…}`) may hold code. The words that shells have too count where
// a statement begins, since elsewhere they may stand in a shell's text.
const PRINTED =
  /(\b(?:print|console\.(?:log|error|info))|(?<=(?:^|[;{}\n])\s*)(?:puts|println|say|echo))(?:\s*\(\s*|\s+)(?:"(?:[^"\\\n#$@{]|\\.)*"|'(?:[^'\\\n#$@{]|\\.)*')(?=\s*[).;,\n]|\s*$)/g;

/** What source code would do when it runs, as the commands that would do the same. */
export function codeNested(language: Language, code: Word): Nested[] {
  const text = code.text.replace(PRINTED, '$1(0)');
  if (language === 'awk') return awkNested(text);
  if (language === 'sed') return sedNested(text);
  if (language === 'sql') return [{ kind: 'sql', text: code, client: 'sql' }];
  const nested: Nested[] = [];
  if (HIDDEN.test(text)) nested.push({ kind: 'finding', rule: 'interpreters.hidden' });
  if (REVERSE_SHELL.test(text) && /sock|\bTCP|['"](?:node:)?net['"]/i.test(text))
    nested.push({ kind: 'finding', rule: 'remote.reverse-shell' });
  if (REMOVES_ELSEWHERE.test(text))
    nested.push({ kind: 'finding', rule: 'cloud.library', detail: REMOVES_ELSEWHERE.exec(text)?.[0] ?? '' });
  if (LOSES_ROWS.test(text))
    nested.push({ kind: 'finding', rule: 'database.delete-all', detail: LOSES_ROWS.exec(text)?.[0] ?? '' });
  if (KILLS_ALL.test(text)) nested.push({ kind: 'finding', rule: 'processes.kill-all' });
  if (ENDLESS_FORK.test(text)) nested.push({ kind: 'finding', rule: 'processes.fork-bomb' });
  if (NETWORK.test(text) && ENVIRONMENT.test(text)) nested.push({ kind: 'finding', rule: 'secrets.send' });
  for (const call of CALLS[language]) {
    if (call.needs !== undefined && !call.needs.test(text)) continue;
    for (const match of matchesOf(call.pattern, text)) {
      nested.push(
        ...callNested(call.does, language, match[0], readArguments(text, match.index + match[0].length), text),
      );
    }
  }
  if (BACKTICKS.has(language)) nested.push(...backtickNested(text));
  // A secret file's name in a text that also reads: the two meet in some variable.
  if (READS.test(text)) {
    for (const [, , path = ''] of matchesOf(LITERAL, text))
      if (isSecretPath(path)) nested.push(run('cat', literal(path)));
  }
  // IPython's own form of a command.
  if (language === 'python') {
    for (const match of matchesOf(/(?:^|\n)[ \t]*!([^\n=]+)/g, text))
      nested.push({ kind: 'shell', text: literal(match[1] ?? '') });
  }
  for (const [, from = '', to = ''] of matchesOf(
    /\bPath\(\s*['"]([^'"]+)['"]\s*\)\s*\.\s*(?:rename|replace)\s*\(\s*(?:Path\()?\s*['"]([^'"]+)/g,
    text,
  ))
    nested.push(run('mv', literal(from), literal(to)));
  // The library that runs git by the names of its subcommands.
  if (language === 'python') {
    for (const match of matchesOf(/\.git\s*\.\s*([a-z_]+)\s*(?=\()/g, text)) {
      const words = readArguments(text, match.index + match[0].length).map(({ word }) => word ?? SOMETHING);
      nested.push(run('git', literal((match[1] ?? '').replaceAll('_', '-')), ...words));
    }
  }
  if (language === 'perl') nested.push(...perlPipes(text));
  if (language === 'other') nested.push(...otherNested(text));
  return nested;
}

function matchesOf(pattern: RegExp, text: string): RegExpExecArray[] {
  return [...text.matchAll(pattern).take(MOST_CALLS)];
}

function run(program: string, ...words: Word[]): Nested {
  return { kind: 'command', words: [literal(program), ...words] };
}

const SOMETHING: Word = { text: '…', certain: false, head: '', tail: '', glob: false, output: true };

function callNested(
  does: Call['does'],
  language: Language,
  name: string,
  given: readonly Argument[],
  code: string,
): Nested[] {
  const [first, second] = given;
  switch (does) {
    case 'shell':
      return shellCall(language, name, given);
    case 'remove-tree':
      return [run('rm', literal('-r'), first?.word ?? SOMETHING)];
    case 'remove': {
      if (name.includes('truncate'))
        return first?.word ? [run('truncate', literal('-s'), literal('0'), first.word)] : [];
      const recursive = given.some(({ source }) => /recursive\s*[:=]\s*(?:true|!0|TRUE|1)|^['"]-\w*r/i.test(source));
      const targets = given.flatMap(({ word, list }) => list ?? (word === undefined ? [] : [word]));
      const flags = recursive ? [literal('-r')] : [];
      // Perl's `unlink` alone takes what the loop is at.
      if (targets.length === 0 && given.length === 0 && language !== 'perl' && !/Path\s*\(/.test(code)) return [];
      return [run('rm', ...flags, ...(targets.length > 0 ? targets : [SOMETHING]))];
    }
    case 'write': {
      const opened = language === 'perl' ? perlTarget(given) : first?.word;
      if (language === 'perl' && opened === undefined) {
        const read = given.findLast(({ word }) => word !== undefined)?.word;
        return read !== undefined && isSecretPath(read.text) ? [run('cat', read)] : [];
      }
      if (opened === undefined || (language !== 'perl' && !writes(name, given, code))) return [];
      return [run('tee', opened)];
    }
    case 'move':
      return second?.word === undefined
        ? []
        : [run(/rename|move|replace|mv/.test(name) ? 'mv' : 'cp', first?.word ?? SOMETHING, second.word)];
    case 'attributes': {
      const mode = /^0?o?([0-7]{3,4})$/.exec(second?.source ?? '')?.[1] ?? 'u+x';
      return first?.word === undefined ? [] : [run('chmod', literal(mode), first.word)];
    }
    case 'sql': {
      const statement = first?.word;
      if (statement === undefined || !/^\s*(?:drop|truncate|delete|update|alter|with|begin)\b/i.test(statement.text))
        return [];
      return [{ kind: 'sql', text: statement, client: 'sql' }];
    }
    case 'evaluate':
      return evaluated(language, name, first);
  }
}

/** `open(F, '>', 'x')`, `open F, ">x"`. */
function perlTarget(given: readonly Argument[]): Word | undefined {
  for (const [index, { word }] of given.entries()) {
    const mode = /^\s*\+?>{1,2}\s*/.exec(word?.text ?? '');
    if (word === undefined || mode === null) continue;
    return mode[0].length === word.text.length ? given[index + 1]?.word : literal(word.text.slice(mode[0].length));
  }
  return undefined;
}

function writes(name: string, given: readonly Argument[], code: string): boolean {
  if (/Path/.test(name)) return /\.\s*(?:write_text|write_bytes|touch|open\s*\(\s*['"][wax])/.test(code);
  if (!/\b(?:open|fopen|new)\b/.test(name)) return true;
  return given.slice(1).some(({ source }) => /^(?:mode\s*=\s*)?['"](?:[rb]*[waxc+]|>|\+<)/.test(source));
}

function shellCall(language: Language, name: string, given: readonly Argument[]): Nested[] {
  const [first, ...others] = given;
  if (first === undefined) return [];
  if (name.startsWith('$')) return [{ kind: 'shell', text: first.word ?? SOMETHING }];
  if (first.list !== undefined) return [{ kind: 'command', words: first.list }];
  const { word } = first;
  if (word === undefined) {
    // A method of the same name on something else takes no command: `pattern.exec(text)` was kept out by `needs`.
    return [{ kind: 'finding', rule: 'interpreters.dynamic', detail: first.source.slice(0, 60) }];
  }
  const list = others.find((argument) => argument.list !== undefined)?.list ?? listInside(others);
  if (list !== undefined && language !== 'php') return [{ kind: 'command', words: [word, ...list] }];
  const words = others.flatMap((argument) => (argument.word === undefined ? [] : [argument.word]));
  const separate =
    language === 'ruby' ||
    language === 'perl' ||
    name.includes('ProcessBuilder') ||
    /exec[lv]|spawn[lv]|_exec$/.test(name);
  if (separate && words.length > 0) {
    const repeated = /exec[lv]|spawn[lv]/.test(name) ? words.slice(1) : words;
    return [{ kind: 'command', words: [word, ...repeated] }];
  }
  return [{ kind: 'shell', text: word }];
}

/** `{ args: ['-rf', 'x'] }`. */
function listInside(given: readonly Argument[]): readonly Word[] | undefined {
  for (const { source } of given) {
    const at = source.search(/\bargs\s*:\s*\[/);
    if (at !== -1) return readArguments(`(${source.slice(source.indexOf('[', at))}`, 0)[0]?.list;
  }
  return undefined;
}

function evaluated(language: Language, name: string, first: Argument | undefined): Nested[] {
  if (first === undefined || name.startsWith('compile')) return [];
  if (name.startsWith('__import__')) {
    return first.word?.certain ? [] : [{ kind: 'finding', rule: 'interpreters.hidden' }];
  }
  if (first.word?.certain) return [{ kind: 'code', language, text: first.word }];
  return [{ kind: 'finding', rule: 'interpreters.dynamic', detail: first.source.slice(0, 60) }];
}

function backtickNested(code: string): Nested[] {
  const nested: Nested[] = [];
  for (let at = code.indexOf('`'); at !== -1 && nested.length < MOST_CALLS; at = code.indexOf('`', at)) {
    const end = stringEnd(code, at);
    const text = code.slice(at + 1, end - 1);
    const certain = !/#\{|[$@]\{?[A-Za-z_]/.test(text);
    nested.push({ kind: 'shell', text: certain ? literal(text) : { ...SOMETHING, text } });
    at = end;
  }
  for (const match of matchesOf(/%x\s*([({[|!])([^)}\]|!]*)[)}\]|!]/g, code)) {
    nested.push({ kind: 'shell', text: literal(match[2] ?? '') });
  }
  return nested;
}

/** `open(F, "|rm x")`, `open(F, "-|", "cmd")`, `qx{rm x}`, `unlink <*.o>`. */
function perlPipes(code: string): Nested[] {
  const nested: Nested[] = [];
  for (const match of matchesOf(
    /["'](?:-\||\|-)["']\s*,\s*["']([^"']+)["']|["']\s*\|\s*([^"'|]+)["']|["']([^"'|]+)\|\s*["']/g,
    code,
  )) {
    nested.push({ kind: 'shell', text: literal(match[1] ?? match[2] ?? match[3] ?? '') });
  }
  // A pipe into a shell: what is printed to it is a script.
  if (/["']\s*\|\s*(?:\/\S*\/)?(?:ba|z|da)?sh\b|["']\|-["']\s*,\s*["'](?:\/\S*\/)?(?:ba|z|da)?sh\b/.test(code))
    nested.push({ kind: 'finding', rule: 'unresolved.text', detail: 'sh' });
  for (const match of matchesOf(/\bqx\s*[({[/!|]([^)}\]/!|]*)/g, code))
    nested.push({ kind: 'shell', text: literal(match[1] ?? '') });
  if (/\bglob\b/.test(code) && /\bunlink\b/.test(code)) nested.push(run('rm', SOMETHING));
  if (/\bunlink\b[^;]*(?:\bglob\b|<[^>]*[*?])/.test(code)) nested.push(run('rm', SOMETHING));
  return nested;
}

/** `"rm x".execute()` of Groovy, `exec rm x` of Tcl. */
function otherNested(code: string): Nested[] {
  const nested: Nested[] = [];
  for (const match of matchesOf(/(["'])((?:(?!\1)[^\n])+)\1\s*\.\s*(?:execute\s*\(|!)/g, code)) {
    nested.push({ kind: 'shell', text: literal(match[2] ?? '') });
  }
  for (const match of matchesOf(/(?:^|[\n;[{])\s*(?:exec|spawn|system)\s+(?!\()([^\n;\]]+)/g, code)) {
    nested.push({ kind: 'shell', text: literal(match[1] ?? '') });
  }
  for (const match of matchesOf(/(?:^|\n)\s*:!\s*([^\n]+)/g, code))
    nested.push({ kind: 'shell', text: literal(match[1] ?? '') });
  if (/(?:^|[;\n])\s*(?:drop|truncate|disable_all|drop_all|deleteall)\s+'/.test(code))
    nested.push({ kind: 'finding', rule: 'database.drop' });
  // `(sh "rm" "-rf" "x")` of Lisp, `commandLine "rm", "-rf", "x"` of Gradle.
  for (const match of matchesOf(
    /\(\s*(?:[\w.-]+[/:]{1,2})*(?:sh|run-program|system\*?|process|callProcess|execFile)\s+((?:['(\s]*"[^"]*"[\s)]*)+)|\bcommandLine\s*\(?\s*((?:["'][^"']*["']\s*,?\s*)+)|\bcallProcess\s+("[^"]*"\s*\[[^\]]*\])/g,
    code,
  )) {
    const words = [...(match[1] ?? match[2] ?? match[3] ?? '').matchAll(/"([^"]*)"|'([^'\s()]*)'/g)].map(
      ([, double, single]) => literal(double ?? single ?? ''),
    );
    if (words.length > 0) nested.push({ kind: 'command', words });
  }
  for (const match of matchesOf(/\bexecute_process\s*\(\s*COMMAND\s+([^)]+)/g, code)) {
    nested.push({ kind: 'shell', text: literal((match[1] ?? '').replace(/\s[A-Z_]{4,}\b[\s\S]*$/, '')) });
  }
  for (const match of matchesOf(/\bfile\s*\(\s*(REMOVE(?:_RECURSE)?)\s+([^)\s]+)/gi, code)) {
    const flags = /recurse/i.test(match[1] ?? '') ? [literal('-r')] : [];
    nested.push(run('rm', ...flags, literal(match[2] ?? '')));
  }
  if (/\bfile\s+delete\b/.test(code)) nested.push(run('rm', literal('-r'), SOMETHING));
  return nested;
}

function awkNested(program: string): Nested[] {
  const strings: string[] = [];
  // With the strings out of the way a `|` or `>` beside one means a pipe or a file.
  const bare = program.replace(/"((?:[^"\\]|\\.)*)"/g, (_, text: string) => `"${strings.push(text) - 1}"`);
  const nested: Nested[] = [];
  const text = (index: string | undefined) =>
    literal(decodeEscapes(strings[Number(index)] ?? '').replace(/\\(.)/g, '$1'));
  for (const match of matchesOf(/\bsystem\s*\(\s*(?:"(\d+)"\s*(\)?))?/g, bare)) {
    if (match[1] === undefined) nested.push({ kind: 'finding', rule: 'interpreters.dynamic' });
    else
      nested.push({
        kind: 'shell',
        text: match[2] === ')' ? text(match[1]) : { ...SOMETHING, text: text(match[1]).text },
      });
    if (match[1] !== undefined && match[2] !== ')') nested.push({ kind: 'finding', rule: 'interpreters.dynamic' });
  }
  for (const match of matchesOf(/\|&?\s*\(*\s*"(\d+)"|"(\d+)"[\s)]*\|&?\s*getline/g, bare)) {
    const command = text(match[1] ?? match[2]);
    nested.push({ kind: 'shell', text: command, input: {} });
  }
  for (const match of matchesOf(/(?:print|printf)\b[^|;}\n]*>>?\s*(?:"(\d+)")/g, bare))
    nested.push(run('tee', text(match[1])));
  for (const match of matchesOf(/(?:print|printf)\b[^|;}"\n]*\|\s*(?=[\w$(])(?!getline)/g, bare)) {
    if (!/\|\|/.test(match[0])) nested.push({ kind: 'finding', rule: 'interpreters.dynamic' });
  }
  if (/(?:print|printf)\b[^|;}\n]*>>?\s*\(?\s*ENVIRON\b/.test(bare)) nested.push(run('tee', SOMETHING));
  for (const match of matchesOf(/getline\s*(?:\w+\s*)?<\s*"(\d+)"/g, bare)) nested.push(run('cat', text(match[1])));
  return nested;
}

function sedNested(script: string): Nested[] {
  const { commands, writes: written, reads } = readSedScript(script);
  return [
    ...commands.map(
      (text): Nested =>
        text === '' ? { kind: 'finding', rule: 'interpreters.dynamic' } : { kind: 'shell', text: literal(text) },
    ),
    ...written.filter((path) => !path.startsWith('/dev/std')).map((path) => run('tee', literal(path))),
    ...reads.filter((path) => !path.startsWith('/dev/std')).map((path) => run('cat', literal(path))),
  ];
}
