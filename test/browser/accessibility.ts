import { Page } from '@playwright/test';
import fs from 'node:fs';

const AXE = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong within the first element of a selector, one line for each fault; `except`: rules left out. */
export async function accessibilityFaults(
  page: Page,
  selector: string,
  except: string[] = [],
): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(
    async ({ within, rules }) => {
      const { axe } = window as unknown as {
        axe: {
          run(
            within: string,
            options: { rules: typeof rules },
          ): Promise<{
            violations: { id: string; nodes: { failureSummary: string }[] }[];
          }>;
        };
      };
      const { violations } = await axe.run(within, { rules });
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(node => `${id}: ${node.failureSummary}`),
      );
    },
    {
      within: selector,
      rules: Object.fromEntries(except.map(id => [id, { enabled: false }])),
    },
  );
}
