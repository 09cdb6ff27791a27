import { kindText } from '../../identity';
import { KindCatalog } from '../../kindCatalog';
import { KubernetesObject } from '../../kindDefinition';
import { selectorText } from '../../labelSelector';
import { parseGroup } from '../../metadata';
import { Observation } from '../../observation';
import { loadShippedRules } from '../loadRules';

/** When everything in the tests happened a while ago. */
export const NOW = Date.parse('2026-01-02T00:00:00Z');
export const CREATED = '2026-01-01T00:00:00Z';

let loading: Promise<KindCatalog> | undefined;

export function shippedCatalog(): Promise<KindCatalog> {
  loading ??= loadShippedRules().then(rules => KindCatalog.create({ rules }));
  return loading;
}

/** One object as the shipped rules read it, with its links as lines. */
export interface Told {
  observed: Observation;
  /** `relation > Kind.group namespace/name`, with `?` where it is not required and `<` where the edge leads here. */
  references: string[];
  /** `relation > Kind.group [namespaces] selector`. */
  selectors: string[];
  /** `level Reason`. */
  status: string;
}

/** @param object with `apiVersion` and `kind`; in namespace `shop`, called `web`, where it says nothing else */
export async function told(object: KubernetesObject, now = NOW): Promise<Told> {
  const catalog = await shippedCatalog();
  const { apiVersion, kind, metadata = {}, ...rest } = object;
  const id = { group: parseGroup(apiVersion), kind };
  const namespaced = metadata.namespace !== '';
  const definition = catalog.definitionFor({
    id,
    version: apiVersion.split('/').pop(),
    plural: `${kind.toLowerCase()}s`,
    namespaced,
  })!;
  const observed = definition.observe(
    {
      apiVersion,
      metadata: {
        name: 'web',
        namespace: 'shop',
        uid: 'u1',
        creationTimestamp: CREATED,
        generation: 1,
        ...metadata,
      },
      ...rest,
    },
    { cluster: 'c', now },
  ) as Observation;
  const containment = /^(namespace|cluster)-(?!mesh)/;
  return {
    observed,
    references: observed.references
      .filter(({ relation }) => !containment.test(relation))
      .map(
        ({ relation, end, other, required, details }) =>
          `${relation} ${end === 'source' ? '>' : '<'} ${kindText(
            other.kind,
          )} ${other.namespace}/${other.name}${required ? '' : '?'}${
            details ? ` ${JSON.stringify(details)}` : ''
          }`,
      ),
    selectors: observed.selectors.map(
      ({ relation, end, kind: selected, namespaces, selector }) =>
        `${relation} ${end === 'source' ? '>' : '<'} ${kindText(selected)} [${
          typeof namespaces === 'string' ? namespaces : selectorText(namespaces)
        }] ${selectorText(selector)}`.trim(),
    ),
    status: `${observed.verdict.level} ${observed.verdict.reason}`,
  };
}

/** `status.conditions` with one condition per argument: `'Ready=False:Reason'`. */
export function conditions(...texts: string[]): KubernetesObject {
  return {
    conditions: texts.map(text => {
      const [, type, status, reason] = /^(\w+)=(\w+)(?::(\w+))?$/.exec(text)!;
      return {
        type,
        status,
        reason,
        message: `${type} is ${status}`,
        lastTransitionTime: '2026-01-01T12:00:00Z',
      };
    }),
  };
}
