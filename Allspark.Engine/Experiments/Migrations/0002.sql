-- Each parameter of what was asked, so that runs that differ in one can be told apart by it: a number in the base unit, or a word.
CREATE TABLE parameter (
    run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    name   TEXT NOT NULL CHECK (name <> ''),
    value  ANY NOT NULL CHECK (typeof(value) IN ('integer', 'real', 'text')),
    unit   TEXT NOT NULL,
    PRIMARY KEY (run_id, name)
) STRICT, WITHOUT ROWID;
