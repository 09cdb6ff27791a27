import { KindId, kindText } from '../kinds/identity';
import { KubernetesObject } from '../kinds/kindDefinition';
import { ServedKind } from '../kinds/kindCatalog';
import { groupOf, versionOf } from './staticObjects';

const DEFINITION = 'CustomResourceDefinition';

/**
 * The kinds that a server would serve that has these objects: what their definitions say where they are among them,
 * else what can be guessed from the objects.
 */
export function servedByObjects(
  objects: readonly KubernetesObject[],
): ServedKind[] {
  const served = new Map<string, ServedKind>();
  for (const { kind, spec } of objects) {
    if (kind === DEFINITION && spec?.names?.kind && spec.group) {
      const id: KindId = { group: spec.group, kind: spec.names.kind };
      served.set(kindText(id), {
        id,
        version: storedVersion(spec.versions),
        plural: String(spec.names.plural ?? pluralOf(id.kind)),
        namespaced: spec.scope === 'Namespaced',
      });
    }
  }
  for (const { apiVersion, kind, metadata } of objects) {
    const id: KindId = { group: groupOf(apiVersion), kind: String(kind) };
    const text = kindText(id);
    const known = served.get(text);
    if (!known) {
      served.set(text, {
        id,
        version: versionOf(apiVersion),
        plural: pluralOf(id.kind),
        namespaced: metadata?.namespace !== undefined,
      });
    }
  }
  return [...served.values()];
}

function storedVersion(versions: unknown): string {
  const all: { name?: string; storage?: boolean }[] = Array.isArray(versions)
    ? versions
    : [];
  return String((all.find(({ storage }) => storage) ?? all[0])?.name ?? 'v1');
}

/** As Kubernetes guesses it (`meta.UnsafeGuessKindToResource`). */
function pluralOf(kind: string): string {
  const singular = kind.toLowerCase();
  if (singular.endsWith('s')) {
    return `${singular}es`;
  }
  return singular.endsWith('y')
    ? `${singular.slice(0, -1)}ies`
    : `${singular}s`;
}
