import { defineConfig, devices } from '@playwright/test';

// Chromium is the machine's own: Playwright's download needs servers that factory
// networks do not reach.
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
const wide = { width: 1440, height: 900 };
const narrow = { width: 390, height: 844 };

export default defineConfig({
  testDir: 'tests',
  globalSetup: './support/start.ts',
  workers: 2,
  forbidOnly: !!process.env.CI,
  reporter: 'list',
  timeout: 30_000,
  use: { trace: 'retain-on-failure' },
  projects: [
    { name: 'wide light', use: { ...desktop, viewport: wide, colorScheme: 'light' } },
    { name: 'narrow dark', use: { ...desktop, viewport: narrow, colorScheme: 'dark' } },
  ],
});
