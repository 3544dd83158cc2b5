import { expect, goAs, pageOf, test, url, violations } from '../support/test';

const engineer = 'engineer@northwind.example';

/** The first unit in the search results that failed with a code. */
async function unitWith(page: import('@playwright/test').Page, code: string) {
  await goAs(page, engineer, `/units?code=${code}`);
  await page.locator('tbody a').first().click();
  await expect(page.getByRole('heading', { name: 'Timeline' })).toBeVisible();
}

test('a unit says what the code of its failure means and what is advised', async ({ page }) => {
  await unitWith(page, 'gpu-hbm-error');
  const found = page.locator('.findings li', { hasText: 'xid-95' }).first();
  await expect(found).toContainText('XID 95: Uncontained memory error.');
  await expect(found).toContainText('At once: reset the GPU.');
  await expect(page.locator('.findings li', { hasText: 'gpu-hbm-error' }).first().locator('.meaning')).toHaveCount(0);
  expect(await violations(page)).toEqual([]);
});

test('the history of a unit answers pointer and keys and leads to the run', async ({ page }) => {
  await unitWith(page, 'gpu-hbm-error');
  const tip = page.locator('.tip');
  await expect(page.getByRole('link', { name: 'PNG' })).toBeVisible();
  const marks = page.locator('#timeline .drawing:visible a:has(.hit)');
  await marks.first().locator('.hit').hover();
  await expect(tip).toHaveText(/^L\d+ .*: \w+/);
  const first = await tip.textContent();
  await marks.first().focus();
  await page.keyboard.press('ArrowRight');
  await expect(tip).not.toHaveText(first!);
  await page.keyboard.press('Home');
  await expect(tip).toHaveText(first!);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#run-/);
  await expect(page.locator('.runs > li:target')).toBeInViewport();
  await expect(tip).toBeHidden();
});

test('the history of a unit is taken away as a table, a drawing and a picture', async ({ page }) => {
  await unitWith(page, 'gpu-hbm-error');
  const card = page.locator('#timeline');
  await expect(card.getByRole('link', { name: 'PNG' })).toBeVisible();
  await card.getByText('Show as table').click();
  const rows = await card.locator('tbody tr').count();
  const take = async (name: string) => {
    const [download] = await Promise.all([page.waitForEvent('download'), card.getByRole('link', { name }).click()]);
    const pieces: Buffer[] = [];
    for await (const piece of await download.createReadStream()) pieces.push(piece as Buffer);
    return Buffer.concat(pieces);
  };
  const lines = (await take('CSV')).toString().trimEnd().split('\r\n');
  // The byte order mark, which spreadsheets need to detect UTF-8.
  expect(lines[0]).toBe('\ufeffat,lane,result,code,station');
  expect(lines.length).toBe(rows + 1);
  expect((await take('SVG')).toString()).toMatch(/^<svg xmlns.*Timeline/s);
  expect((await take('PNG')).subarray(1, 4).toString()).toBe('PNG');
});

test('rolled throughput yield is explained by the product of its operations', async ({ page }) => {
  await goAs(page, engineer, '/?days=all&product=GX8-700');
  await page.getByRole('link', { name: 'Explain the rolled throughput yield of GX8-700' }).click();
  const why = page.getByRole('region', { name: /^How is the rolled throughput yield/ }).first();
  const answer = await (await page.request.get(url('/api/v1/rty?product=GX8-700'))).json();
  const percent = (value: number) => `${(value * 100).toFixed(2)}\u00a0%`;
  const product = why.getByRole('row', { name: /^Product of these/ });
  await expect(product).toContainText(percent(answer.rty));
  await expect(product).toContainText(`${percent(answer.ci.low)} – ${percent(answer.ci.high)}`);
  for (const { operation, yield: fraction } of answer.operations) {
    await expect(why.getByRole('row').filter({ hasText: operation })).toContainText(percent(fraction));
  }
  expect(await violations(page)).toEqual([]);
  await why.getByRole('link', { name: 'Close' }).click();
  await expect(page).toHaveURL(pageOf(engineer, '/?days=all&product=GX8-700'));
});
