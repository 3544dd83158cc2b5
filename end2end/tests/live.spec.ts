import type { APIRequestContext, Page, TestInfo } from '@playwright/test';
import { expect, logIn, test, url } from '../support/test';

// A partner whose figures no other test checks.
const engineer = 'engineer@kestrel.example';
const within = { timeout: 5_000 };

/** An operation unique to this test, because other tests upload at the same time. */
const operationOf = (info: TestInfo) => `Bench ${info.project.name} ${info.title.slice(0, 9)} ${info.retry}`;

async function upload(request: APIRequestContext, operation: string, serial: string, outcome: string) {
  const started_at = new Date(Date.now() - 600_000).toISOString();
  const unit = { serial: `${operation} ${serial}` };
  const run = { type: 'run', id: `${operation} ${serial}`, unit, operation, started_at, outcome };
  const answer = await request.post(url('/ingest/v1/firstpass'), { data: JSON.stringify(run) });
  expect(answer.status()).toBe(200);
}

async function openLive(page: Page, path = '/') {
  await logIn(page, engineer, path);
  await expect(page.locator('.live')).toContainText('Live');
}

const table = (page: Page) => page.getByRole('region', { name: 'Operations' });
const board = (page: Page) => page.getByRole('region', { name: 'First-pass yield by operation' });

test('figures follow uploads, and the page does not move', async ({ page }, info) => {
  const operation = operationOf(info);
  await openLive(page);
  await page.evaluate(() => ((window as any).sameDocument = true));
  await page.getByText('What is counted').click();
  const held = page.getByRole('link', { name: '99 %' });
  await held.evaluate((link) => link.scrollIntoView({ block: 'center' }));
  await held.focus();
  const where = async () => (await held.boundingBox())!.y;
  const before = await where();

  await upload(page.request, operation, 'A', 'pass');
  await expect(table(page).getByRole('row', { name: operation })).toContainText('100.00', within);
  await upload(page.request, operation, 'B', 'fail');
  const row = table(page).getByRole('row', { name: operation });
  await expect(row).toContainText('50.00', within);
  await expect(row).toContainText(/2\s(units|unit-days)/);
  await expect(board(page).getByRole('row', { name: operation })).toContainText('50.00');
  await expect(page.locator('.interval-board svg:visible')).toContainText(operation);
  await expect(page.getByRole('status')).toContainText(/^Figures updated, as of \d{4}/);

  expect(Math.abs((await where()) - before)).toBeLessThan(2);
  await expect(held).toBeFocused();
  await expect(page.locator('details', { hasText: 'What is counted' })).toHaveAttribute('open', '');

  // The page is still interactive.
  let requests = 0;
  page.on('request', (request) => (requests += /\.svg$|\/live/.test(request.url()) ? 0 : 1));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('columnheader', { name: '99 % interval' })).toBeVisible();
  await expect(board(page).getByRole('row', { name: operation })).toContainText('50.00');
  expect(await page.evaluate(() => (window as any).sameDocument)).toBe(true);
  expect(requests).toBeLessThanOrEqual(1); // another test's upload, at most
});

test('eight windows of one browser share one stream, which another takes over when its window closes', async ({ page, context }, info) => {
  const operation = operationOf(info);
  let streams = 0;
  context.on('request', (request) => (streams += new URL(request.url()).pathname === '/live' ? 1 : 0));
  await openLive(page);
  const windows = [page];
  while (windows.length < 8) {
    const next = await context.newPage();
    windows.push(next);
    await next.goto(url('/'));
    await expect(next.locator('.live')).toContainText('Live', within);
  }
  expect(streams).toBe(1);
  await upload(page.request, operation, 'A', 'pass');
  for (const each of windows) {
    await expect(table(each).getByRole('row', { name: operation })).toContainText('100.00', within);
  }
  const [leader, ...others] = windows;
  await leader.close();
  await expect.poll(() => streams, within).toBe(2);
  await upload(others[0].request, operation, 'B', 'fail');
  for (const each of others) {
    await expect(table(each).getByRole('row', { name: operation })).toContainText('50.00', within);
  }
  // A connection is left for navigation.
  await others[0].getByRole('link', { name: 'Units', exact: true }).click();
  await expect(others[0]).toHaveURL(/\/units/);
});

test('rows stay in the order that the reader chose', async ({ page }, info) => {
  const operation = operationOf(info);
  await openLive(page);
  const card = page.locator('#failures');
  await card.getByText('Show as table').click();
  const head = card.getByRole('columnheader', { name: 'Code' });
  const codes = () => card.locator('tbody th, tbody tr td:first-child').allTextContents();
  await head.getByRole('button').click();
  const chosen = await codes();
  await head.getByRole('button').click();
  await expect.poll(codes).toEqual([...chosen].reverse());
  await upload(page.request, operation, 'A', 'pass');
  await expect(table(page).getByRole('row', { name: operation })).toBeVisible(within);
  await expect(head).toHaveAttribute('aria-sort', 'descending');
  expect(await codes()).toEqual([...chosen].reverse());
});

test('a new upload comes on top of the list, and the row in focus stays in focus', async ({ page }, info) => {
  await openLive(page, '/uploads');
  const first = page.locator('main tbody a').first();
  const held = (await first.getAttribute('href'))!;
  await first.focus();
  await upload(page.request, operationOf(info), 'A', 'pass');
  await expect(first).not.toHaveAttribute('href', held, within);
  await expect(page.locator(`main tbody a[href="${held}"]`)).toBeFocused();
});

test('a page in the background rests until somebody looks again', async ({ page }, info) => {
  const operation = operationOf(info);
  await openLive(page);
  const turn = (hidden: boolean) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    }, hidden);
  await turn(true);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await upload(page.request, operation, 'A', 'pass');
  // Another visible page is notified; a hidden page is not.
  const other = await page.context().newPage();
  await other.goto(url('/'));
  await expect(table(other).getByRole('row', { name: operation })).toBeVisible(within);
  await other.close();
  expect(asked).toEqual([]);
  await turn(false);
  await expect(table(page).getByRole('row', { name: operation })).toBeVisible(within);
});

test('whoever is signed out is told so, with a way back', async ({ page, browser, faults }, info) => {
  await openLive(page, '/?days=90');
  const elsewhere = await (await browser.newContext()).newPage();
  await logIn(elsewhere, engineer);
  await page.request.post(url('/logout'));
  await upload(elsewhere.request, operationOf(info), 'A', 'pass');
  await expect(page.locator('.live')).toContainText('Signed out.', within);
  await expect(page.locator('.live a')).toHaveAttribute('href', '/login?next=/t/kestrel/%3Fdays%3D90');
  await elsewhere.close();
  // The stream ends with its session, and the browser reconnects once.
  const others = faults.filter((fault) => !/401/.test(fault));
  faults.splice(0, faults.length, ...others);
});

test.describe('with WASM and scripts blocked', () => {
  test.use({ javaScriptEnabled: false });

  test('the page says as of when it is, and claims no more', async ({ page }) => {
    await logIn(page, engineer);
    await expect(page.locator('main > .figure-note')).toContainText(/as of \d{4}-\d\d-\d\d/);
    await expect(page.locator('.live')).toHaveText('', { useInnerText: true });
    await expect(page.locator('.live a')).toBeHidden();
  });
});

test('Explore keeps what is looked at, and offers what is new', async ({ page }, info) => {
  const operation = operationOf(info);
  await logIn(page, engineer, '/explore?days=all');
  await page.locator('.explore[data-alive]').waitFor();
  await upload(page.request, operation, 'A', 'pass');
  await expect(page.locator('.live')).toContainText('Newer data is available.', within);
  await page.locator('[data-chart="operation"] .hit:visible').first().click();
  await expect(page.locator('.chip')).toHaveCount(1);
  const chosen = page.url();
  await upload(page.request, operation, 'B', 'pass');
  await page.getByRole('link', { name: 'Refresh' }).click();
  await page.locator('.explore[data-alive]').waitFor();
  await expect(page).toHaveURL(chosen);
  await expect(page.locator('[data-chart="operation"] svg:visible')).toContainText(operation);
});
