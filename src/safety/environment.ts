import type { Nested } from './nested.ts';
import type { Word } from './word.ts';
import { literal } from './word.ts';

/** Variables whose value some program runs as a command. */
const COMMANDS = new Set(
  'GIT_PAGER PAGER EDITOR VISUAL GIT_EDITOR GIT_SEQUENCE_EDITOR GIT_SSH_COMMAND GIT_SSH GIT_EXTERNAL_DIFF GIT_ASKPASS SSH_ASKPASS SUDO_ASKPASS BROWSER MANPAGER LESSOPEN LESSCLOSE PROMPT_COMMAND RSYNC_RSH CVS_RSH SUDO_EDITOR FCEDIT GIT_PROXY_COMMAND GIT_DIFF_OPTS KUBE_EDITOR KUBECTL_EXTERNAL_DIFF PERL5DB CC CXX CPP LD AR AS RUSTC RUSTC_WRAPPER RUSTC_WORKSPACE_WRAPPER CARGO_BUILD_RUSTC_WRAPPER npm_config_script_shell'.split(
    ' ',
  ),
);

/** Variables that make programs load code which their command line does not name. */
const INJECTORS =
  /^(?:LD_PRELOAD|LD_AUDIT|DYLD_INSERT_LIBRARIES|BASH_ENV|PERL5OPT|PYTHONSTARTUP|PYTHONINSPECT|RUBYOPT|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|GIT_EXEC_PATH|GIT_TEMPLATE_DIR|GIT_CONFIG_(?:COUNT|KEY_\d+|VALUE_\d+|GLOBAL|SYSTEM|PARAMETERS)|BASH_FUNC_.*|ZDOTDIR)$/;

const MAKE = /--eval|(?:^|\s)-\w*[fI]/;

/** Variables that hold options, and the options among them that name code or programs. */
const OPTIONS: Readonly<Record<string, RegExp>> = Object.assign(Object.create(null), {
  NODE_OPTIONS: /--(?:require|import|loader|experimental-loader|inspect)|(?:^|\s)-r\b/,
  MAKEFLAGS: MAKE,
  GNUMAKEFLAGS: MAKE,
  GOFLAGS: /-(?:toolexec|exec|vettool)\b/,
  TAR_OPTIONS: /--(?:checkpoint-action|to-command|use-compress-program|rsh-command|info-script)|(?:^|\s)-[IF]/,
  // The start-up file of a plain `sh`; for everybody else the name of a stage.
  ENV: /\//,
});

/** Folders in which programs and their libraries are looked for. */
const SEARCHED = /^(?:PATH|(?:LD|DYLD|DYLD_FALLBACK)_LIBRARY_PATH)$/;

/** Programs that anybody could have put there would come before the real ones. */
const SHADOWS = /^(?:[^$]*:)?(?:\/tmp|\/var\/tmp|\/dev\/shm|\.?(?=:))(?:\/[^:]*)?(?::|$)/;

const HARMLESS_VALUE =
  /^(?:|cat|less(?: .*)?|more|true|:|vi|vim|nano|emacs|code(?: .*)?|echo|\/bin\/(?:cat|true)|\/dev\/null|0|1)$/;

/** What a builtin that fills variables (`printf -v`, `read`) would change for the programs that follow. */
export function filledNested(name: string, value: Word | undefined): Nested[] {
  const open = value === undefined || !value.certain;
  if (open && (name === 'PATH' || INJECTORS.test(name) || COMMANDS.has(name))) return [injection(name)];
  return value === undefined ? [] : environmentNested(name, value);
}

/** What setting a variable for a program, or for all that follow, would run. */
export function environmentNested(name: string, value: Word): Nested[] {
  if (COMMANDS.has(name)) {
    if (HARMLESS_VALUE.test(value.text)) return [];
    return [{ kind: 'shell', text: value.certain ? literal(value.text.replace(/^\|/, '')) : value }];
  }
  const options = OPTIONS[name];
  if (options?.test(value.text)) return [injection(name)];
  if (SEARCHED.test(name) && SHADOWS.test(value.text)) return [injection(name)];
  if (INJECTORS.test(name) && !(value.certain && HARMLESS_VALUE.test(value.text))) return [injection(name)];
  if (/^PS[0-4]$/.test(name) && /`|\$\(/.test(value.text)) return [injection(name)];
  if (
    /^HIST(?:FILE|SIZE|FILESIZE|CONTROL|IGNORE)$/.test(name) &&
    /^(?:|0|\/dev\/null|\*|ignore\w*)$/.test(value.text)
  ) {
    return name === 'HISTCONTROL' ? [] : [{ kind: 'finding', rule: 'history.off' }];
  }
  return [];
}

function injection(name: string): Nested {
  return { kind: 'finding', rule: 'environment.injection', detail: name };
}
