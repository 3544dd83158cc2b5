// Starts the program on an empty data folder, stops it after the tests, and expects it to drain
// and exit cleanly.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

export default async function start() {
  const program = process.env.FIRSTPASS_BIN ?? resolve('../target/release/firstpass');
  const data = mkdtempSync(join(tmpdir(), 'firstpass-end2end-'));
  const args = ['serve', '--data', data, '--addr', '127.0.0.1:0', '--metrics-addr', 'off', '--demo-runs', '6000'];
  // Removes the developer's own settings, above all a database.
  const keep = (name: string) => name === 'FIRSTPASS_PG_BIN' || !/^(FIRSTPASS|DATABASE)_/.test(name);
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => keep(name)));
  const server = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  let log = '';
  server.stderr.on('data', (piece) => (log += piece));

  const ended = new Promise<number | null>((done) => server.on('exit', done));
  const people: Record<string, { email: string; password: string }> = {};
  const ready = new Promise<string>((done) => {
    createInterface({ input: server.stdout }).on('line', (line) => {
      const [word, ...rest] = line.split(' ');
      if (word === 'demo') {
        const [email, password] = rest;
        people[email] = { email, password };
      }
      if (word === 'ready') done(rest[0]);
    });
  });
  const died = ended.then((code) => Promise.reject(new Error(`the server ended with ${code}:\n${log}`)));
  process.env.FIRSTPASS_URL = await Promise.race([ready, died]);
  process.env.FIRSTPASS_PEOPLE = JSON.stringify(people);
  died.catch(() => {});

  return async () => {
    server.kill('SIGTERM');
    const code = await ended;
    rmSync(data, { recursive: true, force: true });
    if (code !== 0) throw new Error(`the server ended with ${code}:\n${log}`);
  };
}
