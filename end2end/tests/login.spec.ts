import { expect, logIn, test, url, violations } from '../support/test';

test('a wrong password is answered with what to do', async ({ page }) => {
  await page.goto(url('/login'));
  expect(await violations(page)).toEqual([]);
  await page.getByLabel('E-mail').fill('engineer@northwind.example');
  await page.getByLabel('Password').fill('not the password');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('do not match');
  expect(await violations(page)).toEqual([]);
});

test('signing out ends the session', async ({ page }) => {
  await logIn(page, 'engineer@northwind.example');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.goto(url('/'));
  await expect(page).toHaveURL(url('/login?next=/'));
});

test('the log-in page loads no WASM', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(url('/login'));
  expect(asked.filter((address) => address.endsWith('.wasm'))).toEqual([]);
});

test('a wrong address offers a way on', async ({ page, faults }) => {
  await page.goto(url('/nowhere'));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Page not found');
  expect(await violations(page)).toEqual([]);
  expect(faults.splice(0).every((fault) => fault.includes('404'))).toBe(true);
});
