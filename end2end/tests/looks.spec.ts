// Layout and accessibility of every page: all screen sizes, both colour schemes, with and without
// WASM.
import { expect, goAs, pageOf, test, url, violations } from '../support/test';

const engineer = 'engineer@northwind.example';

/** Every page of a partner's users, some in several states. */
const pages: [path: string, heading: string | RegExp][] = [
  ['/', 'Overview'],
  ['/?days=all&definition=report', 'Overview'],
  ['/?days=90&product=GX8-700&explain=L10%20node%20burn-in', 'Overview'],
  ['/?days=all&product=none', 'Overview'],
  ['/?days=all&product=GX8-700&why=rolled', 'Overview'],
  ['/explore', 'Explore'],
  ['/explore?days=all&station=NW-BI-01&operation=L10%20node%20burn-in&than=station%3DNW-BI-02', 'Explore'],
  ['/explore?days=all&measurement=L6%20board%20test%20%2F%20links%20%2F%20pcie-eye-height%20%5BmV%5D&value=..45', 'Explore'],
  ['/failures', 'Failures'],
  ['/failures?days=90&code=gpu-fault', 'Failures'],
  ['/measurements?days=all', 'Measurements'],
  ['/measurements?days=all&q=nothing-of-that-name', 'Measurements'],
  ['/measurements/L10%20node%20burn-in%20%2F%20thermal%20%2F%20gpu-temp-max%20%5BC%5D?days=all', 'gpu-temp-max [C]'],
  ['/units', 'Units'],
  ['/units?q=nw-0001', 'Units'],
  ['/units?q=nobody', 'Units'],
  ['/units?code=gpu-fault&state=not-passed', 'Units'],
  ['/units/NW-000400', 'NW-000400'],
  ['/uploads', 'Uploads'],
  ['/account', 'Your account'],
];

for (const alive of [true, false]) {
  test.describe(alive ? 'alive' : 'with WASM and its script blocked', () => {
    test.beforeEach(async ({ page }) => {
      if (alive) return;
      // Blocks the files instead of disabling JavaScript, because axe is a script too.
      await page.route(/\/pkg\/.*\.(js|wasm)$/, (route) => route.abort());
    });

    test.afterEach(async ({ faults }) => {
      if (!alive) faults.splice(0, faults.length, ...faults.filter((it) => !/ERR_FAILED|firstpass|workbench/.test(it)));
    });

    for (const [path, heading] of pages) {
      test(`${path} reads, fits and is accessible`, async ({ page }) => {
        const address = path === '/account' ? url(path) : pageOf(engineer, path);
        await goAs(page, engineer, address.slice(url('').length));
        await expect(page).toHaveURL(address);
        await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(overflow).toBeLessThanOrEqual(0);
        expect(await violations(page)).toEqual([]);
      });
    }

    test('our own people see all partners', async ({ page }) => {
      await goAs(page, 'admin@firstpass.example', '/');
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Partners');
      await expect(page.getByRole('row').filter({ hasText: 'Kestrel Manufacturing' })).toContainText('%');
      expect(await violations(page)).toEqual([]);
    });
  });
}

test('a log-in that was refused says so', async ({ page }) => {
  await page.goto(url('/login'));
  await page.getByLabel('E-mail').fill('nobody@example.com');
  await page.getByLabel('Password').fill('wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.locator('.error')).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test('the parts of the design system are accessible in every state', async ({ page }) => {
  const answer = await page.goto(url('/gallery'));
  test.skip(answer?.status() === 404, 'only a build for development has the gallery');
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
  expect(await violations(page)).toEqual([]);
});
