import { expect, test } from '@playwright/test';
import { create, get, pods, remove } from './cluster';
import { drawn, openTopology, picture, signIn } from './portal';

const SECRETS = '/api/v1/namespaces/wordpress/secrets';

test('a Secret that goes is the one cause of what cannot start without it, and all heals when it comes back', async ({
  page,
}) => {
  const secret = await get(`${SECRETS}/mysql-pass`);
  await signIn(page);
  await openTopology(page, 'system/blog');
  await remove(`${SECRETS}/mysql-pass`);
  try {
    // What runs goes on: it would break at its next start only.
    await expect(drawn(page, /^Secret mysql-pass, missing/)).toBeVisible();
    await expect(drawn(page, /^Pod wordpress-mysql-.*, up$/)).toBeVisible();

    for (const pod of await pods('wordpress')) {
      await remove(`/api/v1/namespaces/wordpress/pods/${pod.metadata.name}`);
    }
    const headline = page.getByRole('heading', {
      name: /because Secret mysql-pass does not exist/,
    });
    await expect(headline).toHaveCount(1, { timeout: 30_000 });
    await expect(
      drawn(page, /^Secret mysql-pass, missing, .*root cause/),
    ).toBeVisible();
    await expect(drawn(page, /^Pod wordpress-mysql-.*, down/)).toBeVisible();
    await expect(
      drawn(page, /^Deployment wordpress-mysql, down/),
    ).toBeVisible();
    const chain = page.getByRole('list', {
      name: 'From the cause to the effect',
    });
    await expect(chain).toContainText('secret "mysql-pass" not found');
    await picture(page, 'missing-secret-light');
  } finally {
    const { name, namespace, labels } = secret.metadata;
    await create(SECRETS, {
      ...secret,
      metadata: { name, namespace, labels },
    });
  }
  await expect(page.getByText(/^All \d+ objects are up\.$/)).toBeVisible({
    timeout: 30_000,
  });
});
