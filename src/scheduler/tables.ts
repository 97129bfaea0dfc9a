/**
 * The scheduler's tables in `db/state.db`, which other parts keep theirs in too.
 * @module
 */

/** The version of these tables, in `schedule_version`; `user_version` is the usage's. */
export const SCHEDULE_VERSION = 1;

/**
 * Times are ms since 1970. `next_at`: when it is due next, NULL if never again. `pruned_to`: the last due
 * time of which the row is gone. An occurrence that was due can be written down once; AUTOINCREMENT, since
 * a number names an occurrence for ever.
 */
export const SCHEDULE_TABLES = `
CREATE TABLE schedule_version (version INTEGER NOT NULL) STRICT;
CREATE TABLE schedules (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  rule TEXT NOT NULL,
  missed TEXT NOT NULL CHECK (missed IN ('late', 'skip')),
  grace_ms INTEGER NOT NULL,
  enabled INTEGER NOT NULL DEFAULT 1,
  created INTEGER NOT NULL,
  next_at INTEGER,
  removed_at INTEGER,
  pruned_to INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX schedule_next ON schedules (next_at)
  WHERE enabled = 1 AND removed_at IS NULL AND next_at IS NOT NULL;
CREATE TABLE occurrences (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  schedule TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  manual INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('started', 'done', 'failed', 'skipped')),
  started_at INTEGER,
  ended_at INTEGER,
  reason TEXT NOT NULL DEFAULT '',
  output TEXT,
  session TEXT,
  CHECK ((state = 'started') = (ended_at IS NULL))
) STRICT;
CREATE UNIQUE INDEX occurrence_due ON occurrences (schedule, due_at) WHERE manual = 0;
CREATE INDEX occurrence_schedule ON occurrences (schedule, id);
CREATE INDEX occurrence_open ON occurrences (state) WHERE state = 'started';
`;

/** Fails where the tables are not those above. */
export const SCHEDULE_PROBE =
  `SELECT s.id, s.name, s.rule, s.missed, s.grace_ms, s.enabled, s.created, s.next_at, s.removed_at,
  s.pruned_to, o.id, o.schedule, o.due_at, o.manual, o.state, o.started_at, o.ended_at, o.reason,
  o.output, o.session FROM schedules s, occurrences o LIMIT 1`;
