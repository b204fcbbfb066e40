// Uses the built service through fhir-kit-client, a FHIR client that nobody here wrote: what it sends and expects is its own.
// Last line: "client: N passed, N failed". SERVICE names the service's dll.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CapabilityTool, Client } from 'fhir-kit-client';
import { check, finish, holds, newStore, root } from '../Shared/service.mjs';

const story = JSON.parse(readFileSync(join(root, 'fhir-examples/case-1-isatuximab-35-days-after-daratumumab/input.json'), 'utf8'));
const numbers = 'urn:oid:1.2.3';
const results = 'urn:oid:1.2.4';

const patient = (value, family = 'Prueba') => ({ resourceType: 'Patient', identifier: [{ system: numbers, value }], name: [{ family }] });
const result = (value, subject, day, amount = 3.1) => ({
  resourceType: 'Observation',
  identifier: [{ system: results, value }],
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '33358-3' }] },
  subject: { reference: subject },
  effectiveDateTime: day,
  valueQuantity: { value: amount, unit: 'g/dL', system: 'http://unitsofmeasure.org', code: 'g/dL' },
});
const post = (resource, fullUrl, ifNoneExist) => ({ ...(fullUrl && { fullUrl }), resource, request: { method: 'POST', url: resource.resourceType, ...(ifNoneExist && { ifNoneExist }) } });
const put = (resource) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } });
const bundle = (type, ...entry) => ({ resourceType: 'Bundle', type, entry });
const urn = (n) => `urn:uuid:7d8a4a5c-6a0e-4d9c-8a3c-1f0e8a1d${String(n).padStart(4, '0')}`;

const http = (answer) => Client.httpFor(answer).response;
const idsOf = (found) => (found.entry ?? []).map((entry) => entry.resource.id);

function same(actual, expected, what) {
  const [one, other] = [JSON.stringify(actual), JSON.stringify(expected)];
  holds(one === other, `${what}: ${one} instead of ${other}`);
}

/** What the client throws when the service refuses: the status, and an OperationOutcome that says why. */
async function refused(request, status) {
  const error = await request.then(() => null, (thrown) => thrown);
  holds(error !== null, `it is not refused (${status} expected)`);
  holds(error.response?.status === status, `it ends with ${error.response?.status ?? error.message} instead of ${status}`);
  const outcome = error.response.data;
  holds(outcome.resourceType === 'OperationOutcome' && outcome.issue[0].details?.text?.length > 0, `the ${status} says nothing: ${JSON.stringify(outcome)}`);
}

/** Every page by its next link: what was on them, page by page. */
async function pages(client, first) {
  const seen = [];
  for (let page = first; page; page = await client.nextPage({ bundle: page })) seen.push(idsOf(page));
  return seen;
}

/** Twenty-five results of one patient, in one transaction. */
async function twentyFive(client, name) {
  const answer = await client.transaction({
    body: bundle('transaction', post(patient(name), urn(1)), ...Array.from({ length: 25 }, (_, i) => post(result(`${name}-${i}`, urn(1), `2024-01-${String(i + 1).padStart(2, '0')}`)))),
  });
  return { patient: answer.entry[0].response.location.split('/')[1], results: answer.entry.slice(1).map((entry) => entry.response.location.split('/')[1]) };
}

console.log('  nobody is asked who they are');
const open = newStore();
const service = await open.serve();
try {
  const client = new Client({ baseUrl: `${service.base}/fhir` });

  await check('the capability tool finds every interaction that is used here', async () => {
    const tool = new CapabilityTool(await client.capabilityStatement());
    for (const interaction of ['create', 'read', 'vread', 'update', 'delete', 'search-type', 'history-instance'])
      holds(tool.resourceCan('Patient', interaction), `Patient lacks ${interaction}`);
    holds(tool.serverCan('transaction') && tool.serverCan('batch'), 'the system lacks transaction or batch');
    for (const parameter of ['identifier', 'family', 'birthdate', '_id'])
      holds(tool.resourceSearch('Patient', parameter), `Patient is not searched by ${parameter}`);
    holds(!tool.resourceCan('Patient', 'patch'), 'patch is promised');
  });

  await check('SMART discovery is understood', async () => {
    holds(typeof (await client.smartAuthMetadata()) === 'object', 'there is no answer');
  });

  await check('what is created gets an id and is read as it was sent', async () => {
    const created = await client.create({ resourceType: 'Patient', body: patient('create', 'Muñoz Pérez') });
    same(http(created).status, 201, 'status');
    holds(http(created).headers.get('location').startsWith(`${service.base}/fhir/Patient/${created.id}/_history/1`), 'Location leads elsewhere');
    const { id, meta, ...kept } = await client.read({ resourceType: 'Patient', id: created.id });
    same([id, meta.versionId], [created.id, '1'], 'id and version');
    same(kept, patient('create', 'Muñoz Pérez'), 'content');
  });

  await check('an update makes a version, and both can be read', async () => {
    const { id } = await client.create({ resourceType: 'Patient', body: patient('update') });
    const updated = await client.update({ resourceType: 'Patient', id, body: { ...patient('update', 'Otra'), id } });
    same([updated.meta.versionId, http(updated).headers.get('etag')], ['2', 'W/"2"'], 'version');
    same((await client.vread({ resourceType: 'Patient', id, version: '1' })).name[0].family, 'Prueba', 'version 1');
    same((await client.vread({ resourceType: 'Patient', id, version: '2' })).name[0].family, 'Otra', 'version 2');
  });

  await check('an update under an id of its own creates', async () => {
    same(http(await client.update({ resourceType: 'Patient', id: 'own-id', body: { ...patient('own'), id: 'own-id' } })).status, 201, 'status');
    same((await client.read({ resourceType: 'Patient', id: 'own-id' })).id, 'own-id', 'id');
  });

  await check('an update of an old version is refused', async () => {
    const { id } = await client.create({ resourceType: 'Patient', body: patient('match') });
    const body = { ...patient('match', 'Otra'), id };
    await client.update({ resourceType: 'Patient', id, body, options: { headers: { 'If-Match': 'W/"1"' } } });
    await refused(client.update({ resourceType: 'Patient', id, body: { ...body, active: true }, options: { headers: { 'If-Match': 'W/"1"' } } }), 412);
  });

  await check('the history has every version, the newest first, and the deletion', async () => {
    const { id } = await client.create({ resourceType: 'Patient', body: patient('history') });
    await client.update({ resourceType: 'Patient', id, body: { ...patient('history', 'Otra'), id } });
    await client.delete({ resourceType: 'Patient', id });
    const history = await client.history({ resourceType: 'Patient', id });
    same([history.type, history.total], ['history', 3], 'Bundle');
    same(history.entry.map((entry) => entry.request.method), ['DELETE', 'PUT', 'POST'], 'methods');
    same(history.entry.map((entry) => entry.resource?.meta.versionId ?? null), [null, '2', '1'], 'versions');
  });

  await check('the history of a type and of everything is paged by next links', async () => {
    const { id } = await client.create({ resourceType: 'Basic', body: { resourceType: 'Basic', code: { text: 'one' } } });
    for (const text of ['two', 'three', 'four']) await client.update({ resourceType: 'Basic', id, body: { resourceType: 'Basic', id, code: { text } } });
    const texts = (bundle) => bundle.entry.map((entry) => entry.resource.code.text);
    same(texts(await client.history({ resourceType: 'Basic' })), ['four', 'three', 'two', 'one'], 'of the type');
    const first = await client.request('Basic/_history?_count=3');
    same([texts(first), texts(await client.nextPage({ bundle: first }))], [['four', 'three', 'two'], ['one']], 'in pages');
    same((await client.history()).entry.slice(0, 4).map((entry) => entry.fullUrl), Array(4).fill(`${service.base}/fhir/Basic/${id}`), 'of everything');
  });

  await check('what is deleted is gone and what never was is not found', async () => {
    const { id } = await client.create({ resourceType: 'Patient', body: patient('delete') });
    same(http(await client.delete({ resourceType: 'Patient', id })).status, 204, 'status');
    await refused(client.read({ resourceType: 'Patient', id }), 410);
    await refused(client.read({ resourceType: 'Patient', id: 'never-was' }), 404);
    same((await client.search({ resourceType: 'Patient', searchParams: { identifier: `${numbers}|delete` } })).total, 0, 'found');
  });

  await check('a conditional create finds what is there', async () => {
    const once = () => client.create({ resourceType: 'Patient', body: patient('once'), options: { headers: { 'If-None-Exist': `identifier=${numbers}|once` } } });
    const [first, second] = [await once(), await once()];
    same([http(first).status, http(second).status], [201, 200], 'statuses');
    same(second.id, first.id, 'id');
  });

  await check('a conditional update creates, updates, and reads its condition as the client writes it', async () => {
    // The client writes a blank as a plus.
    const change = (active) => client.update({ resourceType: 'Patient', searchParams: { identifier: `${numbers}|with a blank` }, body: { ...patient('with a blank'), active } });
    const [first, second] = [await change(true), await change(false)];
    same([http(first).status, http(second).status], [201, 200], 'statuses');
    same([second.id, second.meta.versionId, second.active], [first.id, '2', false], 'the second');
  });

  await check('a transaction is kept whole, and its references are followed', async () => {
    const answer = await client.transaction({
      body: bundle('transaction', post(result('t-1', urn(1), '2024-03-05'), urn(2)), post(patient('t'), urn(1), `identifier=${numbers}|t`)),
    });
    same([answer.type, answer.entry.map((entry) => entry.response.status.slice(0, 3))], ['transaction-response', ['201', '201']], 'answer');
    const [kept] = (await client.search({ resourceType: 'Observation', searchParams: { identifier: `${results}|t-1` } })).entry;
    const followed = await client.resolve({ reference: kept.resource.subject.reference });
    same([followed.resourceType, followed.identifier[0].value], ['Patient', 't'], 'subject');
  });

  await check('a transaction that cannot be kept whole is not kept', async () => {
    await refused(client.transaction({ body: bundle('transaction', post(patient('half')), post({ ...result('half-1', 'Patient/x', '2024-03-05'), status: 'nonsense' })) }), 422);
    same((await client.search({ resourceType: 'Patient', searchParams: { identifier: `${numbers}|half` } })).total, 0, 'found');
  });

  await check('a repeated transaction gets its first answer', async () => {
    const body = bundle('transaction', post(patient('again')));
    const [first, second] = [await client.transaction({ body }), await client.transaction({ body })];
    same(second.entry[0].response.location, first.entry[0].response.location, 'location');
    const keyed = bundle('transaction', post(patient('keyed')));
    const options = { headers: { 'Idempotency-Key': 'key-of-the-client' } };
    await client.transaction({ body: keyed, options });
    await client.transaction({ body: keyed, options });
    same((await client.search({ resourceType: 'Patient', searchParams: { identifier: `${numbers}|keyed` } })).total, 1, 'kept');
  });

  await check('of a batch each entry stands for itself', async () => {
    const answer = await client.batch({ body: bundle('batch', put({ ...patient('b'), id: 'b' }), put({ ...patient('c'), id: 'not-this' , active: 'perhaps' }), { request: { method: 'GET', url: 'Patient/b' } }, { request: { method: 'GET', url: `Patient?identifier=${numbers}|b` } }) });
    same([answer.type, answer.entry.map((entry) => entry.response.status.slice(0, 3))], ['batch-response', ['201', '422', '200', '200']], 'answer');
    same([answer.entry[2].resource.id, idsOf(answer.entry[3].resource)], ['b', ['b']], 'read and found');
  });

  await check('next links lead through every match once', async () => {
    const kept = await twentyFive(client, 'paged');
    const seen = await pages(client, await client.search({ resourceType: 'Observation', searchParams: { subject: `Patient/${kept.patient}`, _count: 10 } }));
    same(seen.map((page) => page.length), [10, 10, 5], 'pages');
    same(seen.flat().sort(), kept.results.sort(), 'matches');
  });

  await check('next links keep the order that was asked for', async () => {
    const kept = await twentyFive(client, 'sorted');
    const seen = await pages(client, await client.search({ resourceType: 'Observation', searchParams: { patient: kept.patient, _sort: '-date', _count: 7 } }));
    same(seen.flat(), kept.results.reverse(), 'order');
  });

  await check('search by GET and by POST find the same', async () => {
    const kept = await twentyFive(client, 'both');
    const searchParams = { 'patient.identifier': `${numbers}|both`, date: ['ge2024-01-10', 'lt2024-01-20'] };
    const [get, posted] = [await client.search({ resourceType: 'Observation', searchParams }), await client.search({ resourceType: 'Observation', searchParams, options: { postSearch: true } })];
    same(idsOf(get), kept.results.slice(9, 19), 'by GET');
    same(idsOf(posted), idsOf(get), 'by POST');
  });

  await check('names with accents, blanks and plus signs are found', async () => {
    const { id } = await client.create({ resourceType: 'Patient', body: patient('a+b c', 'Núñez de Arce') });
    same(idsOf(await client.search({ resourceType: 'Patient', searchParams: { family: 'núñez de' } })), [id], 'by family');
    same(idsOf(await client.search({ resourceType: 'Patient', searchParams: { identifier: `${numbers}|a+b c` } })), [id], 'by identifier');
  });

  await check('what is included is found in the answer', async () => {
    const kept = await twentyFive(client, 'included');
    const found = await client.search({ resourceType: 'Observation', searchParams: { _id: kept.results[0], _include: 'Observation:subject' } });
    same(found.entry.map((entry) => entry.search.mode), ['match', 'include'], 'modes');
    same((await client.resolve({ reference: found.entry[0].resource.subject.reference, context: found })).identifier[0].value, 'included', 'the included');
    const back = await client.search({ resourceType: 'Patient', searchParams: { _id: kept.patient, _revinclude: 'Observation:subject' } });
    same(back.entry.length, 26, 'with what refers to it');
  });

  await check('a search that is not known is refused by name', async () => {
    await refused(client.search({ resourceType: 'Patient', searchParams: { 'favourite-colour': 'blue' } }), 400);
    const lenient = await client.search({ resourceType: 'Patient', searchParams: { 'favourite-colour': 'blue', identifier: `${numbers}|nobody` }, options: { headers: { Prefer: 'handling=lenient' } } });
    same([lenient.total, lenient.entry[0].search.mode], [0, 'outcome'], 'leniently');
  });

  await check('a story is posted, and everything about its patient comes back', async () => {
    const answer = await client.transaction({ body: story });
    const id = answer.entry.find((_, i) => story.entry[i].resource.resourceType === 'Patient').response.location.split('/')[1];
    const byPost = await client.operation({ name: 'everything', resourceType: 'Patient', id });
    const byGet = await client.operation({ name: '$everything', resourceType: 'Patient', id, method: 'GET' });
    holds(byGet.total > 100 && byGet.total <= story.entry.length, `${byGet.total} of ${story.entry.length} resources`);
    same(idsOf(byPost), idsOf(byGet), 'by POST');
    const derived = await client.operation({ name: 'assess', resourceType: 'Patient', id, method: 'GET' });
    const washout = derived.entry.map((entry) => entry.resource).find((one) => one.code?.coding[0].code === 'anti-cd38-washout');
    same([washout.valueQuantity.value, washout.valueQuantity.code], [35, 'd'], 'washout');
  });

  await check('operations take what the client gives as input', async () => {
    const derived = await client.operation({ name: '$assess', input: story });
    same([derived.resourceType, derived.type], ['Bundle', 'collection'], '$assess');
    const verdict = await client.operation({ name: 'validate', resourceType: 'Patient', input: { ...patient('v'), gender: 'nonsense' } });
    holds(verdict.issue.some((issue) => issue.severity === 'error' && issue.expression[0] === 'Patient.gender'), 'the fault is not found');
  });

  await check('what is not done here is refused with a reason', async () => {
    await refused(client.patch({ resourceType: 'Patient', id: 'own-id', jsonPatch: [{ op: 'replace', path: '/active', value: true }] }), 405);
    await refused(client.read({ resourceType: 'Patients', id: '1' }), 404);
  });
} finally {
  await service.stop();
  open.remove();
}

console.log('  with API keys');
const closed = newStore();
const keys = {
  alcala: closed.run('key', 'create', '--center', 'alcala'),
  vitoria: closed.run('key', 'create', '--center', 'vitoria'),
  reader: closed.run('key', 'create', '--center', 'alcala', '--scope', 'system/Patient.rs'),
};
const guarded = await closed.serve();
try {
  const baseUrl = `${guarded.base}/fhir`;
  const as = (key) => new Client({ baseUrl, bearerToken: keys[key] });
  const [alcala, vitoria, reader] = [as('alcala'), as('vitoria'), as('reader')];

  await check('without a key only what everybody may know is told', async () => {
    const nobody = new Client({ baseUrl });
    holds(new CapabilityTool(await nobody.capabilityStatement()).resourceCan('Patient', 'read'), 'there is no statement');
    await refused(nobody.create({ resourceType: 'Patient', body: patient('nobody') }), 401);
    await refused(nobody.search({ resourceType: 'Patient' }), 401);
    await refused(new Client({ baseUrl, bearerToken: 'fm_made-up' }).search({ resourceType: 'Patient' }), 401);
  });

  await check('with a key a resource is created, read, updated, found and deleted, with its history', async () => {
    const { id } = await alcala.create({ resourceType: 'Patient', body: patient('mine') });
    await alcala.update({ resourceType: 'Patient', id, body: { ...patient('mine', 'Otra'), id } });
    same((await alcala.read({ resourceType: 'Patient', id })).name[0].family, 'Otra', 'read');
    same(idsOf(await alcala.search({ resourceType: 'Patient', searchParams: { identifier: `${numbers}|mine` } })), [id], 'found');
    await alcala.delete({ resourceType: 'Patient', id });
    same((await alcala.history({ resourceType: 'Patient', id })).total, 3, 'history');
  });

  await check('with a key a transaction is kept, and every next link is followed', async () => {
    const kept = await twentyFive(alcala, 'with-key');
    const seen = await pages(alcala, await alcala.search({ resourceType: 'Observation', searchParams: { 'patient.identifier': `${numbers}|with-key`, _count: 10 } }));
    same(seen.flat().sort(), kept.results.sort(), 'matches');
  });

  await check('with the key of another centre nothing of it is there, and its ids are free', async () => {
    const mine = { ...patient('private'), id: 'private' };
    await alcala.update({ resourceType: 'Patient', id: 'private', body: mine });
    await refused(vitoria.read({ resourceType: 'Patient', id: 'private' }), 404);
    same((await vitoria.search({ resourceType: 'Patient', searchParams: { identifier: `${numbers}|private` } })).total, 0, 'found');
    same(http(await vitoria.update({ resourceType: 'Patient', id: 'private', body: { ...mine, active: true } })).status, 201, 'status');
    same((await alcala.read({ resourceType: 'Patient', id: 'private' })).active, undefined, 'the first');
  });

  await check('a next link of one centre shows another nothing', async () => {
    await twentyFive(alcala, 'link');
    const searchParams = { 'patient.identifier': `${numbers}|link`, _count: 10 };
    const first = await alcala.search({ resourceType: 'Observation', searchParams });
    same(idsOf(await vitoria.nextPage({ bundle: first })), [], 'on the second page');
  });

  await check('a key does what its scopes say and no more', async () => {
    const { id } = await alcala.create({ resourceType: 'Patient', body: patient('scoped') });
    same((await reader.read({ resourceType: 'Patient', id })).id, id, 'read');
    same(idsOf(await reader.search({ resourceType: 'Patient', searchParams: { identifier: `${numbers}|scoped` } })), [id], 'found');
    await refused(reader.create({ resourceType: 'Patient', body: patient('scoped-2') }), 403);
    await refused(reader.delete({ resourceType: 'Patient', id }), 403);
    await refused(reader.search({ resourceType: 'Observation' }), 403);
    await refused(reader.transaction({ body: bundle('transaction', post(patient('scoped-3'))) }), 403);
  });

  await check('a key that is revoked opens nothing from then on', async () => {
    keys.short = closed.run('key', 'create', '--center', 'alcala', '--name', 'short');
    await as('short').search({ resourceType: 'Patient' });
    const id = closed.run('key', 'list').split('\n').find((line) => line.includes('\tshort\t')).split('\t')[0];
    closed.run('key', 'revoke', id);
    await refused(as('short').search({ resourceType: 'Patient' }), 401);
  });
} finally {
  await guarded.stop();
  closed.remove();
}
finish('client');
