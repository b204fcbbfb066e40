// What the tests in Node have in common: counted claims, and the built service on a free port. SERVICE names the service's dll.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const dll = process.env.SERVICE ?? join(root, 'artifacts/bin/FhirMyeloma.Service/release/FhirMyeloma.Service.dll');

let passed = 0;
let failed = 0;

/** One counted test. */
export async function check(claim, body) {
  try {
    await body();
    passed += 1;
    console.log(`  passed  ${claim}`);
  } catch (error) {
    failed += 1;
    console.log(`  FAILED  ${claim}\n          ${error.message}`);
  }
}

export function holds(condition, otherwise) {
  if (!condition) throw new Error(otherwise);
}

/** Prints "NAME: N passed, N failed" as the last line and ends the process. */
export function finish(name) {
  console.log(`${name}: ${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}

/** A folder for a store of its own; the commands of the service work on it too. */
export function newStore() {
  const folder = mkdtempSync(join(tmpdir(), 'fhirmyeloma-node-'));
  const env = { ...process.env, FhirMyeloma__DataFolder: folder };
  return {
    /** Starts the service on it, and waits until it is ready. */
    async serve() {
      const base = `http://127.0.0.1:${await freePort()}`;
      const service = spawn('dotnet', [dll], { env: { ...env, ASPNETCORE_URLS: base }, stdio: ['ignore', 'ignore', 'inherit'] });
      const ended = new Promise((resolve) => service.once('exit', resolve));
      // Whatever ends the tests ends the service.
      process.once('exit', () => service.kill());
      const stop = async () => {
        service.kill();
        await ended;
      };
      const giveUp = Date.now() + 30_000;
      while (!(await fetch(`${base}/health/ready`).then((answer) => answer.ok, () => false))) {
        if (Date.now() > giveUp || service.exitCode !== null) {
          await stop();
          throw new Error('the service did not become ready within 30 s');
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      return { base, stop };
    },
    /** What a command of the service prints. */
    run: (...words) => execFileSync('dotnet', [dll, ...words], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim(),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const free = probe.address().port;
      probe.close(() => resolve(free));
    });
  });
}
