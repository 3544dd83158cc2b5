import { expect, goAs, pageOf, test, url } from '../support/test';

const engineer = 'engineer@northwind.example';
const parameter = 'L10 node burn-in / thermal / gpu-temp-max [C]';
const path = `/measurements/${encodeURIComponent(parameter)}?days=all`;

test('the list is searched, ordered and leads to a parameter', async ({ page }) => {
  await goAs(page, engineer, '/t/northwind/measurements?days=all');
  const answer = await (await page.request.get(url('/api/v1/measurements?limit=3'))).json();
  const first = page.locator('table.parameter-list tbody tr').first();
  await expect(first).toContainText(answer.items[0].name);
  await page.getByRole('link', { name: 'Name', exact: true }).click();
  await expect(page).toHaveURL(/sort=name/);
  await page.getByLabel('Part of the name').fill('temp-max');
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page.locator('table.parameter-list tbody tr')).toHaveCount(2);
  await page.getByRole('link', { name: /gpu-temp-max/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('gpu-temp-max [C]');
  await expect(page.getByRole('heading', { name: /^Control chart/ })).toBeVisible();
});

test('limits are dragged by pointer and by keys, and the figures follow', async ({ page }) => {
  await goAs(page, engineer, `/t/northwind${path}`);
  const island = page.locator('.dragged-limits[data-alive]');
  await island.waitFor();
  const handle = page.getByRole('slider', { name: 'Upper limit' });
  const facts = page.locator('.limit-facts');
  const before = await facts.textContent();
  const value = async () => Number(await handle.getAttribute('aria-valuenow'));
  const start = await value();
  await handle.scrollIntoViewIfNeeded();
  const box = (await handle.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x - 30, y, { steps: 5 });
  // While it is dragged the figures follow.
  await expect(facts).not.toHaveText(before!);
  await page.mouse.up();
  const dragged = await value();
  expect(dragged).toBeLessThan(start);
  await expect(page).toHaveURL(new RegExp(`high=${String(dragged).replace('.', '\\.')}`));
  await expect(page.getByLabel('Upper limit').last()).toHaveValue(String(dragged));

  await handle.focus();
  await page.keyboard.press('Shift+ArrowLeft');
  const moved = await value();
  expect(moved).toBeLessThan(dragged);
  await page.keyboard.press('Shift+ArrowRight');
  expect(await value()).toBeGreaterThan(moved);

  // The API computes the same from the same limits.
  const high = await value();
  const asked = `/api/v1/capability?parameter=${encodeURIComponent(parameter)}&high=${high}`;
  const answer = await (await page.request.get(url(asked))).json();
  await expect(facts).toContainText(`Ppk ${Number(answer.ppk.toPrecision(3))}`);
  await expect(facts).toContainText(`Cpk ${Number(answer.cpk.toPrecision(3))}`);

  // Nothing is saved: the page without the limits has those of the data.
  await page.goto(pageOf(engineer, path));
  await island.waitFor();
  expect(await value()).toBe(start);
});

test.describe('with WASM and its script blocked', () => {
  test('the form asks the server with other limits', async ({ page, faults }) => {
    await page.route(/\/pkg\/.*\.(js|wasm)$/, (route) => route.abort());
    await goAs(page, engineer, `/t/northwind${path}`);
    await page.getByLabel('Upper limit').fill('85');
    await page.getByRole('button', { name: 'Apply limits' }).click();
    await expect(page).toHaveURL(/high=85/);
    await expect(page.locator('#distribution')).toContainText('USL 85');
    await page.getByRole('link', { name: 'Limits of the data' }).click();
    await expect(page).not.toHaveURL(/high=/);
    faults.splice(0);
  });
});
