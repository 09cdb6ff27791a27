import { expect, test } from '@playwright/test';
import { Theme, drawn, openTopology, picture, signIn } from './portal';

for (const theme of ['light', 'dark'] as Theme[]) {
  test(`task-pv: the tab names the claim as the root cause (${theme})`, async ({
    page,
  }) => {
    await page.setViewportSize({ width: 1440, height: 1100 });
    await signIn(page, theme);
    await openTopology(page, 'component/task-pv');

    const chain = page.getByRole('list', {
      name: 'From the cause to the effect',
    });
    const hops = chain.locator('> li');
    await expect(hops).toHaveCount(2);
    await expect(hops.nth(0)).toContainText('task-pv-claim');
    await expect(hops.nth(0)).toContainText('root cause');
    await expect(hops.nth(1)).toContainText('task-pv-pod');
    // The scheduler's own words.
    await expect(hops.nth(1)).toContainText(
      'pod has unbound immediate PersistentVolumeClaims',
    );
    const headline = page.getByRole('heading', {
      name: /task-pv-pod is down because .*task-pv-claim is down because no volume satisfies it/,
    });
    await expect(headline).toBeVisible();

    await expect(
      drawn(page, /^PersistentVolumeClaim task-pv-claim, down, .*root cause/),
    ).toBeVisible();
    await expect(drawn(page, /^Pod task-pv-pod, down/)).toBeVisible();
    await picture(page, `topology-task-pv-${theme}`);
  });
}

test('the details of an object say its status, evidence, events and neighbours', async ({
  page,
}) => {
  await signIn(page);
  await openTopology(page, 'component/task-pv');
  await drawn(page, /^PersistentVolumeClaim task-pv-claim/).focus();
  await page.keyboard.press('Enter');
  const details = page.getByRole('complementary', { name: 'Details' });
  await expect(details).toContainText('task-pv-claim');
  await expect(details).toContainText('Pending');
  await expect(details).toContainText('ProvisioningFailed');
  await expect(
    details.getByRole('button', { name: /task-pv-pod/ }),
  ).toBeVisible();
  // The selection is in the address: a link restores it.
  await expect(page).toHaveURL(/node=demo/);
  await page.reload();
  await expect(details).toContainText('task-pv-claim');
  await picture(page, 'details-light');
  await page.keyboard.press('Escape');
  await details.waitFor({ state: 'hidden' });
});
