import { defineConfig, devices } from '@playwright/test';

// Uses the installed Chromium: Playwright downloads its browsers from servers that factory
// networks block.
const launchOptions = {
  executablePath: process.env.PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

const desktop = { ...devices['Desktop Chrome'], channel: undefined, launchOptions };
const seen = (width: number, height: number, colorScheme: 'light' | 'dark') => ({
  ...desktop,
  viewport: { width, height },
  colorScheme,
});

// Layout, contrast and accessibility are tested on every screen and in both schemes; behaviour,
// and pages without WASM, on one wide and one narrow screen.
const alive = { testMatch: /looks\.spec\.ts/, grepInvert: /script blocked/ };

export default defineConfig({
  testDir: 'tests',
  globalSetup: './support/start.ts',
  workers: 2,
  forbidOnly: !!process.env.CI,
  reporter: 'list',
  timeout: 60_000,
  // A log-in is slow on a machine that compiles at the same time.
  expect: { timeout: 10_000 },
  use: { trace: 'retain-on-failure' },
  projects: [
    { name: 'wide light', use: seen(1440, 900, 'light') },
    { name: 'narrow dark', use: seen(390, 844, 'dark') },
    { name: 'wide dark', ...alive, use: seen(1440, 900, 'dark') },
    { name: 'tablet light', ...alive, use: seen(768, 1024, 'light') },
    { name: 'tablet dark', ...alive, use: seen(768, 1024, 'dark') },
    { name: 'narrow light', ...alive, use: seen(390, 844, 'light') },
  ],
});
