// A separate server for a benchmark, with a demo in its own data folder.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Starts the server; returns its address, a demo account and a function that stops it. */
export async function serve(program, runs) {
  const data = mkdtempSync(join(tmpdir(), 'firstpass-bench-'));
  const server = spawn(
    program,
    ['serve', '--data', data, '--addr', '127.0.0.1:0', '--metrics-addr', 'off', '--demo-runs', runs],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  // Also stops the server if the benchmark fails.
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
  const end = async () => {
    server.removeAllListeners('exit');
    const ended = new Promise((done) => server.on('exit', done));
    server.kill('SIGTERM');
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
  return { address, person: { email, password: people[email] }, end };
}
