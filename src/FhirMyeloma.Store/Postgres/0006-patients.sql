-- A patient's own row among its many. What asks by it says that patient is not 0, or this index does not serve.
drop index resource_patient;
create index resource_patient on resource (patient, type) where patient <> 0;
