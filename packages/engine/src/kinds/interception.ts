import { NAMESPACE } from './kindIds';
import { selectorFromObject } from './labelSelector';
import { Json, SelectorReference } from './observation';

const MOST_RULES = 50;

/** `CREATE,UPDATE pods,deployments.apps`: what is judged before it is written. */
export function ruleTexts(rules: unknown): string[] {
  if (!Array.isArray(rules)) {
    return [];
  }
  return rules.slice(0, MOST_RULES).map(rule => {
    const texts = (values: unknown) =>
      Array.isArray(values) ? values.map(String) : [];
    const resources = texts(rule?.resources).flatMap(resource =>
      texts(rule?.apiGroups).map(group =>
        group === '' ? resource : `${resource}.${group}`,
      ),
    );
    return `${texts(rule?.operations).join(',')} ${resources.join(',')}`;
  });
}

/** Edges to the namespaces that a selector picks; an empty selector is every namespace, which needs no edge to say. */
export function interceptedNamespaces(
  relation: string,
  namespaceSelector: any,
  details: { [name: string]: Json },
): SelectorReference[] {
  const selector = selectorFromObject(namespaceSelector);
  return selector && selector.length > 0
    ? [
        {
          relation,
          end: 'source',
          kind: NAMESPACE,
          namespaces: 'all',
          selector,
          details,
        },
      ]
    : [];
}
