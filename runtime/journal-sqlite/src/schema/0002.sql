-- How an execution was started, and how often it went on after its end.
--
-- Executions that were kept before have NULL in these columns: it is not known from their rows, and
-- lists have them as started through the machine itself and as never redriven. A redrive gives the
-- true number.

-- From now on, `machine` has the ARNs of versions and of aliases too.
ALTER TABLE execution ADD COLUMN version INTEGER REFERENCES machine;
ALTER TABLE execution ADD COLUMN alias INTEGER REFERENCES machine;
ALTER TABLE execution ADD COLUMN redrives INTEGER;
ALTER TABLE execution ADD COLUMN redriven_at INTEGER; -- nanoseconds since 1970; the newest

CREATE INDEX execution_by_version ON execution (version, id) WHERE version IS NOT NULL;
CREATE INDEX execution_by_version_status ON execution (version, status, id)
  WHERE version IS NOT NULL;
CREATE INDEX execution_by_alias ON execution (alias, id) WHERE alias IS NOT NULL;
CREATE INDEX execution_by_alias_status ON execution (alias, status, id) WHERE alias IS NOT NULL;
-- Few are redriven, and whoever asks for them does not want to go through the others.
CREATE INDEX execution_by_redrive ON execution (id) WHERE redrives > 0;
CREATE INDEX execution_by_machine_redrive ON execution (machine, id) WHERE redrives > 0;
CREATE INDEX execution_by_version_redrive ON execution (version, id) WHERE redrives > 0;
CREATE INDEX execution_by_alias_redrive ON execution (alias, id) WHERE redrives > 0;
CREATE INDEX execution_by_parent_redrive ON execution (parent, id) WHERE redrives > 0;

DROP VIEW executions;
CREATE VIEW executions AS
SELECT e.id, e.name, m.arn AS machine, v.arn AS version, a.arn AS alias, s.name AS status,
  strftime('%Y-%m-%dT%H:%M:%fZ', e.started_at / 1e9, 'unixepoch') AS started,
  strftime('%Y-%m-%dT%H:%M:%fZ', e.ended_at / 1e9, 'unixepoch') AS ended,
  coalesce(l.next_event, e.events) AS events, e.output, e.error, e.cause, e.redrives,
  strftime('%Y-%m-%dT%H:%M:%fZ', e.redriven_at / 1e9, 'unixepoch') AS redriven, e.parent, e.arn
FROM execution e
JOIN status s ON s.number = e.status
LEFT JOIN machine m ON m.no = e.machine
LEFT JOIN machine v ON v.no = e.version
LEFT JOIN machine a ON a.no = e.alias
LEFT JOIN live l ON l.id = e.id;
