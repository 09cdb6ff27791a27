import { genericVerdict } from './genericHealth';
import { KindId } from './identity';
import { KindDefinition, KubernetesObject } from './kindDefinition';
import {
  GATEWAY,
  kindType,
  LISTENER_SET,
  SECRET,
  X_LISTENER_SET,
} from './kindIds';
import { deletionVerdict, observation } from './metadata';
import { byObject, namedObject } from './objectReference';
import { Reference } from './observation';

function listenerSet(
  id: KindId,
  version: string,
  plural: string,
): KindDefinition {
  const type = kindType(id);
  return {
    id,
    type,
    version,
    readableVersions: ['v1beta1', 'v1alpha1'],
    plural,
    namespaced: true,
    observe(set, context) {
      return observation(id, true, set, context, {
        properties: {
          Listeners: listeners(set).map(({ name }) => String(name)),
        },
        verdict: deletionVerdict(set) ?? genericVerdict(set),
        references: [...parent(type, set), ...certificates(type, set)],
      });
    },
  };
}

/** Listeners that are kept apart from their Gateway (R092). */
export const listenerSetKind = listenerSet(LISTENER_SET, 'v1', 'listenersets');
export const xListenerSetKind = listenerSet(
  X_LISTENER_SET,
  'v1alpha1',
  'xlistenersets',
);

function listeners({ spec }: KubernetesObject): any[] {
  return spec?.listeners ?? [];
}

function parent(
  type: string,
  { metadata, spec }: KubernetesObject,
): Reference[] {
  const { namespace } = metadata;
  const other = namedObject(spec?.parentRef, { ...GATEWAY, namespace });
  return other
    ? [{ relation: `${type}-gateway`, end: 'source', other, required: true }]
    : [];
}

/** As a Gateway's (R085). */
function certificates(type: string, set: KubernetesObject): Reference[] {
  const { namespace } = set.metadata;
  const uses = listeners(set).flatMap(({ name, tls }) =>
    (tls?.certificateRefs ?? []).flatMap((field: any) => {
      const other = namedObject(field, { ...SECRET, namespace });
      return other?.kind.kind === SECRET.kind
        ? [{ other, listener: String(name) }]
        : [];
    }),
  );
  return byObject(uses).map(
    (group): Reference => ({
      relation: `${type}-secret`,
      end: 'source',
      other: group[0].other,
      required: true,
      details: { listeners: group.map(({ listener }) => listener) },
    }),
  );
}
