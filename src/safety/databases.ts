import { flagValues, parseArguments } from './arguments.ts';
import type { SimpleCommand } from './command.ts';
import type { Nested } from './nested.ts';
import { inspectMongo, inspectRedis, inspectSql } from './sql.ts';
import type { Word } from './word.ts';
import { literal } from './word.ts';

/** How a database client takes its statements. */
interface Client {
  /** Options whose value is a statement. */
  readonly options?: readonly string[];
  /** Operands from this one on are statements; the ones before name the database. */
  readonly operands?: number;
  /** Options that name a file of statements. */
  readonly files?: readonly string[];
  /** Words that must come first: `cockroach sql`. */
  readonly sub?: RegExp;
}

const CLIENTS: Readonly<Record<string, Client>> = {
  psql: { options: ['-c', '--command'], files: ['-f', '--file'] },
  pgcli: { options: ['-c', '--command', '-e'] },
  litecli: { options: ['-e', '--execute'], operands: 1 },
  iredis: { operands: 0 },
  harlequin: { operands: 9 },
  'sqlite-utils': { operands: 2, sub: /^(?:query|memory) / },
  mysql: { options: ['-e', '--execute', '--init-command'] },
  mycli: { options: ['-e', '--execute'] },
  mariadb: { options: ['-e', '--execute', '--init-command'] },
  sqlite3: { options: ['-cmd'], operands: 1 },
  duckdb: { options: ['-c', '-s', '-cmd'], operands: 1 },
  sqlcmd: { options: ['-Q', '-q'], files: ['-i'] },
  osql: { options: ['-Q', '-q'] },
  bcp: { operands: 0 },
  prisma: { operands: 99, sub: /^db execute/, files: ['--file'] },
  'clickhouse-client': { options: ['-q', '--query'], files: ['--queries-file'] },
  clickhouse: { options: ['-q', '--query'] },
  cqlsh: { options: ['-e', '--execute'], files: ['-f', '--file'] },
  snowsql: { options: ['-q', '--query'] },
  snow: { options: ['-q', '--query'], sub: /^sql/ },
  usql: { options: ['-c', '--command'] },
  trino: { options: ['--execute'] },
  presto: { options: ['--execute'] },
  hive: { options: ['-e'] },
  beeline: { options: ['-e'] },
  'impala-shell': { options: ['-q', '--query'] },
  'spark-sql': { options: ['-e'] },
  isql: { options: ['-e'] },
  sqlplus: { operands: 99 },
  vsql: { options: ['-c'] },
  nzsql: { options: ['-c'] },
  hdbsql: { operands: 0 },
  db2: { operands: 0 },
  mclient: { options: ['-s'] },
  'cypher-shell': { operands: 0 },
  aws: {
    options: ['--statement', '--query-string', '--sql', '--sqls'],
    sub: /^(?:dynamodb|athena|redshift-data|rds-data|timestream-query) /,
  },
  influx: { options: ['-execute', '--execute'] },
  cockroach: { options: ['-e', '--execute'], sub: /^sql/ },
  bq: { operands: 1, sub: /^query/ },
  turso: { operands: 3, sub: /^db shell/ },
  wrangler: { options: ['--command'], sub: /^d1 execute/ },
  heroku: { options: ['-c', '--command'], sub: /^(?:pg:psql|psql)/ },
  supabase: { operands: 0, sub: /^db (?:execute|query)/ },
  dbt: { options: ['--inline'], sub: /^run-operation/ },
  surreal: { operands: 9, sub: /^sql/ },
  'mysql-shell': { options: ['-e', '--execute', '--sql'] },
  mysqlsh: { options: ['-e', '--execute', '--sql'] },
};

const MONGO = new Set(['mongosh', 'mongo']);
const REDIS = new Set(['redis-cli', 'valkey-cli', 'keydb-cli']);

/** A statement typed where a command should stand; some shells and aliases hand it on, and it is never meant lightly. */
const STATEMENT =
  /^(?:(?:drop|alter|grant|revoke)\s+(?:table|database|schema|index|user|role|view|type|function|trigger|sequence|all|select|insert|keyspace|collection)\b|delete\s+from\b|update\s+\S+\s+set\b|truncate\s+table\b|TRUNCATE\s+\w+$)/i;

/** The statement that a command is by itself. */
export function statementNested({ name, words }: SimpleCommand): Nested[] {
  if (!/^[a-z]+$/i.test(name.text)) return [];
  const line = [name, ...words].map(({ text }) => text).join(' ');
  if (/^flush(?:all|db)\b/i.test(line)) return [{ kind: 'sql', text: literal(line), client: 'redis' }];
  if (!STATEMENT.test(line)) return [];
  return /^truncate\s+\w+$/.test(line) ? [] : [{ kind: 'sql', text: literal(line), client: 'sql' }];
}

/** The statements that a database client is given, by option, operand or stdin; undefined for other programs. */
export function databaseNested(command: SimpleCommand): Nested[] | undefined {
  const { program, words, input } = command;
  if (MONGO.has(program)) {
    const parsed = parseArguments(program, words);
    const texts = flagValues(parsed, ['--eval']);
    return statements([...texts, ...stdinText(input.text)], 'mongo');
  }
  if (REDIS.has(program)) {
    const script = words[words.findIndex(({ text }) => /^eval$/i.test(text)) + 1];
    const texts = script !== undefined && words.some(({ text }) => /^eval$/i.test(text)) ? [script] : [];
    return statements([...texts, ...stdinText(input.text)], 'redis');
  }
  const client = Object.hasOwn(CLIENTS, program) ? CLIENTS[program] : undefined;
  if (client === undefined) return undefined;
  if (input.downloaded) return [{ kind: 'finding', rule: 'remote.run-download' }];
  const parsed = parseArguments(program, words);
  const line = parsed.operands.map(({ text }) => text).join(' ');
  if (client.sub !== undefined && !client.sub.test(line)) return undefined;
  const texts = client.options === undefined ? [] : optionTexts(words, client.options);
  // `mysql -e DROP TABLE x`, its quotes forgotten.
  const bare = texts.some(({ text }) => /^(?:drop|delete|truncate|update|alter)$/i.test(text));
  if (bare) texts.push(literal([...texts, ...parsed.operands].map(({ text }) => text).join(' ')));
  const operands = client.operands === undefined ? [] : parsed.operands.slice(client.operands);
  const files = client.files === undefined ? [] : optionTexts(words, client.files);
  return [
    ...statements([...texts, ...operands, ...stdinText(input.text)], program),
    ...files.map((path): Nested => ({ kind: 'script', path, language: 'sql' })),
  ];
}

// Some clients bundle (`-Atc`), some spell long options with one dash: look at the words themselves.
function optionTexts(words: readonly Word[], options: readonly string[]): Word[] {
  return words.flatMap((word, index) => {
    const { text } = word;
    const next = words[index + 1];
    for (const option of options) {
      if (text === option) return next === undefined ? [] : [next];
      if (option.startsWith('--') && text.startsWith(`${option}=`)) return [literal(text.slice(option.length + 1))];
      if (option.length !== 2 || !/^-\w/.test(text) || text.startsWith('--')) continue;
      if (text.startsWith(option)) return [literal(text.slice(2))];
      if (new RegExp(`^-[a-zA-Z0-9]+${option.charAt(1)}$`).test(text) && next !== undefined) return [next];
    }
    return [];
  });
}

function stdinText(text: string | undefined): Word[] {
  return text === undefined || text === '' ? [] : [literal(text)];
}

function statements(texts: readonly Word[], client: string): Nested[] {
  return texts.map((text) => ({ kind: 'sql', text, client }));
}

/** Files that statements write: `COPY t TO '/x'`, `.output x`, `\\o x`. */
const WRITTEN =
  /\b(?:copy|vacuum)\b[^;]*?\b(?:to|into)\s+'([^']+)'|^\s*\.(?:output|once|backup|save)\s+(\S+)|^\s*\\o\s+([^\s|]\S*)/gim;

/** What a text of statements would destroy, and what it gives to a shell. */
export function sqlNested(text: string, client: string): Nested[] {
  const findings = client === 'mongo' ? inspectMongo(text) : client === 'redis' ? inspectRedis(text) : inspectSql(text);
  const files = [...text.matchAll(WRITTEN)].map(
    ([, copied, output, option]): Nested => ({
      kind: 'command',
      words: [literal('tee'), literal(copied ?? output ?? option ?? '')],
    }),
  );
  const read = [
    ...text.matchAll(
      /\b(?:readfile|pg_read_file|pg_read_binary_file|load_file|lo_import|infile|read_csv|read_text|read_blob)\s*\(?\s*'([^']+)'/gi,
    ),
  ].map(([, path = '']): Nested => ({ kind: 'command', words: [literal('cat'), literal(path)] }));
  return [
    ...files,
    ...read,
    ...findings.flatMap(({ rule, statement, shell }): Nested[] => [
      { kind: 'finding', rule, detail: statement.slice(0, 120) },
      ...(shell === undefined || shell === '' ? [] : [{ kind: 'shell' as const, text: literal(shell) }]),
    ]),
  ];
}
