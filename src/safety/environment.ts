import type { SimpleCommand } from './command.ts';
import type { Nested } from './nested.ts';
import { normalize } from './paths.ts';
import type { Word } from './word.ts';
import { literal } from './word.ts';

/** Variables whose value some program runs as a command. */
const COMMANDS = new Set(
  'GIT_PAGER PAGER EDITOR VISUAL GIT_EDITOR GIT_SEQUENCE_EDITOR GIT_SSH_COMMAND GIT_SSH GIT_EXTERNAL_DIFF GIT_ASKPASS SSH_ASKPASS SUDO_ASKPASS BROWSER MANPAGER LESSOPEN LESSCLOSE PROMPT_COMMAND RSYNC_RSH CVS_RSH SUDO_EDITOR FCEDIT GIT_PROXY_COMMAND GIT_DIFF_OPTS KUBE_EDITOR KUBECTL_EXTERNAL_DIFF PERL5DB CC CXX CPP LD AR AS RUSTC RUSTC_WRAPPER MAKE SHELL FZF_DEFAULT_COMMAND FZF_CTRL_T_COMMAND FZF_DEFAULT_OPTS_FILE CMAKE_C_COMPILER_LAUNCHER CMAKE_CXX_COMPILER_LAUNCHER GOCACHEPROG SYSTEMD_PAGER SYSTEMD_EDITOR AWS_PAGER GH_PAGER GH_EDITOR GH_BROWSER HGEDITOR SVN_EDITOR SVN_SSH HGMERGE LPDEST TEXEDIT CARGO_BUILD_RUSTC RUSTDOC RUSTFMT RUSTC_WORKSPACE_WRAPPER CARGO_BUILD_RUSTC_WRAPPER npm_config_script_shell'.split(
    ' ',
  ),
);

/** Variables that make programs load code which their command line does not name. */
const INJECTORS =
  /^(?:LD_PRELOAD|LD_AUDIT|DYLD_INSERT_LIBRARIES|BASH_ENV|BASH_CMDS|BASH_ALIASES|MAKEFILES|PYTHONBREAKPOINT|VIMINIT|EXINIT|PERL5OPT|PYTHONSTARTUP|PYTHONINSPECT|RUBYOPT|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|GIT_EXEC_PATH|GIT_TEMPLATE_DIR|GIT_CONFIG_(?:COUNT|KEY_\d+|VALUE_\d+|GLOBAL|SYSTEM|PARAMETERS)|BASH_FUNC_.*|ZDOTDIR)$/;

/** What lets a Java machine load other code. */
const AGENT = /-(?:javaagent|agentpath|agentlib|Xbootclasspath)|-XX:On(?:OutOfMemory)?Error/;

const PLUGIN = /-fplugin|-B\s*\/tmp|-wrapper|-load\b/;

const MAKE = /--eval|(?:^|\s)-\w*[fI]/;

/** Variables that hold options, and the options among them that name code or programs. */
const OPTIONS: Readonly<Record<string, RegExp>> = Object.assign(Object.create(null), {
  NODE_OPTIONS: /--(?:require|import|loader|experimental-loader|inspect)|(?:^|\s)-r\b/,
  MAKEFLAGS: MAKE,
  GNUMAKEFLAGS: MAKE,
  GOFLAGS: /-(?:toolexec|exec|vettool)\b/,
  CFLAGS: PLUGIN,
  CXXFLAGS: PLUGIN,
  CPPFLAGS: PLUGIN,
  LDFLAGS: /-plugin|-fuse-ld=\/|-B\s*\/tmp/,
  CGO_CFLAGS: PLUGIN,
  npm_config_node_options: /--(?:require|import|loader|experimental-loader|inspect)|(?:^|\s)-r\b/,
  JDK_JAVA_OPTIONS: AGENT,
  JAVA_OPTS: AGENT,
  MAVEN_OPTS: AGENT,
  GRADLE_OPTS: AGENT,
  SBT_OPTS: AGENT,
  JVM_OPTS: AGENT,
  LESS: /\+.*!/,
  MORE: /\+.*!/,
  RUSTFLAGS: /\blinker\s*=/,
  CGO_LDFLAGS: /-fuse-ld|-B\s*\//,
  FZF_DEFAULT_OPTS: /--(?:bind|preview)\b.*(?:execute|become|rm\b|sh\b)/,
  RSYNC_CONNECT_PROG: /./,
  SSH_SK_PROVIDER: /\//,
  OPENSSL_CONF: /^\/(?!etc\/|usr\/)/,
  GCONV_PATH: /./,
  LUA_INIT: /./,
  PHPRC: /^\/tmp|^\/dev\/shm/,
  PHP_INI_SCAN_DIR: /^\/tmp|^\/dev\/shm/,
  ERL_FLAGS: /-eval|-run\b/,
  R_PROFILE_USER: /./,
  R_PROFILE: /./,
  JULIA_LOAD_PATH: /\/tmp/,
  TAR_OPTIONS: /--(?:checkpoint-action|to-command|use-compress-program|rsh-command|info-script)|(?:^|\s)-[IF]/,
  // The start-up file of a plain `sh`; for everybody else the name of a stage.
  ENV: /\//,
});

/** Folders in which programs and their libraries are looked for. */
const SEARCHED = /^(?:PATH|(?:LD|DYLD|DYLD_FALLBACK)_LIBRARY_PATH)$/;

/** Folders in which interpreters look for the modules that a script names. */
const MODULES =
  /^(?:PYTHONPATH|PYTHONHOME|PYTHONUSERBASE|NODE_PATH|PERL5LIB|PERLLIB|RUBYLIB|GEM_PATH|GEM_HOME|CLASSPATH|YARN_RC_FILENAME|(?:npm_config|NPM_CONFIG)_(?:userconfig|globalconfig|USERCONFIG|GLOBALCONFIG|prefix|PREFIX)|PIP_CONFIG_FILE|RIPGREP_CONFIG_PATH|WGETRC|CURL_HOME|INPUTRC|VIM|VIMRUNTIME|MYVIMRC|DOTNET_STARTUP_HOOKS|LUA_C?PATH|TCLLIBPATH|R_LIBS(?:_USER)?)$/;

/** Where the machine's own software lies. */
const INSTALLED = /^(?:\/usr|\/opt|\/lib\w*|\/Library|\/Applications|\/nix|\/snap)(?:\/|$)/;

/** Programs that anybody could have put there would come before the real ones. */
const SHADOWS = /^(?:[^$]*:)?(?:\/tmp|\/var\/tmp|\/dev\/shm|\.?(?=:))(?:\/[^:]*)?(?::|$)/;

const HARMLESS_VALUE =
  /^(?:|cat|less(?: .*)?|more|true|:|vi|vim|nano|emacs|code(?: .*)?|echo|\/bin\/(?:cat|true)|\/dev\/null|0|1)$/;

/** Variables that a builtin fills. */
export function filledBy({ program, words }: SimpleCommand): string[] {
  if (program === 'printf') return words[0]?.text === '-v' && words[1] !== undefined ? [words[1].text] : [];
  return program === 'read' ? words.filter(({ text }) => /^[A-Z_]+$/.test(text)).map(({ text }) => text) : [];
}

/** What a builtin that fills variables (`printf -v`, `read`) would change for the programs that follow. */
export function filledNested(name: string, value: Word | undefined, root: string): Nested[] {
  const open = value === undefined || !value.certain;
  if (open && (name === 'PATH' || INJECTORS.test(name) || COMMANDS.has(name))) return [injection(name)];
  return value === undefined ? [] : environmentNested(name, value, root);
}

/** What setting a variable for a program, or for all that follow, would run; `root` is the project, `/` on another machine. */
export function environmentNested(name: string, value: Word, root: string): Nested[] {
  if (COMMANDS.has(name)) {
    if (HARMLESS_VALUE.test(value.text)) return [];
    return commandNested(name, value.certain ? literal(value.text.replace(/^\|/, '')) : value);
  }
  const options = OPTIONS[name];
  if (options?.test(value.text)) return [injection(name)];
  if (SEARCHED.test(name) && SHADOWS.test(value.text)) return [injection(name)];
  if (MODULES.test(name) && value.text.split(/[:;]/).some((folder) => isForeign(folder, root)))
    return [injection(name)];
  if (INJECTORS.test(name) && !(value.certain && HARMLESS_VALUE.test(value.text))) return [injection(name)];
  if (/^GIT_TRACE/.test(name) && isForeign(value.text, root) && !/^\/tmp\//.test(value.text)) return [injection(name)];
  if (/^PS[0-4]$/.test(name) && /`|\$\(/.test(value.text)) return [injection(name)];
  if (
    /^HIST(?:FILE|SIZE|FILESIZE|CONTROL|IGNORE)$/.test(name) &&
    /^(?:|0|\/dev\/null|\*|ignore\w*)$/.test(value.text)
  ) {
    return name === 'HISTCONTROL' ? [] : [{ kind: 'finding', rule: 'history.off' }];
  }
  return [];
}

/** Programs that a setting would start with some script of anybody's. */
const STARTERS =
  /^(?:(?:ba|z|da|k)?sh|env|python[\d.]*|node|perl|ruby|php|nc|ncat|curl|wget|rm|shred|truncate|unlink|dd|mv|tee|chmod|chown|kill|busybox)\b/;

/** What a setting that is a command would start; a script or another shell in that place is more than the command shows. */
export function commandNested(setting: string, text: Word): Nested[] {
  const first = text.text.trim().split(/\s/, 1)[0] ?? '';
  const starts = STARTERS.test(first) && !/^\S+ (?:-\S+ )*-\w*[ce](?:\s|$)/.test(text.text.trim());
  const foreign = starts || (first.includes('/') && !INSTALLED.test(first) && !/^\/s?bin\//.test(first));
  const nested: Nested[] = [{ kind: 'shell', text }];
  return foreign ? [injection(setting), ...nested] : nested;
}

/** A folder outside the project that is not the machine's own either: its code nobody has looked at. */
export function isForeign(folder: string, root: string): boolean {
  if (!/^[/~]/.test(folder)) return false;
  const path = normalize(folder);
  return root !== '/' && path !== root && !path.startsWith(`${root}/`) && !INSTALLED.test(path);
}

function injection(name: string): Nested {
  return { kind: 'finding', rule: 'environment.injection', detail: name };
}
