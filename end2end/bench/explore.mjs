// Benchmark of a drag on Explore: drags a range over the days of a million runs and measures the
// duration of each answer and the intervals between paints.
// `cargo xtask bench explore` runs it: node explore.mjs firstpass explore.wasm [SECONDS]
import { readFileSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { serve } from './server.mjs';

const [program, wasm, seconds = '6'] = process.argv.slice(2);
if (!wasm) {
  console.error('usage: node explore.mjs <firstpass> <explore.wasm> [seconds]');
  process.exit(2);
}

// The frame that the other benchmarks use.
const { exports } = (await WebAssembly.instantiate(readFileSync(wasm), {})).instance;
const length = exports.make();
const frame = Buffer.from(new Uint8Array(exports.memory.buffer, exports.bytes(), length));

const { address, person, end } = await serve(program, '600');

const browser = await chromium.launch({
  executablePath: process.env.PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
await context.request.post(`${address}/api/v1/sessions`, { data: person });
const page = await context.newPage();
page.on('pageerror', (error) => console.error(error));
await page.route('**/data/v1/runs*', (route) =>
  route.fulfill({ body: frame, contentType: 'application/vnd.firstpass.frame' }),
);
await page.goto(`${address}/t/northwind/explore?days=all`);
await page.locator('.explore[data-alive]').waitFor();
await page.locator('[data-chart="day"]').scrollIntoViewIfNeeded();

/** Starts recording answers and animation frames; a second call returns them. */
const record = () => {
  if (globalThis.seen) {
    globalThis.seen.done = true;
    return globalThis.seen;
  }
  const seen = { answers: [], frames: [] };
  globalThis.seen = seen;
  const speed = document.querySelector('[data-part="speed"]');
  new MutationObserver(() => {
    const [, ms] = speed.textContent.match(/([\d.]+)\s*ms/) ?? [];
    if (ms) seen.answers.push(Number(ms));
  }).observe(speed, { childList: true, characterData: true, subtree: true });
  let before;
  let answered = 0;
  const paint = (now) => {
    // The previous frame contained an answer: the time until it was painted.
    if (before && seen.answers.length > answered) seen.frames.push(now - before);
    answered = seen.answers.length;
    before = now;
    if (!seen.done) requestAnimationFrame(paint);
  };
  requestAnimationFrame(paint);
};

const box = await page.locator('[data-chart="day"] svg:visible').boundingBox();
const at = (part) => box.x + box.width * part;
const y = box.y + box.height / 2;
// Selects a quarter of the days, then drags that range back and forth.
await page.mouse.move(at(0.1), y);
await page.mouse.down();
await page.mouse.move(at(0.35), y, { steps: 5 });
await page.mouse.up();
await page.mouse.move(at(0.2), y);
await page.mouse.down();
await page.evaluate(record);
// Moves the pointer every 8 ms without waiting; the browser coalesces the events.
const until = Date.now() + Number(seconds) * 1000;
const moves = [];
while (Date.now() < until) {
  const turn = (moves.length % 500) / 250;
  moves.push(page.mouse.move(at(0.2 + 0.6 * (turn < 1 ? turn : 2 - turn)), y));
  await new Promise((after) => setTimeout(after, 8));
}
const { answers, frames } = await page.evaluate(record);
await Promise.all(moves);
await page.mouse.up();

const part = (list, share) => [...list].sort((a, b) => a - b)[Math.floor((list.length - 1) * share)];
const both = (list) => `${part(list, 0.5).toFixed(1)} / ${part(list, 0.95).toFixed(1)}`;
const runs = (await page.locator('[data-part="speed"]').textContent()).split(',')[0];
console.log(`Chromium ${browser.version()}, a range dragged over the days of ${runs}, ${moves.length} moves of the hand`);
console.log('| what | times | ms, median / p95 |');
console.log('|---|---|---|');
console.log(`| an answer: charts, drawings, page | ${answers.length} | ${both(answers)} |`);
console.log(`| from a frame with an answer to the next frame | ${frames.length} | ${both(frames)} |`);

await browser.close();
await end();
