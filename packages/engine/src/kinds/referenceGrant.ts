import { KindDefinition, KubernetesObject } from './kindDefinition';
import { NAMESPACE, REFERENCE_GRANT } from './kindIds';
import { existenceVerdict, observation } from './metadata';
import { namedObject } from './objectReference';
import { Reference } from './observation';

/** Lets objects of other namespaces refer to some of its own (R090). */
export const referenceGrantKind: KindDefinition = {
  id: REFERENCE_GRANT,
  type: 'referencegrant',
  version: 'v1beta1',
  readableVersions: ['v1', 'v1alpha2'],
  plural: 'referencegrants',
  namespaced: true,
  observe(grant, context) {
    const { spec = {} } = grant;
    return observation(REFERENCE_GRANT, true, grant, context, {
      properties: { From: spec.from ?? [], To: spec.to ?? [] },
      verdict: existenceVerdict(grant),
      references: [...grantees(grant), ...granted(grant)],
    });
  },
};

/** The namespaces that may refer, with the kinds of who may. */
function grantees({ spec }: KubernetesObject): Reference[] {
  const entries: any[] = spec?.from ?? [];
  const namespaces = entries.map(({ namespace }) => namespace).filter(Boolean);
  return [...new Set<string>(namespaces)].map(name => ({
    relation: 'referencegrant-namespace',
    end: 'source',
    other: { kind: NAMESPACE, namespace: '', name },
    // A grant to a namespace that is yet to come waits for it and is no fault.
    required: false,
    details: {
      kinds: entries
        .filter(({ namespace }) => namespace === name)
        .map(({ kind }) => String(kind)),
    },
  }));
}

/** What may be referred to, where it is named; without a name it is every object of the kind. */
function granted({ metadata, spec }: KubernetesObject): Reference[] {
  const entries: any[] = spec?.to ?? [];
  return entries.flatMap((field): Reference[] => {
    const other = namedObject(field, {
      group: '',
      kind: '',
      namespace: metadata.namespace,
    });
    return other && other.kind.kind !== ''
      ? [
          {
            relation: 'referencegrant-object',
            end: 'source',
            other,
            required: false,
          },
        ]
      : [];
  });
}
