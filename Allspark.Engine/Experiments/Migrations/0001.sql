-- One name under which runs are gathered.
CREATE TABLE experiment (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE CHECK (name <> '')
) STRICT;

-- One result. `identity` is the hash of what was asked (model, array, scheme, options, engine version, seed), `result` the
-- hash of what came out. Deterministic runs give one row however often they are carried out; a result that differs for
-- the same identity keeps a row of its own.
CREATE TABLE run (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    experiment_id  INTEGER NOT NULL REFERENCES experiment (id),
    identity       TEXT NOT NULL CHECK (length(identity) = 64),
    result         TEXT NOT NULL CHECK (length(result) = 64),
    model          TEXT NOT NULL,
    model_hash     TEXT NOT NULL,
    array          TEXT NOT NULL,
    array_hash     TEXT NOT NULL,
    scheme         TEXT NOT NULL,
    fidelity       TEXT NOT NULL,
    solver         TEXT NOT NULL,
    options        TEXT NOT NULL CHECK (json_valid(options)),
    engine_version TEXT NOT NULL,
    seed           INTEGER NOT NULL,
    status         TEXT NOT NULL CHECK (status IN ('Completed', 'Failed')),
    message        TEXT,
    UNIQUE (experiment_id, identity, result)
) STRICT;

CREATE INDEX run_identity ON run (identity);

-- Each time that a run was carried out: when, how long, where, by which build.
CREATE TABLE execution (
    id              INTEGER PRIMARY KEY,
    run_id          INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    started         TEXT NOT NULL,
    wall_seconds    REAL NOT NULL CHECK (wall_seconds >= 0),
    solve_seconds   REAL CHECK (solve_seconds >= 0),
    git_commit      TEXT,
    engine_commit   TEXT,
    host            TEXT NOT NULL,
    os              TEXT NOT NULL,
    architecture    TEXT NOT NULL,
    runtime         TEXT NOT NULL,
    processor_count INTEGER NOT NULL
) STRICT;

CREATE INDEX execution_run ON execution (run_id);

CREATE TABLE metric (
    run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    name   TEXT NOT NULL CHECK (name <> ''),
    value  REAL NOT NULL,
    unit   TEXT NOT NULL,
    PRIMARY KEY (run_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE phase (
    run_id          INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    position        INTEGER NOT NULL CHECK (position >= 0),
    block           TEXT NOT NULL,
    kind            TEXT NOT NULL,
    latency_seconds REAL NOT NULL,
    energy_joules   REAL NOT NULL,
    group_rows      INTEGER,
    group_columns   INTEGER,
    temporal_layers INTEGER,
    sharing_degree  INTEGER,
    figures         TEXT NOT NULL CHECK (json_valid(figures)),
    PRIMARY KEY (run_id, position)
) STRICT, WITHOUT ROWID;

-- Whole documents, compressed with Brotli; `size` is the length before.
CREATE TABLE artifact (
    run_id  INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    name    TEXT NOT NULL CHECK (name <> ''),
    size    INTEGER NOT NULL CHECK (size >= 0),
    content BLOB NOT NULL,
    PRIMARY KEY (run_id, name)
) STRICT;
