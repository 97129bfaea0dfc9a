/**
 * Databases on the command line: statements are read, and what they would lose is said.
 * @module
 */
import { type Call, type Court, isUnknown, type Rule, within } from "../court.ts";
import { optionsOf } from "../options.ts";
import { judgeRead, judgeWrite } from "../writing.ts";

const LOSES =
  /\b(DROP\s+(TABLE|DATABASE|SCHEMA|INDEX|VIEW|USER|ROLE|COLUMN|KEYSPACE|COLLECTION|TYPE|FUNCTION|TRIGGER|SEQUENCE|TABLESPACE|EXTENSION|OWNED|MATERIALIZED|PARTITION|CONSTRAINT|WAREHOUSE|STAGE)|TRUNCATE(\s+TABLE)?\s+\w+|ALTER\s+TABLE\b[^;]{0,400}\bDROP\b|SHUTDOWN|RESET\s+(MASTER|SLAVE)|PURGE\s+(BINARY|MASTER)|KILL\s+\d+|DETACH\s+DATABASE|VACUUM\s+FULL|REVOKE|GRANT\s+(ALL|SUPER)|FLUSH\s+PRIVILEGES|SET\s+PASSWORD|ALTER\s+(USER|ROLE|SYSTEM)|pg_terminate_backend|pg_drop_replication_slot|INTO\s+(OUT|DUMP)FILE|LOAD_FILE|COPY\b[^;]{0,400}\bPROGRAM|xp_cmdshell|lo_export|writable_schema)\b/i;
const WRITES =
  /\b(INSERT|UPDATE|DELETE|CREATE|ALTER|REPLACE|MERGE|GRANT|CALL|EXEC(UTE)?|VACUUM|REINDEX|LOAD|IMPORT|SET|ATTACH|COPY|RENAME|OPTIMIZE|ANALYZE|LOCK)\b/i;
const DOCUMENTS =
  /\.(drop\w*|remove|deleteMany|deleteOne|delete_many|destroy|dropDatabase|dropIndexes|shutdownServer|dropUser|dropRole|removeUser|findOneAndDelete|renameCollection)\s*\(/i;

/** Judges statements in SQL, or calls of a document database. */
export function judgeStatements(text: string, call: Call, court: Court): void {
  if (isUnknown(text)) court.raise("DANGEROUS", "runs statements that are not known");
  if (text.length > 65_536) {
    court.raise("DANGEROUS", "runs statements that are too long to be followed");
  }
  // Literals and comments say nothing about what is done.
  const plain = text.slice(0, 65_536).replace(/\/\*.*?\*\/|--[^\n]*/gs, " ").replace(
    /'(?:[^']|'')*'/g,
    "''",
  );
  if (LOSES.test(plain) || DOCUMENTS.test(plain)) {
    court.raise("DANGEROUS", "deletes or changes parts of a database");
  }
  const statements = plain.split(";");
  if (
    statements.some((statement) =>
      /\b(DELETE\s+FROM|UPDATE)\s/i.test(statement) && !/\bWHERE\b/i.test(statement) &&
      !/\b(LIMIT|SELECT|INSERT)\b/i.test(statement)
    )
  ) {
    court.raise("DANGEROUS", "deletes or changes every row of a table");
  }
  if (/\bWHERE\s+(1\s*=\s*1|true)\b/i.test(plain) && /\b(DELETE|UPDATE)\b/i.test(plain)) {
    court.raise("DANGEROUS", "deletes or changes every row of a table");
  }
  if (WRITES.test(plain) && !/^\s*(SELECT|EXPLAIN|SHOW|DESCRIBE|PRAGMA|WITH)\b/i.test(plain)) {
    court.raise("MODERATE", "changes a database");
  }
  const shell = /(?:^|\n)\s*(?:\\!|\.shell|\.system|!|system)\s+([^\n]+)/i.exec(
    text.slice(0, 65_536),
  );
  if (shell?.[1]) court.line(shell[1], within(call.scope));
  const file =
    /(?:^|\n)\s*(?:\\o|\\copy[^\n]*\bto|\.output|\.once|\.backup|\.save|\.clone)\s+(\S+)/i.exec(
      text.slice(0, 65_536),
    );
  if (file?.[1]) judgeWrite(file[1].replaceAll("'", ""), call.scope, court);
}

interface Client {
  /** Options that take statements. */
  readonly options: string;
  readonly valued?: string;
  /** Which operand holds statements; none if not given. */
  readonly operand?: number;
}

function client({ options: taking, valued = "", operand }: Client): Rule {
  return (call, court) => {
    const options = optionsOf(call.words.slice(1), `${taking} ${valued}`, {
      clustered: operand !== 1,
    });
    const statements = options.values(...taking.split(" ").filter(Boolean));
    if (operand !== undefined) statements.push(...options.operands.slice(operand));
    if (options.has("--version", "-l", "--list") && statements.length === 0) return;
    for (const statement of statements) judgeStatements(statement, call, court);
    for (const file of options.values("-o", "--output", "--dump")) {
      judgeWrite(file, call.scope, court);
    }
    if (statements.length > 0) return;
    court.raise("MODERATE", "opens a database");
    const { input } = call;
    if (input.text !== undefined) judgeStatements(input.text, call, court);
    else if (input.from !== "nothing" || options.has("-f", "--file")) {
      court.raise("MODERATE", "runs statements of a file");
    }
  };
}

const redis: Rule = (call, court) => {
  const words = optionsOf(call.words.slice(1), "-h -p -a -n -u -s --user --pass").operands;
  const [verb = "", second = ""] = words.map((word) => word.toUpperCase());
  const lines = verb === ""
    ? (call.input.text ?? "").toUpperCase().split("\n")
    : [`${verb} ${second}`];
  if (
    /^(GET|MGET|KEYS|SCAN|INFO|PING|TTL|TYPE|EXISTS|LRANGE|HGET\w*|SMEMBERS|ZRANGE|LLEN|SCARD|DBSIZE|STRLEN|MEMORY|TIME|LASTSAVE|MONITOR|HKEYS|XLEN|XRANGE|OBJECT|SLOWLOG)$/
      .test(verb)
  ) return;
  court.raise("MODERATE", "changes a database");
  if (
    lines.some((line) =>
      /^(FLUSH\w*|DEL|UNLINK|SHUTDOWN|DEBUG|CONFIG (SET|REWRITE|RESETSTAT)|SCRIPT (FLUSH|KILL)|CLUSTER (RESET|FORGET|FAILOVER|DELSLOTS|FLUSHSLOTS)|SLAVEOF|REPLICAOF|EVAL|MODULE|HDEL|XTRIM|RENAME|ACL (DELUSER|SETUSER)|FUNCTION (DELETE|FLUSH)|CLIENT KILL|GETDEL|SREM|ZREM\w*|LTRIM|SWAPDB|MIGRATE|RESTORE|FAILOVER)/
        .test(line)
    )
  ) {
    court.raise("DANGEROUS", "deletes or changes parts of a database");
  }
};

const dump: Rule = (call, court) => {
  court.raise("MODERATE", "reads a whole database");
  for (
    const file of optionsOf(call.words.slice(1), "-f -o --file --out --result-file").values(
      "-f",
      "--file",
      "--result-file",
    )
  ) judgeWrite(file, call.scope, court);
};

const restore: Rule = (call, court) => {
  const line = call.words.join(" ");
  if (/(^| )(-l|--list)\b/.test(line)) return;
  court.raise("MODERATE", "writes a whole database");
  if (/--(clean|drop|create|overwrite|force)|(^| )-c\b/.test(line)) {
    court.raise("DANGEROUS", "overwrites a database");
  }
};

const admin: Rule = (call, court) => {
  if (
    call.words.some((word) =>
      /^(ping|status|version|extended-status|processlist|variables)$/.test(word)
    )
  ) return;
  court.raise("DANGEROUS", "changes a database server");
};

const loses: Rule = (_call, court) => court.raise("DANGEROUS", "deletes a database");

const sqlite: Rule = (call, court) => {
  const options = optionsOf(call.words.slice(1), "-cmd -separator -init -nullvalue", {
    clustered: false,
  });
  const [file, ...statements] = options.operands;
  if (file !== undefined) judgeRead(file, call.scope, court);
  const texts = [...options.values("-cmd"), ...statements];
  if (texts.length === 0) {
    court.raise("MODERATE", "opens a database");
    if (call.input.text !== undefined) texts.push(call.input.text);
    else if (call.input.from !== "nothing") court.raise("MODERATE", "runs statements of a file");
  }
  for (const text of texts) judgeStatements(text, call, court);
};

const psql = client({
  options: "-c --command",
  valued: "-h -p -U -d -f -o -v -F --host --port --username --dbname --file --output --set",
});
const mysql = client({
  options: "-e --execute",
  valued: "-h -P -u -D -S --host --port --user --database",
});
const mongo = client({
  options: "--eval",
  valued: "--host --port -u -p --username --password --authenticationDatabase",
});

/** Rules by program. */
export const DATABASES: Readonly<Record<string, Rule>> = {
  psql,
  pgcli: psql,
  mysql,
  mariadb: mysql,
  mycli: mysql,
  sqlite3: sqlite,
  sqlite: sqlite,
  mongosh: mongo,
  mongo,
  duckdb: sqlite,
  "clickhouse-client": client({
    options: "-q --query",
    valued: "-h --host --port -d --user --password",
  }),
  cqlsh: client({ options: "-e --execute", valued: "-f -k -u -p" }),
  sqlcmd: client({ options: "-Q -q", valued: "-S -U -P -d -i -o" }),
  sqlplus: client({ options: "", valued: "-M -R" }),
  snowsql: client({ options: "-q", valued: "-a -u -d -s" }),
  bq: (call, court) => {
    const line = call.words.join(" ");
    court.raise("MODERATE", "changes a database");
    if (/\b(rm|--replace|cancel)\b/.test(line)) {
      court.raise("DANGEROUS", "deletes parts of a database");
    } else judgeStatements(line, call, court);
  },
  cockroach: client({ options: "-e --execute" }),
  influx: client({ options: "-execute" }),
  cypher: client({ options: "", operand: 0 }),
  "cypher-shell": client({ options: "", valued: "-u -p -a", operand: 0 }),
  trino: client({ options: "--execute" }),
  presto: client({ options: "--execute" }),
  hive: client({ options: "-e" }),
  beeline: client({ options: "-e", valued: "-u -n -p" }),
  impala: client({ options: "-q" }),
  isql: client({ options: "" }),
  "redis-cli": redis,
  "valkey-cli": redis,
  keydb: redis,
  pg_dump: dump,
  pg_dumpall: dump,
  mysqldump: dump,
  mariadbdump: dump,
  mongodump: dump,
  mongoexport: dump,
  pg_restore: restore,
  mongorestore: restore,
  mongoimport: restore,
  mysqlimport: restore,
  mysqladmin: admin,
  pg_ctl: admin,
  pg_resetwal: loses,
  pg_ctlcluster: admin,
  initdb: admin,
  createdb: restore,
  createuser: restore,
  dropdb: loses,
  dropuser: loses,
};
