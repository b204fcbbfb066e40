-- Who did what, one row an access. Rows are only ever added; each carries the hash of its content together with the hash of the row before.
create table audit (
    number  bigint  primary key, -- 1, 2, 3 … without a gap
    instant bigint  not null,    -- milliseconds since 1970
    centre  text    not null,    -- this and the next three repeat what content says, to be found by
    agent   text    not null,
    action  text    not null,    -- C R U D E
    outcome integer not null,    -- 0 4 8 12
    content bytea   not null,    -- JSON
    hash    bytea   not null
);

create table audit_patient (
    patient text    not null, -- logical id
    number  bigint  not null,
    primary key (patient, number)
);
create index audit_patient_number on audit_patient (number);
