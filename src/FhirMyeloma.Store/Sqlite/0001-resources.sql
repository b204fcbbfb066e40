-- Bodies are appended and never moved: the key of a version is the place of its change in the history of the whole store.

create table name (
    id   integer primary key,
    text text not null unique
) strict;

-- What holds now, one row a resource.
create table resource (
    pk      integer primary key,
    centre  integer not null,
    type    integer not null,
    id      text    not null,
    patient integer not null, -- hash of the patient in whose compartment it lies; 0 for none
    at      integer not null, -- its newest version
    version integer not null, -- number of that version
    deleted integer not null
) strict;
create unique index resource_identity on resource (type, id, centre);
create index resource_patient on resource (patient, pk) where patient <> 0;

create table version (
    at       integer primary key,
    resource integer not null,
    number   integer not null,
    instant  integer not null, -- milliseconds since 1970, never decreasing
    change   integer not null, -- 0 created, 1 updated, 2 deleted
    content  blob    not null, -- hash of the resource without version and time
    body     blob              -- the resource as it is answered; null when deleted
) strict;
create unique index version_number on version (resource, number);
create index version_instant on version (instant);

-- The search index: hashes of what a parameter says, and ranges of time. It finds candidates; the resource itself decides.
create table posting (
    key      integer not null,
    resource integer not null,
    primary key (key, resource)
) strict, without rowid;

create table moment (
    scope    integer not null,
    low      integer not null, -- microseconds since 1970
    resource integer not null,
    high     integer not null,
    primary key (scope, low, resource, high)
) strict, without rowid;

-- What was answered to a transaction, by its Idempotency-Key and by its content.
create table answer (
    centre  integer not null,
    request blob    not null, -- hash of the key, or of the content where no key was sent
    content blob    not null,
    instant integer not null,
    first   integer not null, -- the versions that it wrote are these and those between
    last    integer not null,
    written integer not null,
    outcome blob    not null,
    primary key (centre, request)
) strict, without rowid;
create index answer_instant on answer (instant);
