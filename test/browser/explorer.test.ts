import { expect, test } from '@playwright/test';
import { accessibilityFaults } from './accessibility';
import { Theme, drawn, graph, picture, signIn } from './portal';

for (const theme of ['light', 'dark'] as Theme[]) {
  test(`the explorer tells what is wrong first, and leads from there to the object (${theme})`, async ({
    page,
  }) => {
    await signIn(page, theme);
    await page.getByRole('link', { name: 'Kubernetes', exact: true }).click();
    const problems = page.getByRole('region', { name: 'What is wrong' });
    await expect(
      problems.getByText(/no volume satisfies it/).first(),
    ).toBeVisible({ timeout: 60_000 });
    const places = page.getByRole('region', { name: 'Namespaces' });
    await expect(places.getByRole('link').first()).toBeVisible();
    await picture(page, `explorer-${theme}`);
    expect(await accessibilityFaults(page, 'main')).toEqual([]);

    await problems
      .getByRole('button', { name: /task-pv-claim/ })
      .first()
      .click();
    await expect(graph(page)).toBeVisible({ timeout: 30_000 });
    await expect(
      page.getByRole('complementary', { name: 'Details' }),
    ).toContainText('task-pv-claim');
    await expect(drawn(page, /^Pod task-pv-pod/)).toBeVisible();
    await picture(page, `explorer-namespace-${theme}`);
    // The address alone brings it back.
    await page.reload();
    await expect(
      page.getByRole('complementary', { name: 'Details' }),
    ).toContainText('task-pv-claim', { timeout: 30_000 });
  });
}

test('the explorer answers queries with a table, and says where one is faulty', async ({
  page,
}) => {
  await signIn(page);
  await page.goto('/kubernetes-topology');
  const query = page.getByRole('combobox', { name: 'Query' });
  await query.fill("G.V().Has('Name', 'mysql-pass').In().Has('Type', 'pod')");
  await query.press('Enter');
  const answer = page.getByRole('region', { name: 'Answer' });
  await expect(answer.getByRole('row')).toHaveCount(3);
  await expect(
    answer.getByRole('row', { name: /wordpress-mysql/ }),
  ).toBeVisible();
  await picture(page, 'explorer-query');
  expect(await accessibilityFaults(page, 'main')).toEqual([]);

  await query.fill('G.V().Hsa()');
  await query.press('Enter');
  await expect(page.getByText(/there is no step "Hsa"/)).toBeVisible();
});
