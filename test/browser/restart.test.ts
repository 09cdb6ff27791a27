import { expect, test } from '@playwright/test';
import { Pod, isReady, pods } from './cluster';
import {
  drawn,
  drawnBehind,
  openDetails,
  openTopology,
  picture,
  signIn,
} from './portal';

const uids = (list: Pod[]) => list.map(pod => pod.metadata.uid);

test('wordpress: restarting the dependents of mysql-pass replaces its pods', async ({
  page,
}) => {
  const before = await pods('wordpress');
  expect(before).toHaveLength(2);
  expect(before.every(isReady)).toBe(true);

  await signIn(page);
  await openTopology(page, 'system/blog');
  await expect(drawn(page, 'Secret mysql-pass, up')).toBeVisible();
  await openDetails(page, 'Secret mysql-pass');

  await page.getByRole('button', { name: 'Restart dependent pods' }).click();
  const dialog = page.getByRole('dialog');
  // The plan names what will happen before anything does.
  for (const pod of before) {
    await expect(dialog).toContainText(pod.metadata.name);
  }
  await picture(page, 'restart-plan-light');
  expect(uids(await pods('wordpress')).sort()).toEqual(uids(before).sort());

  await dialog.getByRole('button', { name: 'Restart 2 pods' }).click();
  await expect(dialog.getByRole('status')).toContainText('Restarting');
  // While the new ones start, what they serve is down: red, with the word beside the colour.
  await expect(
    drawnBehind(page, 'Deployment wordpress')
      .and(page.locator('[aria-label*=", down"]'))
      .first(),
  ).toBeVisible({ timeout: 30_000 });
  await picture(page, 'restart-running-light');
  await expect(dialog.getByRole('status')).toContainText('2 pods restarted', {
    timeout: 60_000,
  });
  await picture(page, 'restart-done-light');
  await dialog.getByRole('button', { name: 'Close' }).first().click();

  const after = await pods('wordpress');
  expect(after).toHaveLength(2);
  expect(after.every(isReady)).toBe(true);
  expect(uids(after).filter(uid => uids(before).includes(uid))).toEqual([]);
  for (const pod of after) {
    await expect(drawn(page, `Pod ${pod.metadata.name}, up`)).toBeVisible();
  }
  for (const pod of before) {
    await expect(drawn(page, `Pod ${pod.metadata.name}`)).toHaveCount(0);
  }
  await expect(page.getByText(/^All \d+ objects are up\.$/)).toBeVisible();
});
