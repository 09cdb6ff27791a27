import { InputError, NotFoundError } from '@backstage/errors';
import {
  GremlinNode,
  NodeFilter,
  NodeKey,
  Topology,
} from '@kubernetes-topology/engine';

/** How an agent names an object; what it leaves out is searched. */
export interface NamedObject {
  kind: string;
  name: string;
  namespace?: string;
  cluster?: string;
}

/** What `describe` says of the fields of an object, the same in all actions. */
export const OBJECT_FIELDS = {
  kind: 'Kind of the object, e.g. Pod, Deployment, Service, Secret, PersistentVolumeClaim. Any letter case.',
  name: 'Name of the object.',
  namespace:
    'Namespace of the object. Leave it out for cluster-scoped kinds, or when it is not known.',
  cluster:
    "The cluster's name in the portal. Needed only when several clusters have such an object.",
} as const;

/**
 * The key of the one object that is named.
 *
 * @throws NotFoundError when there is none that the caller may see, InputError when there are several
 */
export async function keyOfObject(
  topology: Pick<Topology, 'query'>,
  named: NamedObject,
  filter: NodeFilter | undefined,
): Promise<NodeKey> {
  const has = Object.entries({
    Type: named.kind.toLocaleLowerCase('en-US'),
    Name: named.name,
    'K8s.Namespace': named.namespace,
    ClusterName: named.cluster,
  }).flatMap(([field, value]) =>
    value === undefined ? [] : [`'${field}', ${JSON.stringify(value)}`],
  );
  const { value } = await topology.query(
    `G.V().Has(${has.join(', ')}).Limit(20)`,
    { filter },
  );
  const keys = (value as GremlinNode[]).map(({ ID }) => ID);
  if (keys.length === 0) {
    throw new NotFoundError(
      `There is no ${named.kind} ${named.name} that you may see; query-kubernetes-topology finds what there is`,
    );
  }
  if (keys.length > 1) {
    throw new InputError(
      `${
        keys.length
      } objects are called so: give namespace and cluster. They are ${keys.join(
        ', ',
      )}`,
    );
  }
  // The ID of a node is its key.
  return keys[0] as NodeKey;
}
