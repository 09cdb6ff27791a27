import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { parseRules, RulesError } from './parseRules';
import { RuleSet } from './ruleSchema';

/** Rules with the place where they stand, for errors. Plain data. */
export interface NamedRules {
  where: string;
  rules: RuleSet;
}

let shipped: Promise<NamedRules[]> | undefined;

/** The rule files that come with the engine: operators that many clusters have. Read once. */
export async function loadShippedRules(): Promise<NamedRules[]> {
  const root = dirname(
    require.resolve('@kubernetes-topology/engine/package.json'),
  );
  shipped ??= loadRules(join(root, 'rules'));
  return shipped;
}

/**
 * All `.yaml` files of a folder, in the order of their names.
 *
 * @throws RulesError
 */
export async function loadRules(folder: string): Promise<NamedRules[]> {
  const names = (await readdir(folder)).filter(name => name.endsWith('.yaml'));
  return Promise.all(
    names.sort().map(async name => {
      const where = join(folder, name);
      return {
        where,
        rules: parseRulesText(await readFile(where, 'utf8'), where),
      };
    }),
  );
}

/** @throws RulesError */
export function parseRulesText(text: string, where: string): RuleSet {
  let data: unknown;
  try {
    data = parse(text);
  } catch (error) {
    throw new RulesError(where, [`it is no YAML: ${String(error)}`]);
  }
  return parseRules(data, where);
}
