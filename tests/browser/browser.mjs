// Starts the built service on a free port and uses it as a person with a browser would.
// Last line: "browser: N passed, N failed". CHROMIUM names the browser, SERVICE the service's dll.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { check, finish, holds, newStore, root } from '../Shared/service.mjs';

const pictures = join(root, 'artifacts/test-results');
mkdirSync(pictures, { recursive: true });

const store = newStore();
const { base, stop } = await store.serve();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'],
});

try {
  const page = await browser.newPage({ viewport: { width: 1200, height: 1600 } });
  const complaints = [];
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) complaints.push(message.text()); });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('requestfailed', (request) => complaints.push(`${request.url()} failed`));
  page.on('request', (request) => { if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(base)) complaints.push(`${request.url()} is not ours`); });
  const quiet = () => holds(complaints.length === 0, complaints.splice(0).join('; '));

  async function execute(operation) {
    const block = page.locator(`.opblock[id$="-${operation}"]`);
    await block.locator('.opblock-summary-control').click();
    await block.getByRole('button', { name: 'Try it out' }).click();
    await block.getByRole('button', { name: 'Execute' }).click();
    await block.locator('.live-responses-table .response').first().waitFor({ timeout: 30_000 });
    const answer = {
      status: (await block.locator('.live-responses-table .response-col_status').nth(1).innerText()).trim().slice(0, 3),
      body: await block.locator('.live-responses-table .response-col_description').nth(1).innerText(),
    };
    if (operation === 'assess') await page.screenshot({ path: join(pictures, 'swagger-assess.png') });
    // Many open blocks make the page slow.
    await block.locator('.opblock-summary-control').click();
    return answer;
  }

  await check('the page says what this is and complains about nothing', async () => {
    await page.goto(`${base}/`);
    await page.getByText('Research and data quality only, not for patient care').waitFor();
    quiet();
  });

  await check('every link of the page leads somewhere', async () => {
    for (const link of await page.locator('a').evaluateAll((all) => all.map((one) => one.href))) {
      const answer = await fetch(link);
      holds(answer.ok, `${link} answers ${answer.status}`);
    }
  });

  await check('Swagger loads without a complaint of the browser', async () => {
    await page.goto(`${base}/swagger`);
    await page.locator('.info .title').filter({ hasText: 'FhirMyeloma' }).waitFor({ timeout: 30_000 });
    await page.locator('.opblock').first().waitFor();
    quiet();
  });

  await check('Execute on $assess answers 200 with the derived Bundle', async () => {
    const { status, body } = await execute('assess');
    holds(status === '200', `the answer is ${status}`);
    for (const part of ['"collection"', 'anti-cd38-washout', 'line-of-therapy', 'imwg-response', '"Provenance"', '"OperationOutcome"'])
      holds(body.includes(part), `the derived Bundle lacks ${part}`);
    quiet();
  });

  // What is deleted last can be read before; a condition that nobody gave is refused; nobody knows the id of a job yet; duplicates are for those who pool.
  const expected = {
    create: '201', delete: '204', updateConditionally: '400', deleteConditionally: '400',
    export: '202', exportPatients: '202', job: '404', jobFile: '404', cancelJob: '404', duplicates: '403',
  };
  const rank = (operation) => (operation === 'bundle' ? 0 : operation.startsWith('delete') ? 2 : 1);

  await check('Execute on every other operation answers as its example says', async () => {
    const blocks = await page.locator('.opblock').evaluateAll((all) => all.map((one) => one.id.split('-').at(-1)));
    holds(blocks.length > 3, `only ${blocks.length} operations`);
    for (const operation of blocks.filter((one) => one !== 'assess').sort((one, other) => rank(one) - rank(other))) {
      const { status } = await execute(operation);
      holds(status === (expected[operation] ?? '200'), `${operation} answers ${status}`);
    }
    // The browser notes each refusal, also one that is meant.
    complaints.splice(0, complaints.length, ...complaints.filter((one) => !/status of 40[034]/.test(one)));
    quiet();
  });
} finally {
  await browser.close();
  await stop();
  store.remove();
}
finish('browser');
