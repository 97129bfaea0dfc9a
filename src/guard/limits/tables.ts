/**
 * The tables of the usage's database.
 * @module
 */

/** The version of the tables, in `user_version`. */
export const USAGE_VERSION = 1;

/** Fails where the tables are not those below. */
export const USAGE_PROBE =
  `SELECT id, at, provider, model, session, turn, input, output, cached, cost,
  expires, seen_output, seen_cost, paced, (SELECT max(level) FROM bucket), (SELECT max(time) FROM warned)
  FROM request LIMIT 1`;

/**
 * A request counts from `at` on: with what was reserved for it while `expires` is set, with what it used
 * afterwards. `seen_…` is what is known of its answer so far: what it counts with if it is never settled.
 * `paced`: whether rates count it; vectors of notes are not, since an index takes many at once.
 * Times are ms since 1970, costs billionths of a dollar, NULL if the price is unknown.
 */
export const USAGE_TABLES = `
CREATE TABLE request (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  session TEXT NOT NULL,
  turn TEXT NOT NULL,
  input INTEGER NOT NULL,
  output INTEGER NOT NULL,
  cached INTEGER NOT NULL DEFAULT 0,
  cost INTEGER,
  expires INTEGER,
  seen_output INTEGER NOT NULL DEFAULT 0,
  seen_cost INTEGER,
  paced INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX request_at ON request (at);
CREATE INDEX request_paced ON request (at) WHERE paced = 1;
CREATE INDEX request_turn ON request (turn) WHERE turn <> '';
CREATE INDEX request_open ON request (expires) WHERE expires IS NOT NULL;
CREATE TABLE bucket (name TEXT PRIMARY KEY, level REAL NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE TABLE warned (name TEXT PRIMARY KEY, time TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
`;
