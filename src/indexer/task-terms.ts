import { stem } from '../platform/stem.ts';
import { compound, eachWord, isTerm, splitIdentifier } from './terms.ts';

/** What a task asks for, as the index understands it. */
export interface TaskTerms {
  /** Terms with their weight in the query. */
  terms: Map<string, number>;
  /** The word of the task that a term stands for. */
  written: Map<string, string>;
  /** Terms of the first line alone. */
  subject: Map<string, number>;
  /** Words and pairs of words that could be the name of a definition or a file, joined, lower case. */
  names: Map<string, number>;
  /** Abbreviations and long forms of words of the task. */
  related: Map<string, number>;
  /** Terms of what the task writes as code: quoted, or joined of several words. */
  literals: string[];
  /** Where the task begins by saying that it stands, joined, lower case: `router` of `fix(router): …`. */
  scopes: string[];
  /** Paths, or endings of paths, that the task names. */
  paths: string[];
  /** The task is about tests, documentation or examples themselves. */
  asksForTests: boolean;
  asksForAside: boolean;
}

const SUBJECT_WEIGHT = 1;
const BODY_WEIGHT = 0.5;
/** What looks like code is meant literally. */
const CODE_BONUS = 0.2;
/** Adjacent words that may stand joined in the code. */
const PAIR_WEIGHT = 0.5;
const RELATED_WEIGHT = 0.7;
/** Beyond this a task is a log that somebody pasted. */
const LONGEST_TASK = 20_000;

export function taskTerms(task: string): TaskTerms {
  const text = task.trim().slice(0, LONGEST_TASK);
  const lineEnd = text.indexOf('\n') < 0 ? text.length : text.indexOf('\n');
  const result: TaskTerms = {
    terms: new Map(),
    written: new Map(),
    subject: new Map(),
    names: new Map(),
    related: new Map(),
    literals: literalsIn(text),
    scopes: scopesOf(text.slice(0, lineEnd)),
    paths: pathsIn(text),
    asksForTests: /\b(?:tests?|specs?|fixtures?|test suite|coverage|mocks?|benchmarks?)\b/i.test(
      text.slice(0, lineEnd),
    ),
    asksForAside:
      /\b(?:docs?|documentation|examples?|samples?|readme|website|scripts?|vendor(?:ed)?|workflows?)\b/i.test(
        text.slice(0, lineEnd),
      ),
  };
  addWords(text.slice(0, lineEnd), SUBJECT_WEIGHT, result, true);
  addWords(text.slice(lineEnd), BODY_WEIGHT, result, false);
  return result;
}

function addWords(text: string, weight: number, result: TaskTerms, isSubject: boolean): void {
  let previous = '';
  eachWord(text, (word) => {
    const words = splitIdentifier(word);
    const joined = words.join('');
    const isCode = words.length > 1 && !/^\p{Lu}+s?$/u.test(word);
    const own = weight + (isCode ? CODE_BONUS : 0);
    const put = (map: Map<string, number>, term: string, value: number) => {
      if ((map.get(term) ?? 0) < value) map.set(term, value);
    };
    const putTerm = (term: string, value: number, written: string) => {
      put(result.terms, term, value);
      if (!result.written.has(term)) result.written.set(term, written);
      if (isSubject) put(result.subject, term, value);
    };
    for (const part of words) {
      if (!isTerm(part)) continue;
      putTerm(stem(part), own, part);
      for (const other of relatives(part)) put(result.related, other, own * RELATED_WEIGHT);
    }
    if (words.length > 1) putTerm(compound(words), own, word);
    if (joined.length > 2) put(result.names, joined, isTerm(joined) ? own : own / 4);
    if (previous !== '' && joined.length > 1) {
      put(result.names, previous + joined, own * PAIR_WEIGHT);
      putTerm(`=${previous}${joined}`, own * PAIR_WEIGHT, `${previous} ${joined}`);
    }
    previous = joined;
  });
}

function literalsIn(text: string): string[] {
  const found = new Set<string>();
  for (const [, quoted, bare] of text.matchAll(
    /`([^`\n]{2,60})`|\b([a-z]+[A-Z]\w+|[A-Z][a-z]+[A-Z]\w+|[A-Za-z0-9]+_\w+)\b/g,
  )) {
    for (const [word] of (quoted ?? bare ?? '').matchAll(/[A-Za-z_$][\w$]+/g)) {
      const words = splitIdentifier(word);
      if (words[0] !== undefined) found.add(words.length > 1 ? compound(words) : stem(words[0]));
    }
  }
  return [...found].slice(0, 60);
}

/** Words before the colon that say what kind of change it is, not where. */
const KINDS =
  /^(?:fix|feat|feature|chore|refactor|perf|docs?|tests?|build|ci|style|bug|bugfix|deps|types?|minor|internal|note|task|todo)$/;

/** `fix(router): …`, `[Console] …`, `net/http, url: …`. */
function scopesOf(subject: string): string[] {
  const [, bracketed, inner, plain] =
    /^\s*(?:\[([^\]]{2,40})\]|\w*\(([^)]{2,40})\)!?:|([\w/.,+* -]{2,40}):(?=\s))/.exec(subject) ?? [];
  return (bracketed ?? inner ?? plain ?? '')
    .split(/[,/+&]| and /)
    .map((part) => splitIdentifier(part).join(''))
    .filter((part) => part.length > 1 && !KINDS.test(part));
}

/** Things in a task that look like paths: with a slash, or a name with an ending. */
function pathsIn(text: string): string[] {
  const found = text.matchAll(/(?:[\w.@+-]+[/\\])*[\w@+-][\w.@+-]*\.[A-Za-z][\w+]{0,9}\b|(?:[\w.@+-]+\/)+[\w.@+-]+/g);
  return [...new Set(Array.from(found, ([path]) => path.replaceAll('\\', '/').replace(/^(?:\.{1,2}\/)+/, '')))].slice(
    0,
    100,
  );
}

/** Words that programmers shorten in ways that share no stem. */
const SHORT_FORMS: ReadonlyArray<readonly string[]> = `
accessibility a11y|address addr|administrator admin|allocate alloc|application app|argument arg args|array arr|
asynchronous async|attribute attr attrs|authenticate authentication auth authn|authorize authorization auth authz|
average avg|boolean bool|buffer buf|button btn|calculate calc|certificate cert|character char|class cls|
client cli|column col cols|command cmd cli|communication comm|compare cmp|concatenate concat|condition cond|
configuration configure config cfg conf|connection connect conn|container ctr|context ctx|control ctrl|
convert conv|coordinate coord|count cnt|credential cred creds|current cur curr|database db|date dt|debug dbg|
declaration declare decl|decrement dec|default def|define definition def|delete del|dependency dep deps|
description desc|destination dest dst|development dev|device dev|dictionary dict|difference diff|directory dir|
distribution dist|document documentation doc docs|element elem el|environment env|equal eq|error err|
evaluate evaluation eval|event evt|exception exc ex|execute execution exec|expression expr|extension ext|
figure fig|format fmt|function func fn|generate generator gen|group grp|hypertext http|identifier ident id|image img|
implementation impl|increment inc|index idx|information info|initialize initialization init|input in|instance inst|
instruction instr insn|integer int|internationalization i18n|interrupt irq|iterator iter|javascript js|keyboard kbd|
kubernetes k8s|language lang|length len|level lvl|library lib|localization l10n locale|location loc|lookup lut|
manager mgr|markdown md|maximum max|memory mem|message msg|metadata meta|middleware mw|minimum min|miscellaneous misc|
module mod|multiple multi|mutable mut|number num|object obj|observability o11y|operation operator op|option opt opts|
organization org|original orig|package pkg|parameter param params|password pwd passwd|permission perm|
pointer ptr|position pos|predicate pred|preference pref|prefix pre|previous prev|print pr|procedure proc|
process proc|production prod|property prop props|protocol proto|python py|quantity qty|query qry|random rand|
receive recv|record rec|rectangle rect|reference ref|register reg|regular regex regexp|relation rel|repository repo|
request req|response resp res|result res|return ret|ruby rb|schedule sched|second sec|security sec|select sel|
separator sep|sequence seq|serialize serde|server srv|service svc|session sess|signature sig|source src|
specification spec|standard std|statement stmt|statistics stats stat|string str|structure struct|subscription sub|
symbol sym|synchronize sync|system sys|table tbl|temperature temp|temporary temp tmp|terminal term tty|text txt|
timestamp ts|token tok|transaction txn tx|transform xform|translate translation i18n|typescript ts|user usr|
utility util utils|validate validation valid|value val|variable var|vector vec|version ver|video vid|window win|
keyspace ks|logging log|logger log|pagination page|stylesheet css|template tpl tmpl|thread thr|unicode utf8 utf|whitespace space ws`
  .split('|')
  .map((group) => group.trim().split(/\s+/));

/** By the first two letters of their words, which stemming leaves alone: stemming them all takes longer than a query. */
const groupsByStart = new Map<string, Array<readonly string[]>>();
for (const group of SHORT_FORMS) {
  for (const start of new Set(group.map((word) => word.slice(0, 2)))) {
    const those = groupsByStart.get(start);
    if (those) those.push(group);
    else groupsByStart.set(start, [group]);
  }
}

/** Other writings of a word: known short and long forms, and its own beginnings (`authentication`, `auth`). */
function relatives(word: string): string[] {
  const base = stem(word);
  const groups = groupsByStart.get(base.slice(0, 2)) ?? [];
  const others = groups.flatMap((group) => {
    const stems = group.map(stem);
    return stems.includes(base) ? stems : [];
  });
  if (/^[a-z]{6,}$/.test(word))
    for (const length of [3, 4, 5]) if (length < base.length) others.push(word.slice(0, length));
  return [...new Set(others)].filter((other) => other !== base);
}
