import { KindId, nodeKey } from '../../kinds/identity';
import { KindDefinition } from '../../kinds/kindDefinition';

/** A kind of which only the metadata is looked at: for tests of how it is read. */
export function plainKind(
  plural: string,
  id: KindId,
  options: { namespaced?: boolean; metadataOnly?: boolean } = {},
): KindDefinition {
  const { namespaced = true, metadataOnly } = options;
  return {
    id,
    type: id.kind.toLowerCase(),
    version: 'v1',
    plural,
    namespaced,
    metadataOnly,
    observe({ metadata }, { cluster }) {
      const { namespace = '', name, uid, resourceVersion } = metadata;
      return {
        type: 'object',
        key: nodeKey({ cluster, kind: id, namespace, name }),
        cluster,
        kind: id,
        namespace,
        name,
        uid,
        resourceVersion,
        labels: {},
        properties: {},
        verdict: { level: 'ok', reason: 'Exists', evidence: [] },
        owners: [],
        references: [],
        selectors: [],
        parts: [],
      };
    },
  };
}

const core = (kind: string): KindId => ({ group: '', kind });

export const plainKinds: readonly KindDefinition[] = [
  plainKind('events', core('Event')),
  plainKind('configmaps', core('ConfigMap'), { metadataOnly: true }),
  plainKind('secrets', core('Secret'), { metadataOnly: true }),
  plainKind('pods', core('Pod')),
  plainKind('services', core('Service')),
  plainKind('nodes', core('Node'), { namespaced: false }),
  plainKind('namespaces', core('Namespace'), { namespaced: false }),
  plainKind('deployments', { group: 'apps', kind: 'Deployment' }),
  plainKind('replicasets', { group: 'apps', kind: 'ReplicaSet' }),
  plainKind('jobs', { group: 'batch', kind: 'Job' }),
];
