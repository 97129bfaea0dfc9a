/**
 * The index as SQLite tables. Everything in it comes from the notes and can be made anew from them.
 * @module
 */

/**
 * The version of the tables and of what was written into them: also raised when analysis, splitting or
 * stemming change, since what was indexed before no longer matches. `PRAGMA user_version` holds it.
 */
export const SCHEMA_VERSION = 1;

/** Makes all tables of a new database. */
export const SCHEMA = `
  CREATE TABLE memory_meta (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    category TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    -- Milliseconds since 1970 as the file system gave them; with the size, what tells a change.
    modified REAL NOT NULL,
    -- Of the file's bytes; a file that was only touched is not indexed again.
    hash TEXT NOT NULL,
    summary TEXT NOT NULL,
    -- A JSON list.
    keywords TEXT NOT NULL,
    created TEXT NOT NULL,
    updated TEXT NOT NULL,
    source TEXT NOT NULL,
    pinned INTEGER NOT NULL,
    -- The language that the stemmer took, as ISO 639-1; empty if it is unknown.
    language TEXT NOT NULL,
    -- Why the file is not indexed whole; empty if it is.
    problem TEXT NOT NULL,
    -- One vector a passage, in their order, float32 in the machine's order, each of unit length.
    embedding BLOB,
    embedding_model TEXT,
    embedding_dim INTEGER
  ) STRICT;
  CREATE INDEX memory_meta_category ON memory_meta (category);

  CREATE TABLE memory_passage (
    id INTEGER PRIMARY KEY,
    note INTEGER NOT NULL REFERENCES memory_meta (id) ON DELETE CASCADE,
    -- From 0, in the file's order.
    ordinal INTEGER NOT NULL,
    -- The file's line on which it begins, from 1.
    line INTEGER NOT NULL,
    heading TEXT NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (note, ordinal)
  ) STRICT;

  -- Analysed words (folded, stemmed), one row a passage; the text itself is in memory_passage.
  CREATE VIRTUAL TABLE memory_fts USING fts5 (
    path, summary, keywords, heading, body,
    content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 0"
  );

  -- Every word there is, by its trigrams, to find what a misspelt one was meant to be.
  CREATE VIRTUAL TABLE memory_words USING fts5 (word, tokenize = "trigram");
`;
