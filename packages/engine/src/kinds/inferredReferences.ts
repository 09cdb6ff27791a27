import { OBJECT_REFERENCE } from './genericRelations';
import { KindId } from './identity';
import { KubernetesObject } from './kindDefinition';
import * as ids from './kindIds';
import { parseGroup } from './metadata';
import { Reference } from './observation';
import { isMap } from './wellFormed';

const MOST_REFERENCES = 30;
const DEEPEST = 8;
/** Values that are looked at: a definition of a thousand dashboards is not searched to its end. */
const MOST_VALUES = 2000;

/** What a field refers to by its own name, whatever the kind: `passwordSecretRef`, `configMapKeyRef`. */
const KINDS_BY_ENDING: readonly (readonly [string, KindId])[] = [
  ['secret', ids.SECRET],
  ['secretkey', ids.SECRET],
  ['configmap', ids.CONFIG_MAP],
  ['configmapkey', ids.CONFIG_MAP],
  ['service', ids.SERVICE],
  ['serviceaccount', { group: '', kind: 'ServiceAccount' }],
];
/** Kinds that references name without their group. */
const KNOWN_KINDS: ReadonlyMap<string, KindId> = new Map(
  [
    ...Object.values(ids).filter(
      (value): value is KindId => typeof value === 'object',
    ),
    { group: '', kind: 'ServiceAccount' },
  ].map(id => [id.kind, id]),
);
const CLUSTER_SCOPED: ReadonlySet<string> = new Set([
  'ClusterRole',
  'CustomResourceDefinition',
  'GatewayClass',
  'IngressClass',
  'Namespace',
  'Node',
  'PersistentVolume',
  'PriorityClass',
  'RuntimeClass',
  'StorageClass',
]);
/** `targetRef`, `secretRefs`; not `href` or `ref`, which is a branch of a repository. */
const REFERENCE_FIELD = /^(.+)Refs?$/;

/**
 * References that nobody has declared: fields called `…Ref` that hold a name, and a kind or a telling name of their
 * own (R187). They are guesses: never required, so that what is absent is drawn and breaks nothing.
 */
export function inferredReferences(
  object: KubernetesObject,
  namespaced: boolean,
): Reference[] {
  const found = new Map<string, Reference>();
  const { namespace = '' } = object.metadata;
  const own: Own = {
    group: parseGroup(object.apiVersion),
    namespace: namespaced ? namespace : undefined,
  };
  let values = 0;
  const search = (value: unknown, field: string, depth: number): void => {
    values++;
    if (values > MOST_VALUES || depth > DEEPEST) {
      return;
    }
    if (Array.isArray(value)) {
      for (const each of value) {
        search(each, field, depth + 1);
      }
      return;
    }
    if (!isMap(value)) {
      return;
    }
    const stem = REFERENCE_FIELD.exec(field)?.[1];
    const other = stem === undefined ? undefined : target(value, stem, own);
    if (other && found.size < MOST_REFERENCES) {
      found.set(JSON.stringify(other), {
        relation: OBJECT_REFERENCE.name,
        end: 'source',
        other,
        required: false,
      });
      return;
    }
    for (const name of Object.keys(value)) {
      search(value[name], name, depth + 1);
    }
  };
  search(object.spec, 'spec', 0);
  return [...found.values()];
}

interface Own {
  group: string;
  /** `undefined` for a cluster-scoped object: what it names without a namespace cannot be found. */
  namespace: string | undefined;
}

function target(
  value: { [name: string]: any },
  stem: string,
  own: Own,
): Reference['other'] | undefined {
  const { name } = value;
  if (typeof name !== 'string' || name === '') {
    return undefined;
  }
  const kind = kindOf(value, own.group) ?? kindByField(stem);
  if (!kind) {
    return undefined;
  }
  if (CLUSTER_SCOPED.has(kind.kind) || kind.kind.startsWith('Cluster')) {
    return { kind, namespace: '', name };
  }
  const namespace =
    typeof value.namespace === 'string' && value.namespace !== ''
      ? value.namespace
      : own.namespace;
  return namespace === undefined ? undefined : { kind, namespace, name };
}

function kindOf(
  value: { [name: string]: any },
  ownGroup: string,
): KindId | undefined {
  const { kind, group, apiGroup, apiVersion } = value;
  if (typeof kind !== 'string' || !/^[A-Z][A-Za-z0-9]*$/.test(kind)) {
    return undefined;
  }
  if (typeof apiVersion === 'string') {
    return { group: parseGroup(apiVersion), kind };
  }
  const named = [group, apiGroup].find(text => typeof text === 'string');
  return named === undefined
    ? KNOWN_KINDS.get(kind) ?? { group: ownGroup, kind }
    : { group: named, kind };
}

function kindByField(stem: string): KindId | undefined {
  const lower = stem.toLowerCase();
  return KINDS_BY_ENDING.find(([ending]) => lower.endsWith(ending))?.[1];
}
