import { Locator, Page, expect } from '@playwright/test';
import path from 'node:path';

/** Pictures of every run; the README shows copies of two of them. */
export const ARTIFACTS = path.resolve(__dirname, '..', 'artifacts');

export type Theme = 'light' | 'dark';

/** Signs in as guest, in a theme. */
export async function signIn(page: Page, theme: Theme = 'light') {
  await page.addInitScript(
    chosen => window.localStorage.setItem('theme', chosen),
    theme,
  );
  await page.goto('/');
  const enter = page.getByRole('button', { name: 'Enter' });
  await enter.click({ timeout: 60_000 });
  await expect(enter).toBeHidden();
}

/** Opens an entity's topology tab and waits until its graph stands. */
export async function openTopology(page: Page, entity: string) {
  await page.goto(`/catalog/default/${entity}/topology`);
  await expect(graph(page)).toBeVisible({ timeout: 60_000 });
}

export function graph(page: Page): Locator {
  return page.getByRole('region', { name: 'Topology graph' });
}

/** Objects in the graph by the words that a screen reader says: "Secret mysql-pass, up". */
export function drawn(page: Page, words: string | RegExp): Locator {
  return graph(page).getByRole('button', { name: words });
}

/** The same behind an open dialog, where only eyes see it: the rest of the page is hidden from the accessibility tree. */
export function drawnBehind(page: Page, start: string): Locator {
  return page.locator(`.react-flow__node[aria-label^="${start}"]`);
}

/** A shape in the graph whose words start so, opened with the keyboard's Enter: it may lie outside the window. */
export async function openDetails(page: Page, words: string | RegExp) {
  await drawn(page, words).first().focus();
  await page.keyboard.press('Enter');
  await expect(
    page.getByRole('complementary', { name: 'Details' }),
  ).toBeVisible();
}

export async function picture(page: Page, name: string) {
  await page.screenshot({ path: path.join(ARTIFACTS, `${name}.png`) });
}
