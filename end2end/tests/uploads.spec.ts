// Uploads, receipts, voids and unit types, with WASM and without any script. Uses a partner
// whose figures no other test checks.
import type { Page } from '@playwright/test';

import { expect, logIn, test, url, violations } from '../support/test';

const engineer = 'engineer@meridian.example';

const run = (serial: string, outcome = 'pass') =>
  JSON.stringify({
    type: 'run',
    unit: { serial },
    operation: 'L10 burn-in',
    started_at: '2026-03-01T08:00:00+08:00',
    outcome,
  }) + '\n';

const file = (name: string, text: string) => ({ name, mimeType: 'application/jsonl', buffer: Buffer.from(text) });

/** Violations that axe reports for the page; axe is a script itself. */
const accessible = async (page: Page, scripts: boolean) => {
  if (scripts) expect(await violations(page)).toEqual([]);
};

/** The notice with the result of the last form. */
const notice = (page: Page) => page.locator('.notice').getByRole('status');

let count = 0;
/** A unique serial number. */
const serial = () => `E2E-${process.pid}-${Date.now()}-${++count}`;

async function sendOne(page: Page, name: string, text: string) {
  await page.locator('#send-file').setInputFiles(file(name, text));
  await page.getByRole('button', { name: 'Send', exact: true }).click();
}

async function decide(page: Page, scripts: boolean) {
  const unit = serial();
  await page.locator('#send-file').setInputFiles(file('a.jsonl', run(unit, 'fail')));
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByText(/Read as firstpass|The file was received/).waitFor();
  await page.goto(url(`/units/${unit}`));

  await page.getByRole('button', { name: 'Void: L10 burn-in' }).click();
  const asked = page.getByRole('dialog', { name: 'Void this run?' });
  await asked.getByLabel('Reason').fill('the fixture was unplugged');
  await accessible(page, scripts);
  await asked.getByRole('button', { name: 'Void run' }).click();
  await expect(notice(page)).toContainText('The run is voided.');
  await expect(page.getByText('Voided by engineer@meridian.example')).toContainText('the fixture was unplugged');
  await accessible(page, scripts);
  await page.getByRole('button', { name: 'Restore' }).first().click();
  await page.getByRole('button', { name: 'Restore run', exact: true }).click();
  await expect(notice(page)).toContainText('The run is restored');
  await expect(page.getByText('the fixture was unplugged')).toHaveCount(0);

  await page.getByRole('button', { name: 'Change unit type' }).click();
  await page.getByRole('radio', { name: 'Golden' }).check();
  await page.locator('#kind-set').getByLabel('Reason').fill('checks the station');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Set to golden by engineer@meridian.example')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('golden');
  await page.getByRole('button', { name: 'Close' }).first().click();
  await expect(notice(page)).toHaveCount(0);
  await page.getByRole('button', { name: 'Reset to automatic' }).first().click();
  await page.locator('#kind-leave').getByRole('button', { name: 'Reset' }).click();
  await expect(notice(page)).toContainText('The unit type is automatic again');
  await expect(page.getByRole('heading', { level: 1 })).not.toContainText('golden');
}

async function readAgain(page: Page, scripts: boolean) {
  const [wrong, right] = [serial(), serial()];
  await page.getByText('Values for fields missing from the files').click();
  await page.getByLabel('Serial number of the unit').fill(wrong);
  await sendOne(page, 'a.jsonl', run('whatever'));
  const receipt = page.getByRole('link', { name: 'Receipt' });
  await page.getByText(/Read as firstpass|The file was received/).waitFor();
  if (await receipt.isVisible()) await receipt.click();
  await expect(page.getByText('parameter differs').first()).toBeVisible();
  await page.getByRole('button', { name: 'Reprocess' }).first().click();
  const asked = page.getByRole('dialog', { name: 'Reprocess this file?' });
  await expect(asked.getByLabel('Serial number of the unit')).toHaveValue(wrong);
  await asked.getByLabel('Serial number of the unit').fill(right);
  await accessible(page, scripts);
  await asked.getByRole('button', { name: 'Reprocess' }).click();
  await expect(notice(page)).toContainText('The file was reprocessed');
  await page.getByRole('link', { name: 'an earlier upload' }).click();
  await page.getByRole('link', { name: 'the later result' }).click();
  await expect(page.locator('dd').filter({ hasText: right })).toBeVisible();
}

test('two files that are dropped show how far they are and what came of them', async ({ page }) => {
  await logIn(page, engineer, '/uploads');
  await page.locator('.send-board[data-alive]').waitFor();
  const [good, bad] = [run(serial()), run(serial()) + 'no line\n{"type":"run"}\n'];
  const dropped = await page.evaluateHandle(
    ([good, bad]) => {
      const data = new DataTransfer();
      data.items.add(new File([good], 'good.jsonl'));
      data.items.add(new File([bad], 'bad.jsonl'));
      return data;
    },
    [good, bad],
  );
  await page.dispatchEvent('.send-board', 'dragover', { dataTransfer: dropped });
  await expect(page.locator('.send-board')).toHaveClass(/over/);
  await page.dispatchEvent('.send-board', 'drop', { dataTransfer: dropped });
  await expect(page.locator('.send-board')).not.toHaveClass(/over/);
  const rows = page.locator('.sending > li');
  await expect(rows).toHaveText([/good\.jsonl.*Ready to send/, /bad\.jsonl.*Ready to send/]);
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(rows.nth(0)).toContainText('Read as firstpass: 1 new.');
  await expect(rows.nth(1)).toContainText('Read as firstpass: 1 new, 2 lines rejected.');
  await expect(page.locator('.sending-sum')).toHaveText('Done: 2 of 2 files were accepted.');
  await expect(page.locator('.sending progress:visible')).toHaveCount(0);
  expect(await violations(page)).toEqual([]);

  await page.getByRole('link', { name: 'Show the uploads' }).click();
  await expect(page.getByText('just sent')).toHaveCount(2);
  await page.goBack();
  await page.goForward();
  await page.locator('tr.just-sent').filter({ hasText: 'rejected' }).getByRole('link').first().click();
  await expect(page.getByText('What to do:').first()).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test('a file that is refused says why, and one that has to wait is sent again', async ({ page, faults }) => {
  await logIn(page, engineer, '/uploads');
  await page.locator('.send-board[data-alive]').waitFor();
  await sendOne(page, 'table.csv', 'serial,result\n');
  const rows = page.locator('.sending > li');
  await expect(rows.nth(0)).toContainText('looks like a CSV file');
  await expect(rows.nth(0).getByRole('button', { name: 'Send again' })).toBeVisible();

  let asked = 0;
  await page.route('**/uploads', (route) => {
    if (route.request().method() !== 'POST' || ++asked > 1) return route.continue();
    return route.fulfill({ status: 429, headers: { 'Retry-After': '1' }, json: { detail: 'later' } });
  });
  await sendOne(page, 'a.jsonl', run(serial()));
  await expect(rows.nth(1)).toContainText('asked to wait');
  await expect(rows.nth(1)).toContainText('Read as firstpass: 1 new.');
  expect(asked).toBe(2);
  // This test provokes a refused request.
  faults.splice(0);
});

test('a file is cancelled on its way, and whoever leaves meanwhile is asked', async ({ page }) => {
  await logIn(page, engineer, '/uploads');
  await page.locator('.send-board[data-alive]').waitFor();
  await page.route('**/uploads', (route) => {
    // Never responds.
    if (route.request().method() !== 'POST') return route.continue();
  });
  await page.locator('#send-file').setInputFiles([file('a.jsonl', run(serial())), file('b.jsonl', run(serial()))]);
  await page.getByRole('button', { name: 'Leave out: b.jsonl' }).click();
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  let asks = 0;
  page.on('dialog', (dialog) => {
    asks += dialog.type() === 'beforeunload' ? 1 : 0;
    void dialog.dismiss();
  });
  const leaves = page.evaluate(() => {
    const event = new Event('beforeunload', { cancelable: true });
    window.dispatchEvent(event);
    return event.defaultPrevented;
  });
  expect(await leaves).toBe(true);
  const rows = page.locator('.sending > li');
  await expect(rows.nth(1)).toContainText('Cancelled');
  const cancel = rows.nth(0).getByRole('button', { name: 'Cancel' });
  if (await cancel.isVisible()) {
    await cancel.click();
    await expect(rows.nth(0)).toContainText('Cancelled');
  }
});

test('a run is voided and taken back, a unit made golden and back', async ({ page }) => {
  await logIn(page, engineer, '/uploads');
  await page.locator('.send-board[data-alive]').waitFor();
  await decide(page, true);
});

test('a file is read again with another serial number', async ({ page }) => {
  await logIn(page, engineer, '/uploads');
  await page.locator('.send-board[data-alive]').waitFor();
  await readAgain(page, true);
});

test('a viewer reads, and is told why there is no form', async ({ page }) => {
  await logIn(page, 'viewer@meridian.example', '/uploads');
  await expect(page.getByText('Your role can only read.')).toBeVisible();
  await expect(page.locator('input[type=file]')).toHaveCount(0);
  expect(await violations(page)).toEqual([]);
});

test.describe('with WASM and scripts blocked', () => {
  test.use({ javaScriptEnabled: false });

  test('files are sent by the form', async ({ page }) => {
    await logIn(page, engineer, '/uploads');
    await sendOne(page, 'a.jsonl', run(serial()) + 'no line\n');
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Upload result');
    await expect(notice(page)).toContainText('The file was received.');
    await page.reload();
    await expect(notice(page)).toHaveCount(0);
    await page.goto(url('/uploads'));
    await page.locator('#send-file').setInputFiles([file('b.jsonl', run(serial())), file('c.jsonl', run(serial()))]);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await expect(notice(page)).toContainText('All files were received.');
    await expect(page.getByText('just sent')).toHaveCount(2);
  });

  test('files that are refused are named', async ({ page, faults }) => {
    await logIn(page, engineer, '/uploads');
    await page.locator('#send-file').setInputFiles([file('b.jsonl', run(serial())), file('table.csv', 'serial\n')]);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await expect(page.getByRole('heading', { name: 'Some files were refused' })).toBeVisible();
    await expect(page.locator('.sent > li')).toHaveText([/received.*b\.jsonl.*Receipt/, /refused.*table\.csv/]);
    faults.splice(0);
  });

  test('a run is voided and taken back, a unit made golden and back', async ({ page }) => {
    await logIn(page, engineer, '/uploads');
    await decide(page, false);
  });

  test('a file is read again with another serial number', async ({ page }) => {
    await logIn(page, engineer, '/uploads');
    await readAgain(page, false);
  });
});
