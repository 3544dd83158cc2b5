import { expect, logIn, pageOf, test, url, violations } from '../support/test';

const engineer = 'engineer@northwind.example';
const cells = 'td[data-interval]';

test('a visitor is led to log in and back to where they wanted to go', async ({ page }) => {
  await logIn(page, engineer, '/?interval=clopper-pearson&confidence=0.99');
  await expect(page).toHaveURL(pageOf(engineer, '/?interval=clopper-pearson&confidence=0.99'));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Overview');
  expect(await violations(page)).toEqual([]);
});

test('another interval is computed in the browser and equals the server’s', async ({ page }) => {
  await logIn(page, engineer);
  await page.evaluate(() => ((window as any).sameDocument = true));
  const before = await page.locator(cells).allTextContents();
  expect(before.length).toBe(3);
  const drawnBefore = await page.locator('.interval-board .chart svg:visible').innerHTML();

  // Before hydration, the link reloads the page.
  await page.locator('html[data-alive]').waitFor();
  let requests = 0;
  // After a URL change the browser requests the icon again; those requests are ignored.
  page.on('request', (request) => (requests += request.url().endsWith('.svg') ? 0 : 1));
  await page.getByRole('link', { name: 'Clopper–Pearson' }).click();
  await page.getByRole('link', { name: '99 %' }).click();
  await expect(page.getByRole('columnheader', { name: '99 % interval' })).toBeVisible();
  const alive = await page.locator(cells).allTextContents();
  const drawnAlive = await page.locator('.interval-board .chart svg:visible').innerHTML();
  expect(alive).not.toEqual(before);
  expect(drawnAlive).not.toEqual(drawnBefore);
  expect(requests).toBe(0);
  expect(await page.evaluate(() => (window as any).sameDocument)).toBe(true);
  await expect(page).toHaveURL(pageOf(engineer, '/?interval=clopper-pearson&confidence=0.99'));

  await page.reload();
  expect(await page.locator(cells).allTextContents()).toEqual(alive);
  await page.locator('html[data-alive]').waitFor();
  await expect.poll(() => page.locator('.interval-board .chart svg:visible').innerHTML()).toBe(drawnAlive);
});

test('a partner sees its own results and no others', async ({ page }) => {
  await logIn(page, 'viewer@kestrel.example');
  await expect(page.locator('.partner')).toHaveText('Kestrel Manufacturing');
  await expect(page.locator('body')).not.toContainText('Northwind');
});

test('an internal person looks at one partner in each tab', async ({ page }) => {
  await logIn(page, 'admin@firstpass.example');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Partners');
  expect(await violations(page)).toEqual([]);
  await page.getByRole('link', { name: 'Kestrel Manufacturing' }).click();
  await expect(page).toHaveURL(url('/t/kestrel/'));
  await expect(page.locator('.partner')).toHaveText('Kestrel Manufacturing');
  await expect(page.locator('.live')).toContainText('Live');
  expect(await violations(page)).toEqual([]);
  const other = await page.context().newPage();
  await other.goto(url('/t/meridian/explore?days=all'));
  await other.locator('.explore[data-alive]').waitFor();
  await page.getByRole('link', { name: 'Units', exact: true }).click();
  await expect(page).toHaveURL(url('/t/kestrel/units'));
  await expect(page.locator('.partner')).toHaveText('Kestrel Manufacturing');
  await other.close();
  await page.getByRole('link', { name: 'All partners' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Partners');
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
    await expect(page.locator('.interval-board .chart svg:visible')).toBeVisible();
    const before = await page.locator(cells).allTextContents();
    await page.getByRole('link', { name: '99 %' }).click();
    await expect(page.getByRole('columnheader', { name: '99 % interval' })).toBeVisible();
    expect(await page.locator(cells).allTextContents()).not.toEqual(before);
  });
});

test('a mark says what it is of, to the pointer and to the keyboard', async ({ page }) => {
  await logIn(page, engineer, '/?days=all');
  const tip = page.locator('.tip');
  await page.locator('html[data-alive]').waitFor();
  const marks = page.locator('#failures .drawing:visible a:has(.hit)');
  await marks.first().locator('.hit').hover();
  await expect(tip).toHaveText(/: \d+\srun.* of \d+\sunit/);
  const first = await tip.textContent();
  await marks.first().focus();
  await page.keyboard.press('ArrowDown');
  await expect(tip).not.toHaveText(first!);
  await page.keyboard.press('Home');
  await expect(tip).toHaveText(first!);
  await page.keyboard.press('Escape');
  await expect(tip).toBeHidden();
});

test('a table beside a chart is put in the order of a column', async ({ page }) => {
  await logIn(page, engineer, '/?days=all');
  await page.locator('html[data-alive]').waitFor();
  const card = page.locator('#stations');
  await card.getByText('Show as table').click();
  await card.getByRole('button', { name: 'Counted' }).click();
  const counts = async () =>
    (await card.locator('tbody tr td:last-child').allTextContents()).map((text) => Number(text.replace(/\D/g, '')));
  const up = await counts();
  expect(up).toEqual([...up].sort((a, b) => a - b));
  await expect(card.getByRole('columnheader', { name: 'Counted' })).toHaveAttribute('aria-sort', 'ascending');
  await card.getByRole('button', { name: 'Counted' }).click();
  expect(await counts()).toEqual([...up].reverse());
});

test('a figure is taken away as a table, a drawing and a picture', async ({ page }) => {
  await logIn(page, engineer, '/?days=all');
  await page.locator('html[data-alive]').waitFor();
  const card = page.locator('#failures');
  await card.getByText('Show as table').click();
  const shown = await card.locator('tbody tr').first().locator('th, td').allTextContents();
  const take = async (name: string) => {
    const [download] = await Promise.all([page.waitForEvent('download'), card.getByRole('link', { name }).click()]);
    const pieces: Buffer[] = [];
    for await (const piece of await download.createReadStream()) pieces.push(piece as Buffer);
    return { name: download.suggestedFilename(), bytes: Buffer.concat(pieces) };
  };
  const csv = await take('CSV');
  expect(csv.name).toBe('failures.csv');
  const [heads, first] = csv.bytes.toString().replace(/^\uFEFF/, '').split('\r\n');
  expect(heads).toBe('code,runs,units,share,cumulative,meaning');
  const fields = first.split(',');
  expect([fields[0], fields[1], fields[2]]).toEqual(shown.slice(0, 3).map((text) => text.replace(/\u202f/g, '')));
  expect(`${(Number(fields[3]) * 100).toFixed(2)}\u00a0%`).toBe(shown[3]);
  const svg = await take('SVG');
  expect(svg.bytes.toString()).toMatch(/^<svg xmlns.*What fails most\?/s);
  const png = await take('PNG');
  expect(png.name).toBe('failures.png');
  expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
  expect(png.bytes.readUInt32BE(16)).toBe(1440);
});

test('a picture that cannot be made says why', async ({ page, context, faults }) => {
  await logIn(page, engineer, '/?days=all');
  await page.locator('html[data-alive]').waitFor();
  await context.clearCookies();
  const card = page.locator('#failures');
  await card.getByRole('link', { name: 'PNG' }).click();
  await expect(card.locator('[data-png-status]')).toHaveText('Your session has ended. Sign in, then download the PNG again.');
  // This test provokes a refused request; other requests without a session may be refused too.
  expect(faults.every((fault) => fault.includes('401'))).toBe(true);
  faults.length = 0;
});

test('a page whose script cannot be loaded works without it', async ({ page, faults }) => {
  await page.route('**/*.wasm', (route) => route.abort());
  await logIn(page, engineer, '/?days=all');
  await expect(page.locator('#failures svg:visible').first()).toBeVisible();
  await expect.poll(() => faults.some((fault) => fault.includes('The page works without its script'))).toBe(true);
  expect(faults.filter((fault) => !/could not be loaded|ERR_FAILED|preload/.test(fault))).toEqual([]);
  faults.length = 0;
});

test('a code leads to what is known of it, and on to the units that failed with it', async ({ page }) => {
  await logIn(page, engineer, '/?days=all');
  const mark = page.locator('#failures .drawing:visible a').first();
  const code = (await mark.getAttribute('aria-label'))!.split(':')[0];
  await mark.click();
  await expect(page).toHaveURL(pageOf(engineer, `/failures?days=all&code=${encodeURIComponent(code)}`));
  await expect(page.getByRole('heading', { name: `Failure code ${code}` })).toBeVisible();
  await page.locator('.serials a').first().click();
  await expect(page.locator('main')).toContainText(code);
});
