import { expect, goAs, test, url, violations } from '../support/test';
import type { Page } from '@playwright/test';

const engineer = 'engineer@northwind.example';
const yieldOf = (page: Page) => page.locator('[data-figure="yield"]');

async function alive(page: Page, path: string) {
  await goAs(page, engineer, path);
  await page.locator('.explore[data-alive]').waitFor();
}

/** Collects requests from now on, without those of the icon, which a URL change causes. */
function requests(page: Page) {
  const seen: string[] = [];
  page.on('request', (request) => {
    if (!request.url().endsWith('.svg')) seen.push(request.url());
  });
  return seen;
}

/** The figures in the header. */
async function header(page: Page) {
  const facts = page.locator('[data-part="header"] .facts dd');
  const number = (text: string) => Number(text.replace(/[^\d]/g, ''));
  return {
    yield: await yieldOf(page).textContent(),
    passed: number((await facts.nth(1).textContent())!),
    n: number((await facts.nth(2).textContent())!),
  };
}

/** Expects the header to equal the API's answer to the same query; without days, to all data. */
async function equalsApi(page: Page) {
  const asked = new URL(page.url()).searchParams;
  const question = new URLSearchParams();
  for (const name of ['definition', 'aborted', 'operation', 'station', 'product', 'fixture', 'software']) {
    for (const value of asked.getAll(name)) question.append(name, value);
  }
  for (const [name, value] of asked) if (name.startsWith('attr.')) question.append(name, value);
  const day = asked.get('day');
  if (day) {
    const [from, to] = day.includes('..') ? day.split('..') : [day, day];
    const after = new Date(`${to}T00:00:00Z`);
    after.setUTCDate(after.getUTCDate() + 1);
    question.set('from', from);
    question.set('to', after.toISOString().slice(0, 10));
  }
  const answer = await page.request.get(url(`/api/v1/yield?${question}`));
  expect(answer.status()).toBe(200);
  const [group] = (await answer.json()).groups;
  const shown = await header(page);
  expect([shown.passed, shown.n]).toEqual([group.passed, group.n]);
  expect(shown.yield).toBe(group.n ? `${((group.passed / group.n) * 100).toFixed(2)}\u00a0%` : '–');
}

const marks = (page: Page, chart: string) => page.locator(`[data-chart="${chart}"] .hit:visible`);

/** Drags a range with the pointer, in fractions of the chart's width. */
async function drag(page: Page, chart: string, from: number, to: number) {
  await page.locator(`[data-chart="${chart}"]`).scrollIntoViewIfNeeded();
  const box = (await page.locator(`[data-chart="${chart}"] svg:visible`).boundingBox())!;
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * from, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * ((from + to) / 2), y, { steps: 4 });
  await page.mouse.move(box.x + box.width * to, y, { steps: 4 });
  await page.mouse.up();
}

test('a click answers header and charts without a request, and equals the API', async ({ page }) => {
  // Slow: axe checks every data point of eight charts.
  test.slow();
  await alive(page, '/explore?days=all');
  await equalsApi(page);
  const before = await header(page);
  const drawn = await page.locator('[data-chart="product"] svg').innerHTML();
  const seen = requests(page);

  await marks(page, 'station').first().click();
  await expect(page).toHaveURL(/station=/);
  await expect(page.locator('.chip')).toContainText('at ');
  const narrowed = await header(page);
  expect(narrowed.n).toBeLessThan(before.n);
  expect(await page.locator('[data-chart="product"] svg').innerHTML()).not.toBe(drawn);
  // Adds a second filter; a chart is not filtered by its own selection.
  await marks(page, 'station').nth(1).click();
  await expect(page.locator('.chip')).toContainText(' or ');
  expect((await header(page)).n).toBeGreaterThan(narrowed.n);
  await page.getByRole('link', { name: 'Every run' }).click();
  await expect(page).toHaveURL(/definition=report/);
  await page.getByRole('link', { name: 'Exclude aborted runs' }).click();
  await expect(page).toHaveURL(/aborted=excluded/);
  expect(seen).toEqual([]);

  await equalsApi(page);
  const there = await header(page);
  await page.reload();
  await page.locator('.explore[data-alive]').waitFor();
  expect(await header(page)).toEqual(there);
  expect(await violations(page)).toEqual([]);
});

test('back takes a step back', async ({ page }) => {
  await alive(page, '/explore?days=all');
  const begun = await header(page);
  await marks(page, 'operation').first().click();
  await expect(page.locator('.chip')).toHaveCount(1);
  const one = await header(page);
  await marks(page, 'product').first().click();
  await expect(page.locator('.chip')).toHaveCount(2);
  await equalsApi(page);
  await page.goBack();
  await expect(page.locator('.chip')).toHaveCount(1);
  expect(await header(page)).toEqual(one);
  // The forms for saving and for choosing a measurement contain the current state.
  const fields = page.locator('[data-fields=measured] input');
  await expect(fields.and(page.locator('[name=operation]'))).toHaveCount(1);
  await expect(fields.and(page.locator('[name=product]'))).toHaveCount(0);
  await expect(page.locator('input[name=state]').first()).not.toHaveValue(/product/);
  await page.goBack();
  await expect(page.locator('.chip')).toHaveCount(0);
  expect(await header(page)).toEqual(begun);
  await page.goForward();
  await expect(page.locator('.chip')).toHaveCount(1);
  await page.getByRole('link', { name: /^Remove/ }).click();
  await expect(page.locator('.chip')).toHaveCount(0);
  expect(await header(page)).toEqual(begun);
});

test('days are brushed, moved, sized and cleared', async ({ page }) => {
  await alive(page, '/explore?days=all');
  const begun = await header(page);
  const seen = requests(page);
  await drag(page, 'day', 0.3, 0.6);
  await expect(page).toHaveURL(/day=\d{4}-\d\d-\d\d\.\.\d{4}-\d\d-\d\d/);
  const range = () => new URL(page.url()).searchParams.get('day')!;
  const first = range();
  expect((await header(page)).n).toBeLessThan(begun.n);
  await equalsApi(page);
  await drag(page, 'day', 0.45, 0.55);
  await expect.poll(range).not.toBe(first);
  const days = (range: string) => {
    const [from, to] = range.split('..').map(Date.parse);
    return (to - from) / 86_400_000;
  };
  expect(days(range())).toBe(days(first));
  await equalsApi(page);
  await drag(page, 'day', 0.7, 0.8);
  expect(range()).not.toBe(first);
  await page.locator('[data-chart="day"] a').first().focus();
  // Escape dismisses the tooltip first, then the range.
  await expect(page.locator('.tip')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.locator('.tip')).toBeHidden();
  await expect(page.locator('.chip')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(page.locator('.chip')).toHaveCount(0);
  expect(await header(page)).toEqual(begun);
  expect(seen.filter((it) => !it.includes('/api/'))).toEqual([]);
});

test('a hand that rests sees all charts follow, and Escape takes back what it drew', async ({ page }) => {
  await alive(page, '/explore?days=all');
  const begun = await header(page);
  await page.locator('[data-chart="day"]').scrollIntoViewIfNeeded();
  const box = (await page.locator('[data-chart="day"] svg:visible').boundingBox())!;
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.3, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, y, { steps: 8 });
  await expect(page.locator('.chip')).toHaveCount(1);
  const { n } = await header(page);
  expect(n).toBeLessThan(begun.n);
  // Far below the viewport.
  const counted = async () => Number((await page.locator('[data-note="duration"]').textContent())!.split(' ')[0].replace(/[^\d]/g, ''));
  await expect.poll(counted).toBe(n);
  await page.keyboard.press('Escape');
  await expect(page.locator('.chip')).toHaveCount(0);
  expect(await header(page)).toEqual(begun);
  await page.mouse.up();
});

test('what was brought up to date is what would be drawn anew', async ({ page }) => {
  await alive(page, '/explore?days=all');
  // Compares whole drawings, without the attributes that a tooltip leaves behind.
  const drawings = () =>
    page.locator('[data-chart]').evaluateAll((charts) =>
      charts.map((chart) => {
        const copy = chart.cloneNode(true) as Element;
        for (const title of copy.querySelectorAll('title')) title.remove();
        for (const mark of copy.querySelectorAll('[data-says]')) mark.removeAttribute('data-says');
        // Leptos adds a comment at the end of what it mounts.
        return copy.innerHTML.replaceAll('<!---->', '');
      }),
    );
  const begun = await drawings();
  await drag(page, 'day', 0.3, 0.6);
  await drag(page, 'duration', 0.1, 0.5);
  await marks(page, 'product').first().click();
  await marks(page, 'station').nth(1).click();
  await expect(page.locator('.chip')).toHaveCount(4);
  // Charts outside of the viewport are updated in a later frame, links after the drag is idle.
  const state = new URL(page.url()).search.slice(1);
  await expect(page.locator('[data-chart="code"] a').first()).toHaveAttribute('href', new RegExp(`station=`));
  const kept = await drawings();
  expect(kept).not.toEqual(begun);
  await alive(page, `/explore?${state}`);
  expect(await drawings()).toEqual(kept);
});

test('the keyboard chooses a mark, keeps its place and extends a range', async ({ page }) => {
  await alive(page, '/explore?days=all');
  const mark = page.locator('[data-chart="day"] a').nth(2);
  await mark.focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.chip')).toHaveCount(1);
  await expect(page.locator('[data-chart="day"] a').nth(2)).toBeFocused();
  const one = await header(page);
  await page.keyboard.press('Shift+ArrowRight');
  await expect(page.locator('[data-chart="day"] a').nth(3)).toBeFocused();
  await expect.poll(async () => (await header(page)).n).toBeGreaterThan(one.n);
  await equalsApi(page);
  await page.keyboard.press('Shift+ArrowLeft');
  await expect.poll(() => header(page)).toEqual(one);
});

test('a chart is taken away, and what is looked at stays', async ({ page }) => {
  await alive(page, '/explore?days=90');
  await marks(page, 'station').first().click();
  await expect(page.locator('.chip')).toHaveCount(1);
  const there = page.url();
  const card = page.locator('section', { has: page.locator('[data-chart="code"]') });
  await card.getByText('Table and files').click();
  for (const name of ['CSV', 'SVG', 'PNG']) {
    const download = page.waitForEvent('download');
    await card.getByRole('link', { name }).click();
    expect((await download).suggestedFilename()).toBe(`code.${name.toLowerCase()}`);
  }
  expect(page.url()).toBe(there);
});

test('a finger draws a range, and scrolls the page', async ({ page }) => {
  await alive(page, '/explore?days=all');
  const fingers = await page.context().newCDPSession(page);
  await page.locator('[data-chart="day"]').scrollIntoViewIfNeeded();
  const box = (await page.locator('[data-chart="day"] svg:visible').boundingBox())!;
  const at = (across: number, down: number) => ({ x: box.x + box.width * across, y: box.y + box.height * 0.5 + down });
  const touch = async (from: { x: number; y: number }, to: { x: number; y: number }) => {
    await fingers.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [from] });
    for (let step = 1; step <= 6; step++) {
      const part = (a: number, b: number) => a + ((b - a) * step) / 6;
      const point = { x: part(from.x, to.x), y: part(from.y, to.y) };
      await fingers.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [point] });
    }
    await fingers.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  };
  await touch(at(0.3, 0), at(0.6, 0));
  await expect(page).toHaveURL(/day=\d{4}-\d\d-\d\d\.\.\d{4}-\d\d-\d\d/);
  await equalsApi(page);
  const chosen = page.url();
  const scrolled = await page.evaluate(() => window.scrollY);
  await touch(at(0.8, 60), at(0.8, -60));
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(scrolled);
  expect(page.url()).toBe(chosen);
});

test('durations are brushed', async ({ page }) => {
  await alive(page, '/explore?days=all');
  const begun = await header(page);
  await drag(page, 'duration', 0.2, 0.5);
  await expect(page).toHaveURL(/duration=\d+\.\.\d+/);
  const some = await header(page);
  expect(some.n).toBeLessThan(begun.n);
  await page.reload();
  await page.locator('.explore[data-alive]').waitFor();
  expect(await header(page)).toEqual(some);
});

/** Selects the measurement of the eye heights with the page's form. */
async function choose(page: Page) {
  await page.getByLabel('Measurement').selectOption({ label: 'links / pcie-eye-height [mV]' });
  await page.locator('form:has(#measurement)').getByRole('button', { name: 'Show' }).click();
  await expect(page).toHaveURL(/measurement=L6/);
}

test('values of a chosen measurement are brushed, and all charts follow', async ({ page }) => {
  // Slow: axe checks every data point of nine charts.
  test.slow();
  await alive(page, '/explore?days=all');
  await expect(page.locator('[data-chart="measured"]')).toHaveCount(0);
  // The form contains the current state.
  await marks(page, 'operation').first().click();
  await expect(page.locator('.chip')).toHaveCount(1);
  const operation = new URL(page.url()).searchParams.get('operation')!;
  await choose(page);
  await page.locator('.explore[data-alive]').waitFor();
  expect(new URL(page.url()).searchParams.getAll('operation')).toEqual([operation]);
  await page.getByRole('link', { name: 'Clear all' }).click();
  await expect(page.locator('.chip')).toHaveCount(0);
  const begun = await header(page);
  const drawn = await page.locator('[data-chart="product"] svg').innerHTML();

  const seen = requests(page);
  await drag(page, 'measured', 0.3, 0.7);
  await expect(page).toHaveURL(/measurement=L6.*value=[\d.]+\.\.[\d.]+/);
  await expect(page.locator('.chip')).toContainText(/with pcie-eye-height [\d.]+ to [\d.]+\u00a0mV/);
  const some = await header(page);
  expect(some.n).toBeGreaterThan(0);
  expect(some.n).toBeLessThan(begun.n);
  expect(await page.locator('[data-chart="product"] svg').innerHTML()).not.toBe(drawn);
  expect(seen).toEqual([]);
  await page.reload();
  await page.locator('.explore[data-alive]').waitFor();
  expect(await header(page)).toEqual(some);
  expect(await violations(page)).toEqual([]);

  // As many units as the chart counts, because a unit has one first run per operation.
  await page.getByRole('link', { name: 'Show these units' }).click();
  await expect(page.locator('.slice-of')).toContainText('with pcie-eye-height');
  expect(await page.locator('tbody th a').count()).toBe(Math.min(some.n, 50));
  await page.getByRole('link', { name: 'Back to Explore' }).click();
  await page.locator('.explore[data-alive]').waitFor();
  expect(await header(page)).toEqual(some);

  // Another measurement removes the range.
  await page.getByLabel('Measurement').selectOption({ label: 'power-on / rail-12v [V]' });
  await page.locator('form:has(#measurement)').getByRole('button', { name: 'Show' }).click();
  await expect(page).toHaveURL(/rail-12v/);
  await expect(page.locator('.chip')).toHaveCount(0);
  await page.locator('.explore[data-alive]').waitFor();
  const bar = page.locator('[data-chart="measured"] a').first();
  await bar.focus();
  await expect(page.locator('.tip')).toContainText(/below [\d.]+\u00a0V/);
  await page.keyboard.press('Enter');
  await expect(page.locator('.chip')).toContainText('with rail-12v below');
  const below = await header(page);
  await page.keyboard.press('Shift+ArrowRight');
  await expect.poll(async () => (await header(page)).n).toBeGreaterThanOrEqual(below.n);
  await expect(page).toHaveURL(/value=\.\./);
});

test('a measurement is chosen and its values are filtered by links where WASM is blocked', async ({ page, faults }) => {
  await page.route(/\/pkg\/.*\.(js|wasm)$/, (route) => route.abort());
  await goAs(page, engineer, '/explore?days=all&definition=report');
  const begun = await header(page);
  await choose(page);
  await expect(page).toHaveURL(/definition=report/);
  expect(await header(page)).toEqual(begun);
  await page.locator('[data-chart="measured"] a:visible').first().focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.chip')).toContainText('with pcie-eye-height below');
  const some = await header(page);
  expect(some.n).toBeLessThan(begun.n);
  await page.getByRole('link', { name: /^Remove: with pcie/ }).click();
  await expect(page.locator('.chip')).toHaveCount(0);
  expect(await header(page)).toEqual(begun);
  faults.splice(0, faults.length, ...faults.filter((it) => !/ERR_FAILED|workbench/.test(it)));
});

test('two selections stand side by side with their difference', async ({ page }) => {
  await alive(page, '/explore?days=all');
  await marks(page, 'operation').first().click();
  // Rows of stations without a run of the operation stay in their places.
  const stations = page.locator('[data-chart="station"] a:not([aria-label*="no counted run"]) .hit:visible');
  await stations.first().click();
  await expect(page.locator('.chip')).toHaveCount(2);
  const kept = await header(page);
  await page.getByRole('link', { name: 'Compare with this' }).click();
  await expect(page.locator('[data-part="header"]')).toContainText('Now choose what to compare it with.');
  await stations.nth(1).click();
  await expect(page.locator('[data-part="header"]')).toContainText('there is no interval');
  await stations.first().click();
  const other = await header(page);
  const points = (100 * other.passed) / other.n - (100 * kept.passed) / kept.n;
  const sign = points < 0 ? '−' : '+';
  await expect(page.locator('[data-figure="difference"]')).toHaveText(`${sign}${Math.abs(points).toFixed(2)}\u00a0pt`);
  await expect(page.locator('[data-part="header"]')).toContainText('(Newcombe)');
  expect(await violations(page)).toEqual([]);
  await page.getByRole('link', { name: 'Stop comparing' }).click();
  await expect(page.locator('.comparison')).toHaveCount(0);
});

test('the server draws the same figures where WASM is blocked, and links go on', async ({ page, faults }) => {
  await alive(page, '/explore?days=all');
  await marks(page, 'station').first().click();
  await marks(page, 'product').first().click();
  await expect(page.locator('.chip')).toHaveCount(2);
  const there = await header(page);
  const address = page.url();
  await page.route(/\/pkg\/.*\.(js|wasm)$/, (route) => route.abort());
  await page.goto(address);
  expect(await header(page)).toEqual(there);
  await expect(page.locator('.explore[data-alive]')).toHaveCount(0);
  await page.getByRole('link', { name: /^Remove: of/ }).click();
  await expect(page.locator('.chip')).toHaveCount(1);
  await equalsApi(page);
  faults.splice(0, faults.length, ...faults.filter((it) => !/ERR_FAILED|workbench/.test(it)));
});

test('shift and a click select every row between two', async ({ page }) => {
  await alive(page, '/explore?days=all');
  await marks(page, 'station').first().click();
  await expect(page.locator('.chip')).toHaveCount(1);
  await marks(page, 'station').nth(2).click({ modifiers: ['Shift'] });
  await expect.poll(() => new URL(page.url()).searchParams.getAll('station').length).toBe(3);
  await equalsApi(page);
});

test('a slice leads to its units and back', async ({ page }) => {
  await alive(page, '/explore?days=all&definition=report');
  await marks(page, 'fixture').last().click();
  await marks(page, 'product').first().click();
  await expect(page.locator('.chip')).toHaveCount(2);
  const there = page.url();
  await page.getByRole('link', { name: 'Units that did not pass' }).click();
  await expect(page.locator('.slice-of')).toContainText('on fixture');
  await expect(page.getByLabel('Runs of the slice')).toHaveValue('not-passed');
  const serials = page.locator('tbody th a');
  const failed = await serials.count();
  await page.getByLabel('Runs of the slice').selectOption('');
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page).toHaveURL(/ended=(&|$)/);
  expect(await serials.count()).toBeGreaterThanOrEqual(Math.max(failed, 1));
  expect(await violations(page)).toEqual([]);
  await page.getByRole('link', { name: 'Back to Explore' }).click();
  await expect(page).toHaveURL(there);
});

test('what is looked at is saved under a name, opened and removed', async ({ page }, info) => {
  const name = `Slice of ${info.project.name} ${info.retry}`;
  await alive(page, '/explore?days=all');
  await marks(page, 'station').first().click();
  await expect(page.locator('.chip')).toHaveCount(1);
  const slice = await header(page);
  await page.getByRole('button', { name: 'Saved views' }).click();
  await page.getByLabel('Name of the new view').fill(name);
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save view' }).click();
  await expect(page.getByText('The view is saved')).toBeVisible();
  await expect(page).toHaveURL(/station=/);

  await alive(page, '/explore?days=all');
  await page.getByRole('button', { name: 'Saved views' }).click();
  await page.getByRole('link', { name, exact: true }).click();
  await expect(page).toHaveURL(/station=/);
  expect(await header(page)).toEqual(slice);
  await page.getByRole('button', { name: 'Saved views' }).click();
  await page.getByRole('button', { name: `Remove: ${name}` }).click();
  await expect(page.getByText('The view is removed')).toBeVisible();
  await page.getByRole('button', { name: 'Saved views' }).click();
  await expect(page.getByRole('link', { name, exact: true })).toHaveCount(0);
});

test('runs are explored by one chosen attribute, also without WASM', async ({ page, faults }) => {
  await alive(page, '/explore?days=all');
  await expect(page.locator('[data-chart="attribute"]')).toHaveCount(0);
  await marks(page, 'operation').first().click();
  await expect(page.locator('.chip')).toHaveCount(1);
  await page.locator('#attribute').fill('shift');
  await page.locator('form:has(#attribute)').getByRole('button', { name: 'Show' }).click();
  await expect(page).toHaveURL(/operation=.*attribute=shift|attribute=shift.*operation=/);
  await page.locator('.explore[data-alive]').waitFor();
  const operation = await header(page);
  const seen = requests(page);
  await marks(page, 'attribute').first().click();
  await expect(page).toHaveURL(/attr\.shift=/);
  await expect(page.locator('.chip')).toHaveCount(2);
  await expect(page.locator('.slice')).toContainText('with shift');
  const shift = await header(page);
  expect(shift.n).toBeGreaterThan(0);
  expect(shift.n).toBeLessThan(operation.n);
  expect(seen).toEqual([]);
  await equalsApi(page);

  await page.route(/\/pkg\/.*\.(js|wasm)$/, (route) => route.abort());
  await page.reload();
  expect(await header(page)).toEqual(shift);
  await marks(page, 'attribute').nth(1).click();
  await expect(page).toHaveURL(/attr\.shift=.*attr\.shift=/);
  expect((await header(page)).n).toBeGreaterThan(shift.n);
  await equalsApi(page);
  // The script was blocked.
  faults.splice(0);
});

test('cards and rows keep their places while filters change', async ({ page }) => {
  await alive(page, '/explore?days=all&attribute=shift');
  const places = () =>
    page.locator('.slices').evaluate((slices) => {
      const top = slices.getBoundingClientRect().top;
      const cards = [...slices.querySelectorAll('.card')].map((card) => {
        const { top: y, height } = card.getBoundingClientRect();
        const marks = [...card.querySelectorAll('svg a')].map((mark) => mark.getAttribute('aria-label')!.split(': ')[0]);
        return [Math.round(y - top), Math.round(height), marks];
      });
      return cards;
    });
  const before = await places();
  for (const chart of ['station', 'product', 'code']) {
    await marks(page, chart).first().click();
    await expect(page).toHaveURL(new RegExp(`${chart}=`));
    await expect(page.locator('.slice-yield')).toBeVisible();
    await expect.poll(places).toEqual(before);
  }
});
