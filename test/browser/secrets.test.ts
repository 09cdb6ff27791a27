import { expect, test } from '@playwright/test';
import fs from 'node:fs';
import path from 'node:path';
import { get } from './cluster';
import { openDetails, openTopology, signIn } from './portal';

/** Every value that a Secret of the cluster holds, as stored and decoded. */
async function secretValues(): Promise<string[]> {
  const { items } = await get('/api/v1/secrets');
  return (items as { data?: Record<string, string> }[])
    .flatMap(({ data = {} }) => Object.values(data))
    .flatMap(value => [value, Buffer.from(value, 'base64').toString()])
    .filter(value => value.length >= 6);
}

test('no Secret value reaches the browser or the disk', async ({ page }) => {
  const values = await secretValues();
  expect(values).toContain('not-a-real-password');

  const answers: string[] = [];
  page.on('response', async response => {
    if (response.url().includes('/api/kubernetes-topology/')) {
      answers.push(await response.text().catch(() => ''));
    }
  });
  await signIn(page);
  await openTopology(page, 'system/blog');
  await openDetails(page, 'Secret mysql-pass');
  await expect(page.getByRole('complementary')).toContainText('password');
  expect(answers.length).toBeGreaterThan(1);

  const data = process.env.KUBE_TOPOLOGY_DATA!;
  const files = fs
    .readdirSync(data)
    .filter(name => name.startsWith('kubernetes-topology'));
  expect(files.length).toBeGreaterThan(0);
  const stored = files.map(name => fs.readFileSync(path.join(data, name)));
  for (const value of values) {
    expect(answers.filter(answer => answer.includes(value))).toEqual([]);
    expect(stored.some(bytes => bytes.includes(value))).toBe(false);
  }
});
