-- Patients whose case does not hold everything that is kept about them. Written in the transaction that makes it so, removed with the case that catches up.
create table stale (
    patient bigint primary key,
    at      bigint not null, -- the newest change that the case may lack
    rules   text,            -- rules by which deriving it failed: not tried again until something changes; null when it has not failed
    job     bigint           -- the job that derives everything by new rules; null without one
);
create index stale_at on stale (at);
create index stale_job on stale (job) where job is not null;

-- What was derived about a patient, and from what.
create table patient_case (
    patient bigint  primary key, -- as in resource
    centre  integer not null,
    id      text    collate "C" not null, -- of the Patient
    as_of   bigint  not null,    -- the newest change that it holds
    instant bigint  not null,    -- when it was derived
    rules   text    not null,
    refused integer not null,    -- 1: what is kept contradicts itself, and bundle is the OperationOutcome that says how
    summary bytea   not null,
    bundle  bytea   not null,    -- brotli
    inputs  bytea   not null     -- places of the versions that it was derived from
);
create index patient_case_identity on patient_case (centre, id);

-- What a case refers to beyond the patient's own resources, whether it is there or not: a Medication, an Organization.
create table outside (
    target  bigint not null, -- hash of centre, type and id
    patient bigint not null,
    primary key (target, patient)
);
create index outside_patient on outside (patient);

-- Conclusions that other rules changed, for the job that derived everything again.
create table changed (
    job     bigint not null,
    patient bigint not null,
    changes bytea  not null, -- JSON
    primary key (job, patient)
);
