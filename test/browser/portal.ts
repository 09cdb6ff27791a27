import { Page, expect } from '@playwright/test';
import path from 'node:path';

/** Pictures of every run; those that the README shows are copied from here by `npm run pictures`. */
export const ARTIFACTS = path.resolve(__dirname, '..', 'artifacts');

export type Theme = 'light' | 'dark';

/** Signs in as guest, in a theme. */
export async function signIn(page: Page, theme: Theme = 'light') {
  await page.addInitScript(
    chosen => window.localStorage.setItem('theme', chosen),
    theme,
  );
  await page.goto('/');
  await page.getByRole('button', { name: 'Enter' }).click();
  await expect(page.getByRole('button', { name: 'Enter' })).toBeHidden();
}

/** Opens an entity's topology tab and waits until its graph stands. */
export async function openTopology(page: Page, entity: string) {
  await page.goto(`/catalog/default/${entity}/topology`);
  await expect(graph(page)).toBeVisible({ timeout: 60_000 });
}

export function graph(page: Page) {
  return page.getByRole('application', { name: 'Topology graph' });
}

/** An object in the graph by the words that a screen reader says: "Secret mysql-pass, up". */
export function drawn(page: Page, kind: string, name: string) {
  return page
    .locator('.react-flow__node')
    .and(page.locator(`[aria-label^="${kind} ${name}"]`));
}
