// Names with characters that a browser reorders, hides or removes from an address.
import type { Page } from '@playwright/test';

import { expect, logIn, pageOf, test, url } from '../support/test';

// A partner whose figures no other test checks.
const engineer = 'engineer@meridian.example';

async function send(page: Page, serial: string, code: string) {
  const run = {
    type: 'run',
    unit: { serial },
    operation: 'L10 burn-in',
    // Each Playwright project uploads its own run.
    started_at: new Date(Date.now() - 3_600_000).toISOString(),
    outcome: 'fail',
    // One long word, like a hexadecimal dump.
    findings: [{ kind: 'diagnosis', code, message: code + 'f'.repeat(1500) }],
  };
  const buffer = Buffer.from(JSON.stringify(run) + '\n');
  await page.goto(url('/uploads'));
  await page.locator('#send-file').setInputFiles({ name: 'a.jsonl', mimeType: 'application/jsonl', buffer });
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByText(/Read as firstpass|The file was received/).waitFor();
}

/** Whether an element's text is left of the element that follows it on the line. */
const isBefore = (page: Page, first: string, then: string) =>
  page.evaluate(
    ([first, then]) => {
      const left = (text: string) => {
        const walker = document.createTreeWalker(document.querySelector('main')!, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
          const at = node.textContent!.indexOf(text);
          if (at < 0) continue;
          const range = document.createRange();
          range.setStart(node, at);
          range.setEnd(node, at + text.length);
          return range.getBoundingClientRect();
        }
        throw new Error(`${text} is not on the page`);
      };
      const [one, other] = [left(first), left(then)];
      return one.right <= other.left || one.bottom <= other.top;
    },
    [first, then],
  );

test('a name that overrides the direction changes nothing around it', async ({ page }) => {
  await logIn(page, engineer, '/units');
  const serial = `C10-${Date.now()}-\u202egnp.1`;
  await send(page, serial, 'gpu-\u202etoh');
  await page.goto(url(`/units/${encodeURIComponent(serial)}`));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(serial.replace('\u202e', '[U+202E]'));
  await expect(page).toHaveTitle(new RegExp('\\[U\\+202E\\]gnp'));
  await expect(page.locator('.findings code')).toHaveText('gpu-[U+202E]toh');
  await expect(page.locator('main')).not.toContainText('\u202e');
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
});

test('a Hebrew name stays where the sentence has it', async ({ page }) => {
  await logIn(page, engineer, '/units');
  const serial = `עברית ${Date.now()}`;
  await send(page, serial, '1');
  await page.goto(url(`/units/${encodeURIComponent(serial)}`));
  expect(await isBefore(page, 'All data of', '1\u00a0run and')).toBe(true);
  await expect(page.locator('h1 bdi')).toHaveCSS('unicode-bidi', 'isolate');
});

test('the unit of two dots has its page, and its form reaches it', async ({ page }) => {
  await logIn(page, engineer, '/units');
  await send(page, '..', 'dots');
  await page.goto(url('/units?q=..'));
  await page.locator('tbody').getByRole('link', { name: '..', exact: true }).click();
  await expect(page).toHaveURL(pageOf(engineer, '/units/_?serial=..'));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('..');
  await page.getByRole('button', { name: 'Void: L10 burn-in' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Void this run?' });
  await dialog.getByLabel('Reason').fill('a test');
  await dialog.getByRole('button', { name: 'Void run' }).click();
  await expect(page).toHaveURL(/\/units\/_\?serial=\.\.#run-/);
  await expect(page.locator('.runs')).toContainText('voided');
});
