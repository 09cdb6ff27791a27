import { KindDefinition, KubernetesObject } from './kindDefinition';
import { NETWORK_ATTACHMENT_DEFINITION } from './kindIds';
import { existenceVerdict, observation } from './metadata';
import { Reference } from './observation';

/** A further network of a pod (Multus). */
export const networkAttachmentDefinitionKind: KindDefinition = {
  id: NETWORK_ATTACHMENT_DEFINITION,
  type: 'networkattachmentdefinition',
  version: 'v1',
  plural: 'network-attachment-definitions',
  namespaced: true,
  observe(definition, context) {
    return observation(
      NETWORK_ATTACHMENT_DEFINITION,
      true,
      definition,
      context,
      { properties: {}, verdict: existenceVerdict(definition) },
    );
  },
};

const NETWORKS = 'k8s.v1.cni.cncf.io/networks';
const ENTRY = /^(?:([a-z0-9-]+)\/)?([a-z0-9][a-z0-9.-]*)(?:@[A-Za-z0-9]+)?$/;

/**
 * The further networks that a pod asks for (R082): `net-a, infra/net-b@eth1`, or a JSON list of `{ name, namespace }`.
 * Without one of them its sandbox is not made.
 */
export function addNetworkReferences(
  references: Reference[],
  { metadata }: KubernetesObject,
): void {
  const text: unknown = metadata.annotations?.[NETWORKS];
  if (typeof text !== 'string') {
    return;
  }
  const entries = text.trim().startsWith('[') ? fromJson(text) : fromText(text);
  for (const [namespace = metadata.namespace, name] of entries) {
    references.push({
      relation: 'pod-networkattachmentdefinition',
      end: 'source',
      other: { kind: NETWORK_ATTACHMENT_DEFINITION, namespace, name },
      required: true,
    });
  }
}

type Entry = [string | undefined, string];

function fromText(text: string): Entry[] {
  return text.split(',').flatMap((part): Entry[] => {
    const match = ENTRY.exec(part.trim());
    return match ? [[match[1], match[2]]] : [];
  });
}

function fromJson(text: string): Entry[] {
  let entries: unknown;
  try {
    entries = JSON.parse(text);
  } catch {
    return [];
  }
  return Array.isArray(entries)
    ? entries.flatMap((entry): Entry[] =>
        typeof entry?.name === 'string'
          ? [[entry.namespace || undefined, entry.name]]
          : [],
      )
    : [];
}
