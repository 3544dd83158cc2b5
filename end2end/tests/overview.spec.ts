import { expect, logIn, test, url, violations } from '../support/test';

const engineer = 'engineer@northwind.example';
const cells = 'td[data-interval]';

test('a visitor is led to log in and back to where they wanted to go', async ({ page }) => {
  await logIn(page, engineer, '/?interval=clopper-pearson&level=0.99');
  await expect(page).toHaveURL(url('/?interval=clopper-pearson&level=0.99'));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Are we all right?');
  expect(await violations(page)).toEqual([]);
});

test('another interval is computed in the browser and equals the server’s', async ({ page }) => {
  await logIn(page, engineer);
  await page.evaluate(() => ((window as any).sameDocument = true));
  const before = await page.locator(cells).allTextContents();
  expect(before.length).toBe(3);
  const drawnBefore = await page.locator('.interval-board .chart svg').innerHTML();

  // Waits for the island: until it is alive the link loads the page anew.
  await page.locator('.interval-board .chart[data-alive]').waitFor();
  let requests = 0;
  // A new address makes the browser look at the icon again; that is not ours.
  page.on('request', (request) => (requests += request.url().endsWith('.svg') ? 0 : 1));
  await page.getByRole('link', { name: 'Clopper–Pearson' }).click();
  await page.getByRole('link', { name: '99 %' }).click();
  await expect(page.getByRole('columnheader', { name: '99 % interval' })).toBeVisible();
  const alive = await page.locator(cells).allTextContents();
  const drawnAlive = await page.locator('.interval-board .chart svg').innerHTML();
  expect(alive).not.toEqual(before);
  expect(drawnAlive).not.toEqual(drawnBefore);
  expect(requests).toBe(0);
  expect(await page.evaluate(() => (window as any).sameDocument)).toBe(true);
  await expect(page).toHaveURL(url('/?interval=clopper-pearson&level=0.99'));

  await page.reload();
  expect(await page.locator(cells).allTextContents()).toEqual(alive);
  expect(await page.locator('.interval-board .chart svg').innerHTML()).toBe(drawnAlive);
});

test('a partner sees its own results and no others', async ({ page }) => {
  await logIn(page, 'viewer@kestrel.example');
  await expect(page.locator('.partner')).toHaveText('Kestrel Manufacturing');
  await expect(page.locator('body')).not.toContainText('Northwind');
});

test('one of ours chooses a partner', async ({ page }) => {
  await logIn(page, 'admin@firstpass.example');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Which partner?');
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Kestrel Manufacturing' }).click();
  await expect(page.locator('.partner')).toHaveText('Kestrel Manufacturing');
  await page.getByRole('button', { name: 'Other partner' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Which partner?');
});

test('the page does not scroll sideways', async ({ page }) => {
  await logIn(page, engineer);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});

test.describe('with WASM and scripts blocked', () => {
  test.use({ javaScriptEnabled: false });

  test('the page reads and its links work', async ({ page }) => {
    await logIn(page, engineer);
    await expect(page.locator('.interval-board .chart svg')).toBeVisible();
    const before = await page.locator(cells).allTextContents();
    await page.getByRole('link', { name: '99 %' }).click();
    await expect(page.getByRole('columnheader', { name: '99 % interval' })).toBeVisible();
    expect(await page.locator(cells).allTextContents()).not.toEqual(before);
  });
});
