// Benchmark: linked charts over a million runs in Chromium, compared with other libraries.
// node run.mjs explore.wasm [ROUNDS]        after npm ci here and in end2end
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";

const [wasm, rounds = "15"] = process.argv.slice(2);
if (!wasm) {
  console.error("usage: node run.mjs <path of explore.wasm> [rounds]");
  process.exit(2);
}
const here = new URL("./", import.meta.url);
const require = createRequire(new URL("../../../../../end2end/package.json", import.meta.url));
const { chromium } = require("@playwright/test");

const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};
const server = createServer(async (request, response) => {
  const path = new URL(request.url, "http://localhost").pathname;
  const file = path === "/explore.wasm" ? wasm : fileURLToPath(new URL(`.${path}`, here));
  try {
    const body = await readFile(file);
    response.writeHead(200, {
      "content-type": TYPES[extname(file)] ?? "application/octet-stream",
      // Cross-origin isolation: enables threads, and a clock resolution of 5 µs.
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
    });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));

const browser = await chromium.launch({
  executablePath: process.env.PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH || undefined,
  args: ["--no-sandbox", "--disable-gpu"],
});
try {
  const page = await browser.newPage();
  page.on("console", (message) => message.type() === "error" && console.error(message.text()));
  page.on("pageerror", (error) => console.error(error));
  await page.goto(`http://127.0.0.1:${server.address().port}/page.html`);
  await page.waitForFunction(() => globalThis.isReady);
  const took = await page.evaluate((rounds) => globalThis.bench(rounds), Number(rounds));

  const at = (list, part) => [...list].sort((a, b) => a - b)[Math.floor((list.length - 1) * part)];
  const number = (ms) => (ms >= 10 ? ms.toFixed(0) : ms.toPrecision(3));
  const [ours] = took;
  const columns = (list, reference) =>
    `${number(at(list, 0.5))} / ${number(at(list, 0.95))} | ${(at(reference, 0.5) / at(list, 0.5)).toPrecision(2)}`;
  console.log(`Chromium ${browser.version()}, ${rounds} rounds; ms, median / p95`);
  console.log("| contestant | bytes to ready | 60 of 200 stations | explorer is | one station | explorer is |");
  console.log("|---|---|---|---|---|---|");
  for (const { name, load, subset, one } of took) {
    console.log(
      `| ${name} | ${number(load[0])} | ${columns(subset, ours.subset)} | ${columns(one, ours.one)} |`,
    );
  }
} finally {
  await browser.close();
  server.close();
}
