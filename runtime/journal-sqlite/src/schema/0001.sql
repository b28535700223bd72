-- A store of executions. `executions` and `events`, at the end, are made to be read by people.

-- One row: the number of the next execution.
CREATE TABLE store (next_id INTEGER NOT NULL) STRICT;
INSERT INTO store VALUES (0);

-- Names of numbers, for people. Programs know them.
CREATE TABLE kind (number INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
CREATE TABLE status (number INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
INSERT INTO status VALUES
  (0, 'running'), (1, 'succeeded'), (2, 'failed'), (3, 'timed out'), (4, 'aborted');

CREATE TABLE machine (no INTEGER PRIMARY KEY, arn TEXT NOT NULL UNIQUE) STRICT;

-- A definition's text, for as long as an execution has it.
CREATE TABLE definition (
  no INTEGER PRIMARY KEY,
  sha256 BLOB NOT NULL UNIQUE,
  text TEXT NOT NULL,
  executions INTEGER NOT NULL
) STRICT;

-- Written when an execution starts, ends and is opened again, and not in between.
CREATE TABLE execution (
  id INTEGER PRIMARY KEY,
  arn TEXT NOT NULL,
  name TEXT NOT NULL,
  machine INTEGER REFERENCES machine, -- none for a map run
  definition INTEGER REFERENCES definition,
  parent INTEGER,
  parent_task INTEGER,
  status INTEGER NOT NULL,
  started_at INTEGER NOT NULL, -- nanoseconds since 1970
  -- The others once it has ended.
  ended_at INTEGER,
  events INTEGER,
  output TEXT,
  error TEXT,
  cause TEXT,
  packing INTEGER NOT NULL -- 0: not packed; 1: packed; 2: cannot be read, and stays as it is
) STRICT;
CREATE INDEX execution_by_arn ON execution (arn, id);
CREATE INDEX execution_by_machine ON execution (machine, id) WHERE machine IS NOT NULL;
CREATE INDEX execution_by_machine_status ON execution (machine, status, id)
  WHERE machine IS NOT NULL;
-- Those that run are in `live`, and those that succeeded are most of all.
CREATE INDEX execution_by_failure ON execution (status, id) WHERE status > 1;
CREATE INDEX execution_by_parent ON execution (parent, id) WHERE parent IS NOT NULL;
CREATE INDEX execution_by_parent_task ON execution (parent, parent_task, id)
  WHERE parent IS NOT NULL;
CREATE INDEX execution_by_end ON execution (ended_at, id) WHERE ended_at IS NOT NULL;

CREATE INDEX execution_by_packing ON execution (id) WHERE packing = 0 AND ended_at IS NOT NULL;

-- A row for every execution that has not ended: where its journal goes on, and what it waits for.
CREATE TABLE live (
  id INTEGER PRIMARY KEY,
  next_event INTEGER NOT NULL,
  wake_at INTEGER, -- nanoseconds since 1970
  is_owed INTEGER NOT NULL
) STRICT;

-- The events of one commit of one execution, in the order of the commits: what is written together
-- lies together. Of an execution that has ended, chunks are joined later. The id is the execution's times 2^26, plus the position of the first event.
CREATE TABLE chunk (
  no INTEGER PRIMARY KEY,
  id INTEGER NOT NULL,
  kinds TEXT NOT NULL, -- [kind, ...]
  format INTEGER NOT NULL, -- how data is written
  crc32 INTEGER NOT NULL, -- of id (eight bytes, lowest first), format (one byte) and data
  data BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX chunk_by_id ON chunk (id);

CREATE TABLE document (key TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE VIEW executions AS
SELECT e.id, e.name, m.arn AS machine, s.name AS status,
  strftime('%Y-%m-%dT%H:%M:%fZ', e.started_at / 1e9, 'unixepoch') AS started,
  strftime('%Y-%m-%dT%H:%M:%fZ', e.ended_at / 1e9, 'unixepoch') AS ended,
  coalesce(l.next_event, e.events) AS events, e.output, e.error, e.cause, e.parent, e.arn
FROM execution e
JOIN status s ON s.number = e.status
LEFT JOIN machine m ON m.no = e.machine
LEFT JOIN live l ON l.id = e.id;

CREATE VIEW events AS
SELECT e.id AS execution, c.id - (e.id << 26) + entry.key AS event, kind.name AS kind
FROM execution e
JOIN chunk c ON c.id >= e.id << 26 AND c.id < (e.id + 1) << 26
JOIN json_each(c.kinds) entry
LEFT JOIN kind ON kind.number = entry.value
ORDER BY c.id, entry.key;
