import {
  inputOfObjects,
  KindCatalog,
  Reachability,
  Routing,
  routingOfObjects,
} from '@kubernetes-topology/engine';
import { readObjects } from '../engineSource';
import { Failure } from '../failure';
import { unlessAborted } from '../interrupt';
import { FileSource } from '../source';

/** What is asked, read once. */
export interface ReachSource {
  model: Reachability;
  routing: Routing;
  /** What the answers leave out, in words. */
  notes: string[];
}

/** Policies of other kinds: they are read by nobody here. */
const OTHER_POLICIES = new Set([
  'AdminNetworkPolicy',
  'BaselineAdminNetworkPolicy',
  'ClusterNetworkPolicy',
  'CiliumNetworkPolicy',
  'CiliumClusterwideNetworkPolicy',
  'GlobalNetworkPolicy',
]);

/**
 * Of a dump or of manifests: pods and policies are taken from the objects themselves.
 *
 * @throws Failure
 */
export async function reachOfFiles(
  { path }: FileSource,
  signal: AbortSignal,
): Promise<ReachSource> {
  const { objects } = await unlessAborted(
    signal,
    readObjects(path, KindCatalog.create()),
  );
  if (objects.length === 0) {
    throw new Failure(
      `${
        path === '-' ? 'standard input' : path
      } holds no objects of Kubernetes; give manifests, or what "kubectl get … -o json" wrote`,
    );
  }
  const model = Reachability.create(inputOfObjects(objects));
  const others = objects.filter(({ kind }) => OTHER_POLICIES.has(kind));
  return {
    model,
    routing: routingOfObjects(objects),
    notes: [
      ...(others.length > 0
        ? [
            `${others.length} policies of other kinds are not evaluated (${[
              ...new Set(others.map(({ kind }) => kind)),
            ].join(', ')})`,
          ]
        : []),
      ...model.invalid.map(
        ({ namespace, name, faults }) =>
          `NetworkPolicy ${namespace}/${name} is not applied: ${faults
            .map(({ field, message }) => `${field}: ${message}`)
            .join('; ')}`,
      ),
    ],
  };
}
