/** A dangerous statement and the rule that says why. */
export interface SqlFinding {
  readonly rule: string;
  readonly statement: string;
  /** Text that the statement gives to a shell. */
  readonly shell?: string;
}

/** Statements of one text; the rest of a longer dump is not read by hand. */
const MOST_STATEMENTS = 2000;

/** What in a text of SQL statements or client commands loses schema or rows, or leaves the database. */
export function inspectSql(text: string): SqlFinding[] {
  const findings: SqlFinding[] = [];
  for (const match of text.matchAll(/(?:^|\n|;)\s*(?:\\!|\.shell\b|\.system\b|system\b)\s*([^\n;]+)/g)) {
    findings.push({ rule: 'database.shell', statement: match[0].trim(), shell: match[1] ?? '' });
  }
  for (const match of text.matchAll(/\b(?:to|from)\s+program\s+'((?:[^']|'')*)'/gi)) {
    findings.push({ rule: 'database.shell', statement: match[0], shell: match[1] ?? '' });
  }
  for (const statement of statementsOf(text)) {
    const rule = ruleFor(statement);
    if (rule !== undefined) findings.push({ rule, statement: statement.trim() });
  }
  // What is built as a string and executed is SQL again.
  for (const match of text.matchAll(
    /\b(?:execute(?:\s+immediate)?|prepare\s+\w+\s+from|exec(?:ute)?\s*\(?|sp_executesql)\s+N?'((?:[^']|'')*)'/gi,
  )) {
    findings.push(...inspectSql((match[1] ?? '').replaceAll("''", "'")));
  }
  for (const match of text.matchAll(/\$(\w*)\$([\s\S]*?)\$\1\$/g)) findings.push(...inspectSql(match[2] ?? ''));
  return findings;
}

/** Statements without comments, with the contents of string literals left out. */
function statementsOf(text: string): string[] {
  const bare = text.replace(
    /\/\*!\d*([\s\S]*?)\*\/|\/\*[\s\S]*?(?:\*\/|$)|--[^\n]*|(?<=^|\s)#[^\n]*|'(?:[^'\\]|''|\\[\s\S])*'|\$(\w*)\$[\s\S]*?\$\2\$/g,
    (piece: string, executed: string | undefined) => {
      if (executed !== undefined) return ` ${executed} `;
      return piece.startsWith("'") ? literalMark(piece) : ' ';
    },
  );
  return bare.split(/;|\n\s*go\s*(?:\n|$)|\\g/i, MOST_STATEMENTS);
}

// Equal literals stay equal, so that 'a'='a' is still seen to be always true.
function literalMark(text: string): string {
  if (/^'[%\d]{0,8}'$/.test(text)) return text;
  let sum = 0;
  for (let at = 0; at < text.length; at++) sum = (sum * 31 + text.charCodeAt(at)) % 1_000_003;
  return `'${sum}'`;
}

const DROP =
  /\bdrop\s+(?:temporary\s+(?!table)|materialized\s+|foreign\s+|external\s+|unique\s+|all\s+)*(?:table|database|schema|view|index|sequence|function|procedure|trigger|type|user|role|login|column|constraint|partition|tablespace|extension|domain|aggregate|collection|keyspace|stream|topic|warehouse|stage|catalog|event|policy|publication|subscription|server|owned|measurement|series|bucket|retention|dictionary|snapshot|share|integration|materialized|primary|foreign)\b/i;

function ruleFor(statement: string): string | undefined {
  if (/^\s*explain\b(?!\s*\(?\s*analy[sz]e)/i.test(statement) && !/\banaly[sz]e\b/i.test(statement)) return undefined;
  if (/^\s*\.load\s/.test(statement)) return 'database.shell';
  if (/^\s*\.rest(?:o|or|ore)?\b/.test(statement)) return 'database.drop';
  if (/\bmerge\s+into\b/i.test(statement) && /\bthen\s+delete\b/i.test(statement)) return 'database.delete-all';
  if (DROP.test(statement)) return 'database.drop';
  if (/\bdetach\s+delete\b/i.test(statement) && !/\{[^}]*:/.test(statement) && !/\bwhere\b/i.test(statement))
    return 'database.delete-all';
  if (/\btruncate\s+(?:table\s+|only\s+)?["`[\w]/i.test(statement) && !/\btruncate\s*\(/i.test(statement))
    return 'database.truncate';
  if (
    /\balter\s+(?:table|database|schema|view|user|role|index)\b[\s\S]*?\b(?:drop|rename\s+to|disable|detach|set\s+unused)\b/i.test(
      statement,
    )
  ) {
    return 'database.alter';
  }
  const mutation = /\balter\s+table\s+\S+\s+(?:delete|update)\b[\s\S]*/i.exec(statement)?.[0];
  if (mutation !== undefined && !filtered(mutation)) return 'database.delete-all';
  const rows =
    /\bdelete\s+(?:(?:low_priority|quick|ignore|top\s*\(?\d+\)?(?:\s+percent)?|\w+(?:\s*,\s*\w+)*)\s+)*from\s+[\s\S]*/i.exec(
      statement,
    )?.[0];
  if (rows !== undefined && !filtered(rows)) return 'database.delete-all';
  const updated =
    /\bupdate\s+(?:(?:low_priority|ignore|only|or\s+\w+)\s+)*["`[\w.\]]+(?:\s+(?:as\s+)?\w+)?\s+set\b[\s\S]*/i.exec(
      statement,
    )?.[0];
  if (
    updated !== undefined &&
    !filtered(updated) &&
    !/\bon\s+(?:conflict|duplicate)\b|\bfor\s+update\b/i.test(statement)
  ) {
    return 'database.update-all';
  }
  if (
    /\b(?:xp_cmdshell|sys_exec|lo_export|into\s+(?:outfile|dumpfile)|sp_configure|utl_file|writefile|load_extension)\b/i.test(
      statement,
    )
  )
    return 'database.shell';
  if (
    /^\s*(?:shutdown|reset\s+(?:master|slave|replica)|purge\s+(?:binary|master)\s+logs|kill\s+\d+|flush\s+(?:all|privileges|logs|tables))\b|\bpg_terminate_backend\s*\(/i.test(
      statement,
    )
  ) {
    return 'database.server';
  }
  if (
    /^\s*(?:revoke|deny)\b|\bgrant\s+(?:all\b|[\w\s,]*\bsuper(?:user)?\b)|^\s*alter\s+system\b|\b(?:create|alter)\s+(?:user|role|login)\b[\s\S]*\b(?:superuser|password|identified)\b/i.test(
      statement,
    )
  ) {
    return 'database.rights';
  }
  return undefined;
}

/** True when a WHERE (or a LIMIT) really chooses rows. */
function filtered(statement: string): boolean {
  const where = /\bwhere\b([\s\S]*)$/i.exec(statement)?.[1];
  if (where === undefined) return /\blimit\s+\d+/i.test(statement) || /\busing\b[\s\S]*\bwhere\b/i.test(statement);
  const condition = where.replace(/\b(?:limit|order\s+by|returning)\b[\s\S]*$/i, '').replace(/^[\s(]+|[\s)]+$/g, '');
  return !alwaysTrue(condition);
}

/** Conditions that hold for every row: `1=1`, `true`, `'a'='a'`, `id=id`, `id IS NOT NULL`, `x OR 1=1`. */
function alwaysTrue(condition: string): boolean {
  if (condition === '') return true;
  const alternatives = condition.split(/\bor\b|\|\|/i);
  if (alternatives.length > 1) return alternatives.some((part) => constant(part));
  return condition.split(/\band\b|&&/i).every((part) => constant(part));
}

function constant(part: string): boolean {
  const bare = part.replace(/^[\s(]+|[\s)]+$/g, '');
  if (/^(?:true|1|not\s+false|not\s+0|\d+)$/i.test(bare)) return !/^0+$/.test(bare);
  const equal = /^([\w.'"`]+)\s*(?:=|<=>|==|like|is|>=|<=)\s*([\w.'"`%]+)$/i.exec(bare);
  if (equal?.[1] !== undefined && equal[1] === equal[2]) return true;
  const compared = /^(-?\d+(?:\.\d+)?)\s*(<>|!=|<=|>=|<|>)\s*(-?\d+(?:\.\d+)?)$/.exec(bare);
  if (compared !== null) return holds(Number(compared[1]), compared[2] ?? '', Number(compared[3]));
  return (
    /^[\w."`]*(?:id|key)["`]?\s*(?:is\s+not\s+null|>\s*(?:0|-\d+)|>=\s*[01]|!=\s*0|<>\s*0)$/i.test(bare) ||
    /\blike\s+'%+'$/i.test(bare)
  );
}

function holds(left: number, operator: string, right: number): boolean {
  switch (operator) {
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '<=':
      return left <= right;
    case '>=':
      return left >= right;
    default:
      return left !== right;
  }
}

/** What a mongo shell script destroys. */
export function inspectMongo(text: string): SqlFinding[] {
  const found =
    /\.\s*(?:dropDatabase|dropIndexes|dropIndex|drop|dropUser|dropAllUsers|dropRole|shutdownServer|fsyncLock|renameCollection)\s*\(/.exec(
      text,
    );
  if (found !== null) return [{ rule: 'database.drop', statement: found[0] }];
  const rows = /\.\s*(?:deleteMany|remove|updateMany)\s*\(\s*(?:\{\s*\}|\)|function|$)/.exec(text);
  if (rows !== null) return [{ rule: 'database.delete-all', statement: rows[0] }];
  return [];
}

/** What lines for redis, or a script that it evaluates, destroy. */
export function inspectRedis(text: string): SqlFinding[] {
  const found =
    /(?:^|\n|['"])\s*(?:flushall|flushdb|shutdown|debug|swapdb|replicaof|slaveof|config\s+set|script\s+flush)\b/i.exec(
      text,
    );
  return found === null ? [] : [{ rule: 'database.redis', statement: found[0].trim() }];
}
