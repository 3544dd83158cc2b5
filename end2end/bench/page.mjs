// Page load benchmark: bytes, requests, time to first paint and to interactive islands, and the
// Lighthouse scores with a phone profile. `cargo xtask bench page` runs it.
import { chromium } from '@playwright/test';
import lighthouse from 'lighthouse';
import { serve } from './server.mjs';

const [program, runs = '8000', rounds = '9'] = process.argv.slice(2);
const executablePath = process.env.PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH ?? '/usr/bin/chromium';
const debugPort = 9333;

const { address, person, end } = await serve(program, runs);
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', `--remote-debugging-port=${debugPort}`],
});

const signIn = await browser.newContext();
await signIn.request.post(`${address}/api/v1/sessions`, { data: person });
const cookies = await signIn.cookies();
const [session] = cookies;

/** Measures one visit: its requests and its paint times. */
async function visit(context, path) {
  const page = await context.newPage();
  await page.goto(address + path, { waitUntil: 'load' });
  // Explore is interactive when its runs are loaded.
  const alive = path.endsWith('/explore') ? '.explore[data-alive]' : 'html[data-alive]';
  await page.locator(alive).waitFor({ state: 'attached' });
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

for (const path of ['/t/northwind/', '/t/northwind/?days=all', '/t/northwind/explore']) {
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
  const { lhr } = await lighthouse(address + '/t/northwind/', {
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
await end();
