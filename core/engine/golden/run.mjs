// Compares the bits that the wasm32 build computes with golden.txt.
// node run.mjs golden.wasm        (Node 20 or newer, no packages)
import { readFile } from "node:fs/promises";

const path = process.argv[2];
if (!path) {
  console.error("usage: node run.mjs <path of golden.wasm>");
  process.exit(2);
}

const expected = (await readFile(new URL("golden.txt", import.meta.url), "utf8"))
  .split("\n")
  .filter((line) => line && !line.startsWith("#"))
  .map((line) => {
    const tab = line.lastIndexOf("\t");
    return { name: line.slice(0, tab), bits: BigInt(`0x${line.slice(tab + 1)}`) };
  });

// An empty import object: instantiation fails if the library has imports.
const { instance } = await WebAssembly.instantiate(await readFile(path), {});
const { golden_len, golden_bits } = instance.exports;

const show = (bits) => {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, bits);
  return `${bits.toString(16).padStart(16, "0")} (${view.getFloat64(0)})`;
};

let passed = 0;
let failed = 0;
const length = golden_len() >>> 0;
if (length !== expected.length) {
  console.log(`the library has ${length} cases, golden.txt has ${expected.length}`);
  failed += Math.abs(length - expected.length);
}
for (const [i, { name, bits }] of expected.slice(0, length).entries()) {
  const got = BigInt.asUintN(64, golden_bits(i));
  if (got === bits) {
    passed += 1;
  } else {
    failed += 1;
    console.log(`${name}: expected ${show(bits)}, got ${show(got)}`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
