// What a page costs: bytes and requests, the time to the first paint and to the islands,
// and what Lighthouse has to say of it on a phone. `cargo xtask bench page` runs it.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from '@playwright/test';
import lighthouse from 'lighthouse';

const [program, runs = '8000', rounds = '9'] = process.argv.slice(2);
const executablePath = process.env.PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH ?? '/usr/bin/chromium';
const debugPort = 9333;

const data = mkdtempSync(join(tmpdir(), 'firstpass-bench-'));
const server = spawn(
  program,
  ['serve', '--data', data, '--addr', '127.0.0.1:0', '--metrics-addr', 'off', '--demo-runs', runs],
  { stdio: ['ignore', 'pipe', 'ignore'] },
);
// Also where this program breaks off.
process.on('exit', () => server.kill('SIGTERM'));
const people = {};
const address = await new Promise((done, failed) => {
  server.on('exit', (code) => failed(new Error(`the server ended with ${code}`)));
  createInterface({ input: server.stdout }).on('line', (line) => {
    const [word, first, second] = line.split(' ');
    if (word === 'demo') people[first] = second;
    if (word === 'ready') done(first);
  });
});
const email = 'engineer@northwind.example';
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', `--remote-debugging-port=${debugPort}`],
});

const signIn = await browser.newContext();
await signIn.request.post(`${address}/api/v1/sessions`, { data: { email, password: people[email] } });
const cookies = await signIn.cookies();
const [session] = cookies;

/** One visit: what was asked for, and when something was to be seen. */
async function visit(context, path) {
  const page = await context.newPage();
  await page.goto(address + path, { waitUntil: 'load' });
  await page.locator('[data-alive]').first().waitFor({ state: 'attached' });
  const seen = await page.evaluate(() => {
    const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
    return {
      answered: performance.getEntriesByType('navigation')[0].responseEnd,
      painted: performance.getEntriesByName('first-contentful-paint')[0].startTime,
      alive: performance.now(),
      bytes: all.reduce((sum, entry) => sum + entry.transferSize, 0),
      html: performance.getEntriesByType('navigation')[0].encodedBodySize,
      requests: all.length,
    };
  });
  await page.close();
  return seen;
}

for (const path of ['/', '/?days=all', '/explore']) {
  const cold = [];
  const warm = [];
  for (let round = 0; round < Number(rounds); round++) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    await context.addCookies(cookies);
    cold.push(await visit(context, path));
    warm.push(await visit(context, path));
    await context.close();
  }
  for (const [cache, visits] of [['cold', cold], ['warm', warm]]) {
    const of = (key) => median(visits.map((it) => it[key])).toFixed(0);
    console.log(
      `${path} ${cache}: answered ${of('answered')} ms, first paint ${of('painted')} ms, alive ${of('alive')} ms, ` +
        `${of('requests')} requests, ${of('bytes')} bytes on the wire, ${of('html')} of them the page`,
    );
  }
}

const scores = [];
for (let round = 0; round < 3; round++) {
  const { lhr } = await lighthouse(address + '/', {
    port: debugPort,
    extraHeaders: { Cookie: `${session.name}=${session.value}` },
    onlyCategories: ['performance', 'accessibility', 'best-practices'],
    logLevel: 'error',
  });
  scores.push(Object.values(lhr.categories).map((category) => category.score * 100));
  for (const audit of Object.values(lhr.audits)) {
    if (audit.score !== null && audit.score < 0.9 && round === 0) console.log(`  ${audit.id}: ${audit.displayValue ?? audit.title}`);
  }
}
const category = (place) => median(scores.map((score) => score[place])).toFixed(0);
console.log(
  `Lighthouse, a phone, Overview: performance ${category(0)}, accessibility ${category(1)}, best practices ${category(2)}`,
);
await browser.close();
server.removeAllListeners('exit');
const ended = new Promise((done) => server.on('exit', done));
server.kill('SIGTERM');
await ended;
rmSync(data, { recursive: true, force: true });
