import { Page, expect, test } from '@playwright/test';
import type { ClusterHealth } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { accessibilityFaults } from './accessibility';
import { create, get, remove } from './cluster';
import { Theme, openTopology, picture, signIn } from './portal';

const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';

async function openHealth(page: Page) {
  await page.goto('/kubernetes-topology?view=clusters');
  await expect(page.getByRole('heading', { name: 'demo' })).toBeVisible({
    timeout: 60_000,
  });
}

const rowOf = (page: Page, kind: string) =>
  page
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name: kind, exact: true }) });

/** The portal's own answer about the demo cluster, changed before the page sees it: the demo's token may read all. */
async function tellOtherwise(
  page: Page,
  change: (health: ClusterHealth) => ClusterHealth,
) {
  await page.route('**/clusters/demo/health', async route => {
    const response = await route.fetch();
    await route.fulfill({ response, json: change(await response.json()) });
  });
}

for (const theme of ['light', 'dark'] as Theme[]) {
  test(`the health page shows the demo's kinds, and follows them (${theme})`, async ({
    page,
  }) => {
    await signIn(page, theme);
    await page.getByRole('link', { name: 'Kubernetes', exact: true }).click();
    await expect(page).toHaveURL(/\/kubernetes-topology/);
    await page.getByRole('link', { name: 'Clusters', exact: true }).click();
    for (const [kind, group] of [
      ['Pod', 'core'],
      ['Deployment', 'apps'],
      ['NetworkPolicy', 'networking.k8s.io'],
      ['ServiceAccount', 'core'],
    ]) {
      await expect(rowOf(page, kind)).toContainText(group);
      await expect(rowOf(page, kind)).toContainText('watched');
    }
    const { items } = await get('/api/v1/configmaps');
    const counted = (count: number) =>
      expect(rowOf(page, 'ConfigMap').getByRole('gridcell').nth(2)).toHaveText(
        String(count),
        { timeout: 10_000 },
      );
    await counted(items.length);
    await picture(page, `cluster-health-${theme}`);
    expect(await accessibilityFaults(page, 'main')).toEqual([]);

    await create(CONFIG_MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'one-more', namespace: 'default' },
    });
    try {
      await counted(items.length + 1);
    } finally {
      await remove(`${CONFIG_MAPS}/one-more`);
    }
    await counted(items.length);
  });
}

test('a kind that may not be read is said to be forbidden, first and with why; the keyboard leaves only problems', async ({
  page,
}) => {
  const why = 'secrets is forbidden: User "reader" cannot list resource';
  await tellOtherwise(page, health => ({
    ...health,
    kinds: health.kinds.map(kind =>
      kind.kind === 'Secret'
        ? { ...kind, state: 'forbidden', objects: 0, message: why }
        : kind,
    ),
  }));
  await signIn(page);
  await openHealth(page);
  await expect(page.getByRole('rowheader').first()).toHaveText('Secret');
  await expect(rowOf(page, 'Secret')).toContainText('forbidden');
  await expect(rowOf(page, 'Secret')).toContainText(why);
  await expect(page.getByText('the verbs list and watch')).toBeVisible();

  await page.getByRole('switch', { name: 'Only problems (1)' }).focus();
  await page.keyboard.press('Space');
  await expect(page.getByRole('rowheader')).toHaveCount(1);
  await expect(page).toHaveURL(/problems=1/);
  await page.keyboard.press('Space');
  await expect(rowOf(page, 'Pod')).toBeVisible();

  await page.getByRole('columnheader', { name: 'Objects' }).focus();
  await page.keyboard.press('Enter');
  await expect(
    page.getByRole('columnheader', { name: 'Objects' }),
  ).toHaveAttribute('aria-sort', 'ascending');
  await picture(page, 'cluster-health-forbidden-light');
});

test('a first sync shows how far it is', async ({ page }) => {
  await tellOtherwise(page, health => ({
    ...health,
    state: 'syncing',
    message: '',
    progress: { kinds: 43, kindsDone: 17, percent: 61 },
  }));
  await signIn(page);
  await openHealth(page);
  const bar = page.getByRole('progressbar');
  await expect(bar).toHaveAttribute('aria-valuenow', '61');
  await expect(
    page.getByText('Reading cluster demo: 17 of 43 kinds, 61 %'),
  ).toBeVisible();
  await picture(page, 'cluster-health-syncing-light');
  expect(await accessibilityFaults(page, 'main')).toEqual([]);
});

for (const theme of ['light', 'dark'] as Theme[]) {
  test(`the Topology tab has no accessibility faults (${theme})`, async ({
    page,
  }) => {
    await signIn(page, theme);
    for (const entity of ['system/blog', 'component/task-pv']) {
      await openTopology(page, entity);
      expect(
        await accessibilityFaults(page, '.react-flow', [
          // A box is named by its kind, name and state; the chips in it are other objects.
          'label-content-name-mismatch',
        ]),
      ).toEqual([]);
    }
  });
}
