import { addCalledServices } from './calledServices';
import { addGangReferences } from './gangReferences';
import { drivenBy } from './csiDriver';
import { KubernetesObject } from './kindDefinition';
import { CONFIG_MAP, SECRET } from './kindIds';
import { Reference } from './observation';
import { addPlacementReferences, PodSpecOwner } from './placementReferences';
import { podSpecReferences } from './podTemplate';

/** Reloader's annotations, which name what a change of starts a rollout (R041). */
const RELOADED = [
  ['configmap', CONFIG_MAP, 'configmap.reloader.stakater.com/reload'],
  ['secret', SECRET, 'secret.reloader.stakater.com/reload'],
] as const;
const RELOADING: ReadonlySet<string> = new Set([
  'deployment',
  'statefulset',
  'daemonset',
  'cronjob',
]);

/** What drivers of storage run as (R054). */
const DRIVING: ReadonlySet<string> = new Set([
  'deployment',
  'statefulset',
  'daemonset',
]);

/** All that the next pod of a template will need (R038), and what starts a rollout of it (R041). */
export function templateReferences(
  owner: Exclude<PodSpecOwner, 'pod'>,
  metadata: KubernetesObject,
  template: KubernetesObject | undefined,
): Reference[] {
  const { namespace } = metadata;
  const spec = template?.spec;
  const references = [...podSpecReferences(owner, namespace, spec)];
  if (spec) {
    addPlacementReferences(references, owner, namespace, spec, 'default');
    addGangReferences(references, owner, namespace, template?.metadata, spec);
    addCalledServices(references, owner, namespace, spec);
  }
  if (DRIVING.has(owner)) {
    references.push(...drivenBy(owner, spec));
  }
  if (RELOADING.has(owner)) {
    addReloaded(references, owner, metadata);
  }
  return references;
}

function addReloaded(
  references: Reference[],
  owner: string,
  { annotations, namespace }: KubernetesObject,
): void {
  for (const [target, kind, annotation] of RELOADED) {
    const names = new Set(
      String(annotations?.[annotation] ?? '')
        .split(',')
        .map(name => name.trim())
        .filter(Boolean),
    );
    for (const name of names) {
      references.push({
        relation: `${owner}-${target}-reload`,
        end: 'source',
        other: { kind, namespace, name },
        required: false,
      });
    }
  }
}
