-- Patients whose case does not hold everything that is kept about them. Written in the transaction that makes it so, removed with the case that catches up.
create table stale (
    patient integer primary key,
    at      integer not null, -- the newest change that the case may lack
    rules   text,             -- rules by which deriving it failed: not tried again until something changes; null when it has not failed
    job     integer           -- the job that derives everything by new rules; null without one
) strict;
create index stale_at on stale (at);
create index stale_job on stale (job) where job is not null;
-- What older programs kept has no case yet.
insert into stale (patient, at) select patient, max(at) from resource where patient <> 0 group by patient;

-- What was derived about a patient, and from what.
create table patient_case (
    patient integer primary key, -- as in resource
    centre  integer not null,
    id      text    not null,    -- of the Patient
    as_of   integer not null,    -- the newest change that it holds
    instant integer not null,    -- when it was derived
    rules   text    not null,
    refused integer not null,    -- 1: what is kept contradicts itself, and bundle is the OperationOutcome that says how
    summary blob    not null,
    bundle  blob    not null,    -- brotli
    inputs  blob    not null     -- places of the versions that it was derived from
) strict;
create unique index patient_case_identity on patient_case (centre, id);

-- What a case refers to beyond the patient's own resources, whether it is there or not: a Medication, an Organization.
create table outside (
    target  integer not null, -- hash of centre, type and id
    patient integer not null,
    primary key (target, patient)
) strict, without rowid;
create index outside_patient on outside (patient);

-- Conclusions that other rules changed, for the job that derived everything again.
create table changed (
    job     integer not null,
    patient integer not null,
    changes blob    not null, -- JSON
    primary key (job, patient)
) strict, without rowid;
