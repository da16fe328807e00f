import { soundsSecret } from './secret-names.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Values that are a secret under any name: known key shapes, private keys, addresses with a password in them (but for this machine's own services). */
const SECRET_VALUE =
  /-----BEGIN [A-Z ]*PRIVATE KEY|\bsk-(ant-|proj-|live_)?[\w-]{20,}|\b(gh[pousr]|glpat|npm|pypi|dop_v1|shp(at|ss))[_-][\w-]{20,}|\bgithub_pat_\w{20,}|\b(AKIA|ASIA)[A-Z0-9]{16}\b|\bxox[abeoprs]-[\w-]{10,}|\bAIza[\w-]{30,}|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.|\b[rs]k_(live|test)_\w{16,}|hooks\.slack\.com\/services\/|:\/\/[^\s/:@]*:[^\s/@]+@(?!localhost|127\.|\[::1\])/;

/**
 * Variables that would change what a command means, so that what runs is not what was shown: where git looks for the
 * repository, start-up files and functions of the shell.
 */
const MISLEADING =
  /^(GIT_(DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|NAMESPACE|PREFIX|CONFIG|CONFIG_(COUNT|PARAMETERS|KEY_\d+|VALUE_\d+)|GRAFT_FILE|SHALLOW_FILE|NO_REPLACE_OBJECTS|REPLACE_REF_BASE|IMPLICIT_WORK_TREE|INTERNAL_SUPER_PREFIX|EXTERNAL_DIFF)|BASH_ENV|ENV|BASH_FUNC_.*|SHELLOPTS|BASHOPTS|CDPATH|PROMPT_COMMAND|GLOBIGNORE)$/;

/** Variables that make programs colour what no terminal shows. */
const COLOURING = new Set(['FORCE_COLOR', 'CLICOLOR_FORCE', 'COLORTERM', 'LS_COLORS', 'GREP_COLORS']);

/** What a command needs to know of its surroundings: nobody is there to answer a prompt or to turn a page. */
const UNATTENDED: Readonly<Record<string, string>> = {
  TERM: 'dumb',
  NO_COLOR: '1',
  // Reports that are fitted to a terminal lose the end of their lines at the usual 80.
  COLUMNS: '120',
  PAGER: 'cat',
  GIT_PAGER: 'cat',
  MANPAGER: 'cat',
  SYSTEMD_PAGER: '',
  AWS_PAGER: '',
  EDITOR: 'true',
  VISUAL: 'true',
  GIT_EDITOR: 'true',
  GIT_TERMINAL_PROMPT: '0',
  // Empty, not unset: git would go on to SSH_ASKPASS, which may open a window.
  GIT_ASKPASS: '',
  SSH_ASKPASS: '',
  SSH_ASKPASS_REQUIRE: 'never',
  DEBIAN_FRONTEND: 'noninteractive',
  PIP_NO_INPUT: '1',
  // Else what a program had printed is lost when the time limit ends it.
  PYTHONUNBUFFERED: '1',
};

/** True for a variable whose value must not reach a command: a secret by its name or by its value. */
export function isSecretVariable(name: string, value: string): boolean {
  return /^ANTHROPIC_/i.test(name) || soundsSecret(name, 'any') || SECRET_VALUE.test(value);
}

/** The environment for a command of the model: the user's own, without secrets and surprises, and with nobody to ask. */
export function scrubEnvironment(env: Environment): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || MISLEADING.test(name) || COLOURING.has(name) || isSecretVariable(name, value)) continue;
    kept[name] = value;
  }
  return { ...kept, ...UNATTENDED };
}
