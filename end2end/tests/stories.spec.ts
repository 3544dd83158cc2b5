// The stories of the demo (docs/demo.md): from Overview to the cause in three clicks at most,
// with the cause in the text of the page.
import { type Locator, type Page } from '@playwright/test';
import { expect, goAs, test, violations } from '../support/test';

/** Clicks each link in turn, at most three of them. */
async function click(page: Page, ...links: ((page: Page) => Locator)[]) {
  expect(links.length).toBeLessThanOrEqual(3);
  for (const link of links) {
    const before = page.url();
    await link(page).click();
    await page.waitForURL((url) => url.href !== before);
  }
}

const ninetyDays = (page: Page) =>
  page.getByRole('navigation', { name: 'Period' }).getByRole('link', { name: '90 days' });
const standing = (name: string | RegExp) => (page: Page) =>
  page.getByRole('region', { name: 'What stands out' }).getByRole('link', { name });

test('a bad fixture', async ({ page }) => {
  await goAs(page, 'viewer@northwind.example', '/');
  await click(page, standing(/pcie-link-degraded on fixture .*NW-ICT-02-B/));
  const main = page.getByRole('main');
  await expect(main).toContainText('Failure code pcie-link-degraded');
  const places = page.getByRole('region', { name: 'Where it fails more often' });
  await expect(places.getByRole('row').nth(1)).toContainText('NW-ICT-02-B');
  // It passes on another fixture, without a repair.
  await expect(main).toContainText('What fixed it last time');
  expect(await violations(page)).toEqual([]);
});

test('a parameter that drifts', async ({ page }) => {
  await goAs(page, 'viewer@kestrel.example', '/');
  await click(page, standing(/^.*gpu-overtemp.* at .*KS-BI-02/));
  const main = page.getByRole('main');
  await expect(main).toContainText('gpu-temp-max');
  await expect(main).toContainText(/gpu-temp-max .*at .*KS-BI-02.* drifts by \+0\.[23]/);
  expect(await violations(page)).toEqual([]);
});

test('a bad lot of GPUs', async ({ page }) => {
  await goAs(page, 'viewer@northwind.example', '/');
  await click(page, ninetyDays, standing(/gpu-hbm-error.* with lot .*H26X7/));
  const places = page.getByRole('region', { name: 'Where it fails more often' });
  await expect(places.getByRole('row').nth(1)).toContainText('H26X7');
  // The repair that replaces the GPU helps.
  const repairs = page.getByRole('region', { name: 'What fixed it last time' });
  await expect(repairs.getByRole('row').nth(1)).toContainText('replace');
  expect(await violations(page)).toEqual([]);
});

test('a new test program', async ({ page }) => {
  await goAs(page, 'viewer@meridian.example', '/');
  await click(page, ninetyDays, standing(/nvlink-slow.* with software .*4\.3\.0/));
  const main = page.getByRole('main');
  await expect(main).toContainText('4.3.0');
  await expect(main).toContainText(/nvlink-bandwidth.* changed from .*400.* to .*420.* with software 4\.3\.0/);
  expect(await violations(page)).toEqual([]);
});

test('a station without a yield', async ({ page }) => {
  await goAs(page, 'viewer@kestrel.example', '/');
  const found = page.getByRole('region', { name: 'What stands out' });
  await expect(found).toContainText(/KS-BI-RT.* in .*L10 node burn-in.* has no first-run yield/);
  await expect(found).toContainText('the station only retests');
  await click(page, standing(/KS-BI-RT/));
  await page.locator('.explore[data-alive]').waitFor();
  await expect(page.getByRole('main')).toContainText('KS-BI-RT');
  await expect(page).toHaveURL(/definition=report/);
});

test('lemons', async ({ page }) => {
  await goAs(page, 'viewer@northwind.example', '/');
  await click(page, ninetyDays);
  const units = page.getByRole('region', { name: 'What stands out' }).getByRole('list').last();
  await expect(units).toContainText(/6.runs did not pass in .*L10 node burn-in/);
  await units.getByRole('link').first().click();
  await expect(page.getByRole('main')).toContainText('What fixed it last time');
  await expect(page.locator('.runs > li')).not.toHaveCount(0);
});
