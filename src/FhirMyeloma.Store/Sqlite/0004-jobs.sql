-- Work that outlives its request, and the process that accepted it.
create table job (
    pk      integer primary key,
    id      text    not null unique,
    centre  integer not null,  -- 0: of the whole store
    kind    integer not null,
    state   integer not null,  -- 0 waiting, 1 under way, 2 done, 3 failed, 4 cancelled
    created integer not null,  -- milliseconds since 1970, as the next two
    updated integer not null,
    lease   integer not null,  -- until then whoever works on it has it alone
    done    integer not null,  -- of total
    total   integer not null,  -- 0: not known yet
    request blob    not null,  -- JSON: what was asked for
    body    blob,              -- what was posted with it
    result  blob               -- JSON or FHIR: what came of it
) strict;
create index job_open on job (lease) where state < 2;
