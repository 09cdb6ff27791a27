import { KindId } from '../kinds/identity';
import { MUTATING_WEBHOOK, VALIDATING_WEBHOOK } from '../kinds/kindIds';
import { Json } from '../kinds/observation';
import { CausalGraph, CausalGraphNode } from './causalGraph';

/** The configuration that has a webhook of this name. */
export function configurationOf(
  cluster: string,
  webhook: string,
  graph: CausalGraph,
): CausalGraphNode | undefined {
  for (const kind of [VALIDATING_WEBHOOK, MUTATING_WEBHOOK]) {
    const found = graph
      .inventory({ cluster, kind })
      ?.nodes.find(
        one =>
          one.verdict.level !== 'missing' &&
          webhooksOf(one).some(({ Name }) => Name === webhook),
      );
    if (found) {
      // With what it needs: who writes its authority.
      return graph.reach(found.key) ?? found;
    }
  }
  return undefined;
}

export function webhooksOf({
  properties,
}: CausalGraphNode): { [name: string]: Json }[] {
  const { Webhooks } = properties;
  return Array.isArray(Webhooks)
    ? Webhooks.map(record).filter(one => one !== undefined)
    : [];
}

export function asksAboutPods({ Rules }: { [name: string]: Json }): boolean {
  return (
    Array.isArray(Rules) &&
    Rules.some(rule => /(^|[ ,])(pods|\*)($|[ ,])/.test(String(rule)))
  );
}

export function failurePolicy(
  configuration: CausalGraphNode,
  webhook: string,
): string {
  const own = webhooksOf(configuration).find(({ Name }) => Name === webhook);
  return String(own?.FailurePolicy ?? 'Fail');
}

/** As kubectl takes it. */
export function plural({ kind }: KindId): string {
  return `${kind.toLowerCase()}s`;
}

export function record(
  value: Json | undefined,
): { [name: string]: Json } | undefined {
  return value && typeof value === 'object' && !Array.isArray(value)
    ? value
    : undefined;
}
