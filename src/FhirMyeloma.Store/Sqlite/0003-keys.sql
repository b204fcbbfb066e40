-- Keys by which a centre's systems are known. The key itself is not here: only its hash.
create table api_key (
    pk      integer primary key,
    id      text    not null unique,  -- by which it is listed and revoked
    hash    blob    not null unique,  -- SHA-256
    name    text    not null,         -- whose it is
    centres text    not null,         -- separated by blanks; empty for a role that has none
    scopes  text    not null,         -- separated by blanks
    created integer not null,         -- milliseconds since 1970, as the next
    revoked integer                   -- null while it holds
) strict;
