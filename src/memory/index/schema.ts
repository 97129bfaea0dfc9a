/**
 * The index as SQLite tables. Everything in it comes from the notes and can be made anew from them.
 * @module
 */

/**
 * The version of the tables and of what was written into them: also raised when analysis, splitting or
 * stemming change, since what was indexed before no longer matches. `PRAGMA user_version` holds it.
 */
export const SCHEMA_VERSION = 3;

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
    -- Its place among notes that are numbered one after the other; see search/series.ts.
    series TEXT NOT NULL,
    number INTEGER NOT NULL,
    embedding_model TEXT,
    embedding_dim INTEGER,
    -- One vector a passage, in their order, float32 in the machine's order, each of unit length. Last:
    -- to reach what stands behind it, SQLite would read all of it.
    embedding BLOB
  ) STRICT;
  CREATE INDEX memory_meta_category ON memory_meta (category);
  CREATE INDEX memory_meta_pinned ON memory_meta (path) WHERE pinned = 1;
  CREATE INDEX memory_meta_series ON memory_meta (series, number) WHERE series <> '';

  -- Which notes' vectors changed, the last change of each, so that vectors held in memory can follow.
  CREATE TABLE memory_vector_change (
    note INTEGER PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE
  ) STRICT;
  CREATE TRIGGER memory_vector_given AFTER UPDATE OF embedding, embedding_model ON memory_meta
  WHEN OLD.embedding_model IS NOT NULL OR NEW.embedding_model IS NOT NULL BEGIN
    INSERT OR REPLACE INTO memory_vector_change
    SELECT NEW.id, coalesce(max(number), 0) + 1 FROM memory_vector_change;
  END;
  CREATE TRIGGER memory_vector_added AFTER INSERT ON memory_meta
  WHEN NEW.embedding_model IS NOT NULL BEGIN
    INSERT OR REPLACE INTO memory_vector_change
    SELECT NEW.id, coalesce(max(number), 0) + 1 FROM memory_vector_change;
  END;
  CREATE TRIGGER memory_vector_removed AFTER DELETE ON memory_meta
  WHEN OLD.embedding_model IS NOT NULL BEGIN
    INSERT OR REPLACE INTO memory_vector_change
    SELECT OLD.id, coalesce(max(number), 0) + 1 FROM memory_vector_change;
  END;

  CREATE TABLE memory_passage (
    id INTEGER PRIMARY KEY,
    note INTEGER NOT NULL REFERENCES memory_meta (id) ON DELETE CASCADE,
    -- From 0, in the file's order.
    ordinal INTEGER NOT NULL,
    -- The file's line on which it begins, from 1.
    line INTEGER NOT NULL,
    -- The headings it stands under, the outermost first, with › between.
    heading TEXT NOT NULL,
    text TEXT NOT NULL,
    -- Its terms in their order as 32-bit numbers, so that a search can weigh them without reading text;
    -- see search/term_codes.ts.
    codes BLOB NOT NULL,
    UNIQUE (note, ordinal)
  ) STRICT;

  -- Terms (folded, stemmed), one row a passage by its id; the text itself is in memory_passage. The
  -- note's own fields stand in the row of its first passage only. Terms hold no ASCII sign but letters
  -- and digits, so this tokenizer takes them as they are.
  CREATE VIRTUAL TABLE memory_fts USING fts5 (
    path, summary, keywords, heading, body,
    content = '', contentless_delete = 1, tokenize = "ascii"
  );
  CREATE VIRTUAL TABLE memory_terms USING fts5vocab (memory_fts, 'row');

  -- Every folded word there ever was, with the terms it was indexed as.
  CREATE TABLE memory_word (
    id INTEGER PRIMARY KEY,
    word TEXT NOT NULL,
    term TEXT NOT NULL,
    UNIQUE (word, term)
  ) STRICT;
  -- The same words by their trigrams, to find what a misspelt one was meant to be.
  CREATE VIRTUAL TABLE memory_words USING fts5 (
    word, content = '', contentless_delete = 1, tokenize = "trigram", detail = none
  );

  -- The languages whose stemmers were used, as ISO 639-1.
  CREATE TABLE memory_language (language TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

  -- What a search must know of the whole.
  CREATE TABLE memory_total (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    notes INTEGER NOT NULL,
    passages INTEGER NOT NULL,
    terms INTEGER NOT NULL
  ) STRICT;
  INSERT INTO memory_total VALUES (1, 0, 0, 0);
`;
