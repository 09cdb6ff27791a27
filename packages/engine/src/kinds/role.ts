import { KindId } from './identity';
import { KindDefinition, KubernetesObject } from './kindDefinition';
import { CLUSTER_ROLE, ROLE } from './kindIds';
import { selectorFromObject } from './labelSelector';
import { existenceVerdict, observation } from './metadata';
import { SelectorReference } from './observation';

/** An operator's role may have hundreds of rules; nobody reads so many. */
const MOST_RULES = 50;

function kindOf(id: KindId, plural: string): KindDefinition {
  const namespaced = id === ROLE;
  return {
    id,
    type: id.kind.toLowerCase(),
    version: 'v1',
    plural,
    namespaced,
    observe(role, context) {
      const rules: any[] = role.rules ?? [];
      return observation(id, namespaced, role, context, {
        properties: {
          // What it allows is text, not edges: they would lead to everything (R139).
          Rules: rules.slice(0, MOST_RULES).map(ruleText),
          RuleCount: rules.length,
          Aggregated: role.aggregationRule ? true : undefined,
        },
        verdict: existenceVerdict(role),
        selectors: aggregated(role),
      });
    },
  };
}

/** `get,list deployments.apps`, `* *`, `get secrets (db-creds)`, `get /healthz`. */
function ruleText(rule: any): string {
  const verbs = texts(rule.verbs).join(',');
  const groups = texts(rule.apiGroups);
  const resources = texts(rule.resources).flatMap(resource =>
    groups.map(group => (group === '' ? resource : `${resource}.${group}`)),
  );
  const names = texts(rule.resourceNames);
  const what = [...resources, ...texts(rule.nonResourceURLs)].join(',');
  return `${verbs} ${what}${names.length > 0 ? ` (${names.join(',')})` : ''}`;
}

function texts(values: unknown): string[] {
  return Array.isArray(values) ? values.map(String) : [];
}

/** An aggregated role has the rules of all that one of its selectors matches (R138). */
function aggregated(role: KubernetesObject): SelectorReference[] {
  const selectors: any[] = role.aggregationRule?.clusterRoleSelectors ?? [];
  return selectors.flatMap(one => {
    const selector = selectorFromObject(one);
    return selector
      ? [
          {
            relation: 'clusterrole-clusterrole',
            end: 'source' as const,
            kind: CLUSTER_ROLE,
            namespaces: 'all' as const,
            selector,
          },
        ]
      : [];
  });
}

export const roleKind = kindOf(ROLE, 'roles');

export const clusterRoleKind = kindOf(CLUSTER_ROLE, 'clusterroles');
