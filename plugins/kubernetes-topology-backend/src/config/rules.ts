import { readFile, stat } from 'node:fs/promises';
import { InputError, toError } from '@backstage/errors';
import {
  loadRules,
  NamedRules,
  parseRules,
  parseRulesText,
  RulesError,
} from '@kubernetes-topology/engine';
import { TopologyConfig } from './topologyConfig';

/** As `docs/rules.md` tells it to the readers of errors. */
const INLINE = 'app-config.yaml kubernetesTopology.rules';

/**
 * The users' own rules: of the configuration, of the files that it names, and those that modules added. What comes last
 * speaks first.
 *
 * @throws RulesError, or InputError when a file is not there
 */
export async function userRules(
  config: Pick<TopologyConfig, 'rules' | 'ruleFiles'>,
  added: readonly NamedRules[],
): Promise<NamedRules[]> {
  const inline =
    config.rules === undefined
      ? []
      : [{ where: INLINE, rules: parseRules(config.rules, INLINE) }];
  const files = await Promise.all(
    config.ruleFiles.map((path, nth) =>
      rulesAt(path, `kubernetesTopology.ruleFiles[${nth}]`),
    ),
  );
  return [...added, ...files.flat(), ...inline];
}

/** A file, or all `.yaml` files of a folder. */
async function rulesAt(path: string, key: string): Promise<NamedRules[]> {
  try {
    if ((await stat(path)).isDirectory()) {
      return await loadRules(path);
    }
    const text = await readFile(path, 'utf8');
    return [{ where: path, rules: parseRulesText(text, path) }];
  } catch (error) {
    if (error instanceof RulesError) {
      throw error;
    }
    throw new InputError(
      `The configuration is not valid:\n  ${key}: the rules in ${path} cannot be read from ${process.cwd()}: ${
        toError(error).message
      }`,
    );
  }
}
