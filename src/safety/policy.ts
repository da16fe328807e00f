import type { SimpleCommand } from './command.ts';
import { commandLine } from './command.ts';
import type { CommandParts } from './command-parts.ts';
import { commandParts } from './command-parts.ts';
import { floorRule } from './floor.ts';
import { argumentsOf, ruleFinder } from './match.ts';
import { guardPaths } from './path-guard.ts';
import type { Ground } from './paths.ts';
import { normalize } from './paths.ts';
import { harmlessVariables, isReadOnly } from './read-only.ts';
import type { Rule } from './rule.ts';
import { RULES, ruleById } from './rules.ts';
import type { UserRules } from './user-rules.ts';

/** What the safety layer says of a command or a call; the strictest part wins. */
export type Verdict = 'allow' | 'ask' | 'deny';

/** A judgement with its grounds. */
export interface Judgement {
  verdict: Verdict;
  /** Id of the rule that decided, e.g. `files.rm-recursive`; `unresolved.*` for what cannot be read; undefined when allowed. */
  rule?: string;
  category?: string;
  reason?: string;
  /** What would reach the same end with less risk. */
  safer?: string;
  /** The part of the command that decided, verbatim, for marking it. */
  part?: string;
  /** Every simple command that would run, resolved, in order. */
  parts: readonly string[];
  /** True when the command provably only reads: runs unasked and needs no checkpoint. */
  readOnly: boolean;
}

/** What a judgement depends on beside the command itself. */
export interface JudgeContext {
  /** Absolute path of the project. */
  root: string;
  /** Where commands start; the root when not given. */
  cwd?: string;
  home?: string;
  /** The user's own rules, from `compileUserRules`. */
  rules?: UserRules;
  /** The real path of what exists, links followed; undefined for what does not exist. */
  realPath?: (path: string) => string | undefined;
  /** Paths whose change is asked about, relative to the root; a folder ends in `/` or is named as it is. */
  guarded?: readonly string[];
  /** The present content of a file that was written or changed in this session, by absolute path: it is judged when it is run. */
  changedFile?: (path: string) => string | undefined;
  /** The repository's git settings name programs (fsmonitor, textconv, external diff …): then git calls that only read run them too. */
  gitRunsPrograms?: boolean;
  /** The shell that will run the command, as `Shell.name` has it; everything but PowerShell reads like bash. */
  shell?: string;
  /** `free`: no task is running whose branch must stay still, so plain commits and checkouts need no yes. */
  refs?: 'guarded' | 'free';
}

/** More parts than this are not listed one by one. */
const MOST_PARTS = 200;

const findRules = ruleFinder(RULES);

/** A rule that a command breaks, and where. */
interface Hit {
  readonly rule: Rule;
  readonly source: string;
  readonly detail: string | undefined;
}

/** Judges a shell command. Never throws; what cannot be understood is asked about. */
export function judgeCommand(command: string, context: JudgeContext): Judgement {
  try {
    return judge(command, context);
  } catch {
    return { ...verdictOf(ruleById('unresolved.parse')), part: command, parts: [], readOnly: false };
  }
}

function judge(written: string, context: JudgeContext): Judgement {
  const ground: Ground = { root: context.root, home: context.home ?? '/home/user', realPath: context.realPath };
  const cwd = normalize(context.cwd ?? context.root);
  const command = written.includes('\r\n') ? written.replaceAll('\r\n', '\n') : written;
  const shell = /powershell|pwsh/i.test(context.shell ?? '') ? 'powershell' : 'bash';
  const found = commandParts(command, { ground, cwd, changedFile: context.changedFile, shell });
  const hits = hitsOf(command, found, ground, context);
  const parts = found.commands
    .filter(({ guessed }) => !guessed)
    .slice(0, MOST_PARTS)
    .map(commandLine);
  const worst = worstOf(hits);
  if (worst === undefined) {
    const readContext = { ground, cwd, gitRuns: context.gitRunsPrograms ?? false };
    const readOnly =
      found.commands.length > 0 &&
      harmlessVariables(found.assigned) &&
      found.commands.every((part) => isReadOnly(part, argumentsOf(part), readContext));
    return { verdict: 'allow', parts, readOnly };
  }
  const named =
    worst.rule.id === 'unresolved.parse' || worst.rule.id === 'unresolved.too-long' ? floorRule(command) : undefined;
  const rule = named === undefined ? worst.rule : { ...ruleById(named.rule), verdict: worst.rule.verdict };
  const part = named?.part ?? (command.includes(worst.source) ? worst.source : undefined);
  const verdict = verdictOf(rule, worst.detail);
  return { ...verdict, ...(part !== undefined && part !== '' && { part }), parts, readOnly: false };
}

/** The disk as it is once the command's own links are there: `ln -s /etc e; echo x > e/hosts`. */
function groundWithLinks(ground: Ground, commands: readonly SimpleCommand[]): Ground {
  const links = new Map<string, string>();
  for (const command of commands) {
    if (command.program !== 'ln') continue;
    const [target, link] = argumentsOf(command).operands.map(({ text }) => text);
    if (target === undefined || link === undefined) continue;
    const place = link.startsWith('/') ? normalize(link) : normalize(`${command.bases[0] ?? ''}/${link}`);
    const whole = target.startsWith('~') ? `${ground.home}${target.slice(1)}` : target;
    links.set(place, normalize(whole.startsWith('/') ? whole : `${place}/../${whole}`));
  }
  if (links.size === 0) return ground;
  const { realPath } = ground;
  return { ...ground, realPath: (path) => links.get(path) ?? realPath?.(path) };
}

/** The part of a judgement that a rule gives. */
export function verdictOf(
  rule: Rule,
  detail?: string,
): Pick<Judgement, 'verdict' | 'rule' | 'category' | 'reason' | 'safer'> {
  const { id, category, verdict, reason, safer } = rule;
  return {
    verdict,
    rule: id,
    category,
    reason: detail === undefined || detail === '' ? reason : `${reason} (${detail})`,
    ...(safer !== undefined && { safer }),
  };
}

const HIDDEN =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]|\r(?!\n)/u;

function hitsOf(command: string, found: CommandParts, ground: Ground, context: JudgeContext): Hit[] {
  const hits: Hit[] = [];
  const add = (id: string, source: string, detail?: string) => hits.push({ rule: ruleById(id), source, detail });
  const hidden = command.length <= 64 * 1024 ? HIDDEN.exec(command) : null;
  if (hidden !== null)
    add('unresolved.hidden-characters', command.slice(Math.max(0, hidden.index - 10), hidden.index + 10));
  for (const { rule, source, detail } of found.findings) add(rule, source, detail);
  const later = groundWithLinks(ground, found.commands);
  for (const part of found.commands) hits.push(...hitsOfPart(part, part.program === 'ln' ? ground : later, context));
  return context.refs === 'free' ? hits.filter(({ rule }) => rule.category !== 'refs') : hits;
}

/** Programs of which the first operand says what they do, and some of it cannot be undone. */
const WITH_SUBCOMMANDS = new Set(
  'git kubectl docker podman terraform tofu aws gcloud gsutil helm systemctl zfs zpool'.split(' '),
);

function hitsOfPart(part: SimpleCommand, ground: Ground, { rules, guarded }: JudgeContext): Hit[] {
  const parsed = argumentsOf(part);
  const hits: Hit[] = findRules(part, parsed)
    .filter((rule) => !part.guessed || rule.pattern?.open !== true)
    .map((rule) => ({ rule, source: part.source, detail: undefined }));
  const [first] = parsed.operands;
  if (
    first !== undefined &&
    !part.guessed &&
    !first.certain &&
    first.head === '' &&
    first.tail === '' &&
    WITH_SUBCOMMANDS.has(part.program)
  )
    hits.push({ rule: ruleById('unresolved.subcommand'), source: part.source, detail: first.text });
  // A blank that is none is part of the program's name, and looks like two words.
  if (/[\u00a0\u2000-\u200a\u202f\u205f\u3000]/.test(part.name.text))
    hits.push({ rule: ruleById('unresolved.hidden-characters'), source: part.source, detail: undefined });
  for (const { rule, path } of guardPaths(part, parsed, ground, guarded))
    hits.push({ rule: ruleById(rule), source: part.source, detail: path });
  if (rules !== undefined && rules.ask.length + rules.deny.length > 0) {
    const line = commandLine(part);
    for (const kind of ['deny', 'ask'] as const) {
      const pattern = rules[kind].find((candidate) => candidate.test(line));
      if (pattern !== undefined)
        hits.push({ rule: ruleById(`user.${kind}`), source: part.source, detail: pattern.source });
    }
  }
  return hits;
}

/** Denied before asked; what is known to be dangerous before what is only unclear; refs last. */
function worstOf(hits: readonly Hit[]): Hit | undefined {
  const rank = ({ rule }: Hit) =>
    rule.verdict === 'deny' ? 3 : rule.category === 'unresolved' ? 0 : rule.category === 'refs' ? 1 : 2;
  let worst: Hit | undefined;
  for (const hit of hits) if (worst === undefined || rank(hit) > rank(worst)) worst = hit;
  return worst;
}
