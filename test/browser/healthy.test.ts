import { expect, test } from '@playwright/test';
import { scale } from './cluster';
import { Theme, drawn, graph, openTopology, picture, signIn } from './portal';

for (const theme of ['light', 'dark'] as Theme[]) {
  test(`bookinfo: a System shows the union of its parts, calmly (${theme})`, async ({
    page,
  }) => {
    await signIn(page, theme);
    await openTopology(page, 'system/bookinfo');
    await expect(page.getByText(/^All \d+ objects are up\.$/)).toBeVisible();
    for (const name of [
      'details-v1',
      'productpage-v1',
      'ratings-v1',
      'reviews-v3',
    ]) {
      await expect(drawn(page, `Deployment ${name}, up`)).toBeVisible();
    }
    await expect(drawn(page, 'NetworkPolicy default-deny, up')).toBeVisible();
    await picture(page, `bookinfo-${theme}`);
  });
}

test('a change in the cluster is on the screen within two seconds', async ({
  page,
}) => {
  await signIn(page);
  await openTopology(page, 'component/hello-node');
  await expect(drawn(page, /^Deployment hello-node, up/)).toBeVisible();
  await scale('default', 'hello-node', 0);
  try {
    await expect(drawn(page, /^Deployment hello-node, idle/)).toBeVisible({
      timeout: 2_000,
    });
    // Scaled to zero is deliberate, not broken.
    await expect(page.getByText('Nothing is broken')).toBeVisible();
  } finally {
    await scale('default', 'hello-node', 2);
  }
  await expect(drawn(page, /^Deployment hello-node, up/)).toBeVisible({
    timeout: 30_000,
  });
});

test('an entity without annotations has no tab; one without objects says how to get some', async ({
  page,
}) => {
  await signIn(page);
  await page.goto('/catalog/default/component/nothing-there/topology');
  await expect(graph(page)).toBeHidden();
});
