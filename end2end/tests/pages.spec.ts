import { expect, logIn, pageOf, test, url, violations } from '../support/test';

const engineer = 'engineer@northwind.example';

test('a figure is the same on the page, in the browser, in the API and in a table', async ({ page }) => {
  await logIn(page, engineer, '/?days=all');
  await page.locator('html[data-alive]').waitFor();
  const percent = (value: number) => `${(value * 100).toFixed(2)}\u00a0%`;
  for (const method of ['wilson', 'clopper-pearson']) {
    if (method !== 'wilson') {
      await page.getByRole('link', { name: 'Clopper–Pearson' }).click();
      await expect(page.getByRole('link', { name: 'Clopper–Pearson' })).toHaveAttribute('aria-current', 'true');
    }
    const asked = `/api/v1/yield?group_by=operation&interval=${method}`;
    const answer = await (await page.request.get(url(asked))).json();
    expect(answer.groups.length).toBe(3);
    const table = (await (await page.request.get(url(`${asked}&format=csv`))).text()).trimEnd().split('\r\n');
    for (const [place, group] of answer.groups.entries()) {
      const board = page.getByRole('region', { name: 'First-pass yield by operation' });
      const row = board.getByRole('row').filter({ hasText: group.key });
      const cells = await row.getByRole('cell').allTextContents();
      const digits = (text: string) => text.replace(/\u202f/g, '');
      expect(cells.map(digits)).toEqual([
        percent(group.yield),
        `${percent(group.ci.low)} – ${percent(group.ci.high)}`,
        String(group.passed),
        String(group.n),
      ]);
      const fields = table[place + 1].split(',');
      expect(fields.slice(0, 6)).toEqual(
        [group.key, group.n, group.passed, group.yield, group.ci.low, group.ci.high].map(String),
      );
    }
  }
});

test('a search leads to a unit, and the unit to the upload that it came with', async ({ page }) => {
  await logIn(page, engineer, '/units');
  await page.getByLabel('Part of the serial number').fill('000400');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('link', { name: 'NW-000400' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('NW-000400');
  await page.getByRole('link', { name: 'Upload', exact: true }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Upload result/);
  expect(await violations(page)).toEqual([]);
});

test('a figure is explained, and the explanation leads to the units', async ({ page }) => {
  await logIn(page, engineer, '/?days=all');
  await page.getByRole('link', { name: 'Explain the yield of L10 node burn-in' }).click();
  const why = page.getByRole('region', { name: 'How is the yield of L10 node burn-in calculated?' }).first();
  await expect(why).toContainText('first-attempt-of-day v1');
  await expect(why).toContainText('runs of golden units');
  await page.getByRole('link', { name: 'Close' }).click();
  await expect(page).toHaveURL(pageOf(engineer, '/?days=all'));
});

test('a wrong address within the portal says so', async ({ page, faults }) => {
  await logIn(page, engineer, '/units/nothing-of-that-name');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Not found');
  // The response of the page itself has the error status.
  faults.splice(0);
});

test('somebody sees where they are signed in and ends a session', async ({ page, browser }) => {
  await logIn(page, 'viewer@meridian.example', '/account');
  const elsewhere = await (await browser.newContext()).newPage();
  await logIn(elsewhere, 'viewer@meridian.example');
  await page.reload();
  await page.getByRole('button', { name: 'End session' }).first().click();
  await elsewhere.reload();
  await expect(elsewhere.getByRole('heading', { level: 1 })).toHaveText('Sign in');
  await elsewhere.close();
});

test.describe('with WASM and scripts blocked', () => {
  test.use({ javaScriptEnabled: false });

  test('period, definition and product are links and a form', async ({ page }) => {
    await logIn(page, engineer, '/');
    await page.getByRole('link', { name: 'All days' }).click();
    await page.getByRole('link', { name: 'Every run' }).click();
    await page.getByLabel('Product').selectOption('GX8-700');
    await page.getByRole('button', { name: 'Show' }).click();
    await expect(page).toHaveURL(pageOf(engineer, '/?days=all&definition=report&product=GX8-700'));
    await expect(page.getByText('Rolled throughput yield of GX8-700')).toBeVisible();
  });
});
