import type { Rule } from '../rule.ts';
import { rulesFor } from '../rule.ts';

const database = rulesFor('database');

const SCHEMA = 'Destroys tables or a whole database.';
const BACKUP = 'Make a backup first, or work on a copy.';

/** Losing schema or rows. */
export const DATABASE_RULES: readonly Rule[] = [
  database.found('drop', 'ask', 'Drops a part of the database.', BACKUP),
  database.found('truncate', 'ask', 'Empties a table.', BACKUP),
  database.found('alter', 'ask', 'Changes a table so that data may be lost.', BACKUP),
  database.found(
    'delete-all',
    'ask',
    'Deletes every row: there is no WHERE that chooses.',
    'Add a WHERE that names the rows.',
  ),
  database.found(
    'update-all',
    'ask',
    'Changes every row: there is no WHERE that chooses.',
    'Add a WHERE that names the rows.',
  ),
  database.found('shell', 'ask', 'Runs a command or writes files from inside the database.'),
  database.found('server', 'ask', 'Stops or disturbs the database server.'),
  database.found('rights', 'ask', 'Changes who may do what in the database.'),
  database.ask('dropdb', { programs: 'dropdb dropuser pg_dropcluster pg_resetwal' }, SCHEMA, BACKUP),
  database.ask(
    'mysqladmin',
    { programs: 'mysqladmin mariadb-admin', operand: /^(?:dro?p?|shut\w*|flush-\w+|kill|passw\w*|stop-\w+)$/ },
    SCHEMA,
    BACKUP,
  ),
  database.ask(
    'restore',
    { programs: 'pg_restore mongorestore mysqlimport mongoimport', flags: '-c --clean --drop --delete -d' },
    'Drops what is there before it restores.',
    BACKUP,
  ),
  database.ask(
    'redis',
    {
      programs: 'redis-cli valkey-cli keydb-cli',
      sub: /^(?:flushall|flushdb|shutdown|debug|swapdb|replicaof|slaveof|migrate|failover|reset)\b/i,
    },
    'Empties or stops the server.',
    BACKUP,
  ),
  database.ask(
    'redis-settings',
    {
      programs: 'redis-cli valkey-cli keydb-cli',
      text: /\b(?:config (?:set|rewrite|resetstat)|script flush|acl (?:deluser|setuser)|cluster (?:reset|forget|failover))\b/i,
    },
    "Changes the server's settings.",
  ),
  database.ask(
    'redis-many',
    { programs: 'redis-cli valkey-cli keydb-cli', text: /(?:^|\s)(?:del|unlink)\s/i, open: true },
    'Deletes keys that are not named.',
  ),
  database.ask(
    'migrations',
    {
      programs:
        'prisma rails rake python python3 manage.py django-admin alembic flask knex sequelize sequelize-cli typeorm mikro-orm drizzle-kit artisan php console symfony mix diesel sqlx sea-orm-cli goose migrate dbmate flyway liquibase atlas hasura supabase edgedb gel bin/rails ecto node npx ts-node kysely node-pg-migrate db-migrate umzug yarn pnpm npm phinx cake encore-cli',
      text: /(?:^|\s)(?:migrate reset|db push .*--(?:force-reset|accept-data-loss)|db:(?:drop(?::\w+)?|reset|purge|truncate_all|migrate:(?:reset|down|redo)|rollback|schema:load|wipe|migrate:undo(?::all)?|seed:undo(?::all)?)|manage\.py (?:flush|reset_db|sqlflush|migrate \S+ zero)|django-admin flush|downgrade|migrate:(?:rollback|down|fresh|refresh|reset)|schema:(?:drop|fresh)|migration:(?:revert|fresh|down)|doctrine:(?:database|schema):drop|ecto\.(?:drop|reset|rollback)|database (?:reset|drop|wipe)|database:drop|migration (?:redo|revert|down)|schema clean|dropAll|rollback(?:Count|ToDate|One)?\b|db reset|branch wipe|instance destroy|drop-all|rollback-\w+)(?:\s|,|$)/,
      except: /^(?:run |exec |-c |-m (?:pytest|unittest)|-e |--eval )|--dry-?run|--pretend/,
    },
    'Takes back migrations or drops the database.',
    BACKUP,
  ),
  database.ask(
    'migrations-named',
    {
      programs: 'flyway goose dbmate migrate sql-migrate drizzle-kit sea-orm-cli',
      operand: /^(?:clean|fresh|refresh|undo|down|drop|reset|down-to|redo|rollback|nuke|goto|force)$/,
    },
    'Takes back migrations or drops the database.',
    BACKUP,
  ),
  database.ask(
    'entity-framework',
    {
      programs: 'dotnet dotnet-ef',
      sub: /^(?:ef )?(?:database drop|database update 0)\b/,
      unless: '--dry-run',
    },
    'Takes back migrations or drops the database.',
    BACKUP,
  ),
  database.ask(
    'site',
    {
      programs: 'drush wp drupal typo3 magento n98-magerun2',
      text: /(?:^|\s)(?:sql[-:](?:drop|sync|create)|si|site[-:](?:install|empty)|db (?:drop|reset|clean|create)|entity:delete|setup:(?:uninstall|rollback|db\S*))(?:\s|$)/,
    },
    SCHEMA,
    BACKUP,
  ),
  database.ask(
    'tables',
    { programs: 'sqlite-utils', sub: /^(?:drop-table|drop-view|transform|disable-fts)\b/ },
    SCHEMA,
    BACKUP,
  ),
  database.ask(
    'cluster',
    { programs: 'patronictl repmgr pg_autoctl', operand: /^(?:remove|reinit|failover|switchover|restart|pause|drop)$/ },
    'Takes a server of the database away or stops it.',
  ),
  database.ask(
    'hadoop',
    {
      programs: 'hdfs hadoop yarn mapred hbase',
      text: /(?:^|\s)-(?:rm|rmr|rmdir|expunge|format|kill|delete\S*|truncate|skipTrash|deleteSnapshot)(?:\s|$)|^namenode -(?:format|rollback|recover)/,
    },
    'Removes data or jobs of a cluster.',
  ),
  database.ask(
    'queues-other',
    {
      programs: 'celery rq sidekiqctl kafka-storage kafka-storage.sh zookeeper-shell zkCli solr mlflow dbt',
      text: /(?:^|\s)(?:purge|amqp queue\.(?:purge|delete)|empty|format|deleteall|delete|rmr|gc|run-operation \S*(?:drop|delete|truncate|clean|reset)\S*)(?:\s|$)/,
    },
    'Empties queues or removes data.',
  ),
  database.ask('hasura', { programs: 'hasura', flags: '--down' }, 'Takes back migrations.', BACKUP),
  database.ask(
    'manage',
    { programs: 'manage.py django-admin', operand: /^(?:flush|reset_db|sqlflush)$/ },
    SCHEMA,
    BACKUP,
  ),
  database.ask(
    'cassandra',
    {
      programs: 'nodetool',
      operand: /^(?:decommission|removenode|assassinate|clearsnapshot|drain|stopdaemon|truncatehints)$/,
    },
    'Takes a node or its data away.',
  ),
  database.ask(
    'etcd',
    {
      programs: 'etcdctl',
      operand: /^(?:del|rm|rmdir|defrag|compact|compaction|restore)$|^(?:member|user|role|auth)$/,
    },
    'Deletes keys.',
  ),
  database.ask(
    'zookeeper',
    { programs: 'zkcli.sh zkcli zookeeper-shell.sh', text: /\b(?:delete|deleteall|rmr)\b/ },
    'Deletes nodes.',
  ),
  database.ask(
    'queues',
    {
      programs:
        'kafka-acls kafka-acls.sh kafka-configs kafka-topics kafka-topics.sh kafka-consumer-groups kafka-consumer-groups.sh kafka-delete-records.sh kafka-delete-records kafka-configs.sh',
      flags: '--delete --remove --delete-offsets --reset-offsets --offset-json-file --delete-config',
    },
    'Deletes topics or records.',
  ),
  database.ask(
    'rabbit',
    {
      programs: 'rabbitmqctl rabbitmqadmin rabbitmq-plugins',
      text: /\b(?:reset|force_reset|delete\w*|purge\w*|stop\w*|clear_\w+|forget_\w+|change_password)\b/,
    },
    'Deletes queues or stops the server.',
  ),
];
