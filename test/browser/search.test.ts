import { expect, test } from '@playwright/test';
import { pods } from './cluster';
import { picture, signIn } from './portal';

test('searching mysql-pass finds the secret and the pods that depend on it', async ({
  page,
}) => {
  const names = (await pods('wordpress')).map(pod => pod.metadata.name);
  await signIn(page);
  // The index is made anew every 15 seconds in the demo.
  await expect(async () => {
    await page.goto('/search?query=mysql-pass');
    const found = page
      .getByRole('listitem')
      .filter({
        has: page.getByRole('link', { name: 'mysql-pass', exact: true }),
      })
      .first();
    await expect(found).toContainText('Secret', { timeout: 5_000 });
    const dependents = found.getByRole('list', {
      name: 'Pods that depend on it',
    });
    for (const name of names) {
      await expect(dependents).toContainText(name, { timeout: 1_000 });
    }
  }).toPass({ timeout: 60_000 });
  await picture(page, 'search-light');

  await page
    .getByRole('link', { name: 'mysql-pass', exact: true })
    .first()
    .click();
  await expect(
    page.getByRole('complementary', { name: 'Details' }),
  ).toContainText('mysql-pass');
});
