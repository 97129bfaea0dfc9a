/**
 * A plugin's own SQLite file. SQL runs in the plugin's room, within its rights.
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import type { Json, PluginStorage } from "../../protocol/plugin.ts";

const FILE = "storage.db";
const KEYS_LIMIT = 1_000;
/** How long a statement waits for another process that writes, ms. */
const BUSY_LIMIT_MS = 2_000;

/** Opens the file with the first call. @param folder the plugin's data folder */
export function pluginStorage(folder: string): PluginStorage & { readonly close: () => void } {
  let opened: DatabaseSync | undefined;
  const database = async () => opened ??= await open(`${folder}/${FILE}`);
  return {
    async get(key) {
      const row = (await database()).prepare("select value from pairs where key = ?").get(
        text(key),
      );
      return row === undefined ? undefined : JSON.parse(String(row["value"])) as Json;
    },
    async set(key, value) {
      const json = JSON.stringify(value);
      if (json === undefined) throw new TypeError("only what JSON can say is kept");
      const sql =
        "insert into pairs values (?, ?) on conflict (key) do update set value = excluded.value";
      (await database()).prepare(sql).run(text(key), json);
    },
    async delete(key) {
      (await database()).prepare("delete from pairs where key = ?").run(text(key));
    },
    async keys(prefix = "") {
      // Not `like`, whose signs a key may hold.
      const sql =
        `select key from pairs where substr(key, 1, ?) = ? order by key limit ${KEYS_LIMIT}`;
      const rows = (await database()).prepare(sql).all([...text(prefix)].length, prefix);
      return rows.map((row) => String(row["key"]));
    },
    async query(sql, values = []) {
      const rows = (await database()).prepare(text(sql)).all(...values);
      return rows.map((row) => ({ ...row }) as Record<string, Json>);
    },
    close() {
      opened?.close();
      opened = undefined;
    },
  };
}

function text(value: unknown): string {
  if (typeof value === "string") return value;
  throw new TypeError("a key, a prefix and SQL are texts");
}

async function open(path: string): Promise<DatabaseSync> {
  const { DatabaseSync } = await import("node:sqlite");
  const database = new DatabaseSync(path);
  database.exec(`pragma busy_timeout = ${BUSY_LIMIT_MS}; pragma journal_mode = wal`);
  database.exec("create table if not exists pairs (key text primary key, value text not null)");
  return database;
}
