// Playwright's `test` with invariants of every page: no console errors, no failed requests, no
// requests to other hosts.
import { test as base, expect, type BrowserContext, type Page } from '@playwright/test';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const url = (path: string) => process.env.FIRSTPASS_URL + path;

/** The address of a page of the partner to which a demo user belongs. */
export const pageOf = (email: string, path: string) => url(`/t/${email.split('@')[1].split('.')[0]}${path}`);

export const person = (email: string) => {
  const found = JSON.parse(process.env.FIRSTPASS_PEOPLE ?? '{}')[email];
  if (!found) throw new Error(`the demo has no ${email}`);
  return found as { email: string; password: string };
};

export const test = base.extend<{ faults: string[] }>({
  faults: [
    async ({ page, javaScriptEnabled }, use) => {
      const faults: string[] = [];
      page.on('console', (message) => {
        // With scripts blocked, preloaded files are unused; slow machines log a warning.
        if (!javaScriptEnabled && message.text().includes('preloaded using link preload')) return;
        if (['error', 'warning'].includes(message.type())) faults.push(message.text());
      });
      page.on('pageerror', (error) => faults.push(String(error)));
      page.on('request', (request) => {
        if (!request.url().startsWith(url('/'))) faults.push(`asked elsewhere: ${request.url()}`);
      });
      page.on('response', (response) => {
        if (response.status() >= 400) faults.push(`${response.status()} ${response.url()}`);
      });
      await use(faults);
      expect(faults).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

export async function logIn(page: Page, email: string, path = '/') {
  const { password } = person(email);
  await page.goto(url(path));
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('button', { name: 'Sign out', exact: true })).toBeVisible();
}

type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>;
const sessions = new Map<string, Cookies>();

/** Opens a page in a session that each worker creates once, because a log-in is slow. */
export async function goAs(page: Page, email: string, path: string) {
  const known = sessions.get(email);
  if (known) {
    await page.context().addCookies(known);
  } else {
    // The page shares the cookies of the request context.
    const answer = await page.request.post(url('/api/v1/sessions'), { data: person(email) });
    expect(answer.status()).toBe(201);
    sessions.set(email, await page.context().cookies());
  }
  await page.goto(url(path));
}

/** Violations that axe reports for the page. axe is evaluated, not added as a script, because the
 * page's content security policy forbids that. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const axe = (globalThis as unknown as { axe: typeof import('axe-core') }).axe;
    const found = await axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return found.violations.map((rule) => `${rule.id}: ${rule.nodes.map((node) => node.html).join(' | ')}`);
  });
}
