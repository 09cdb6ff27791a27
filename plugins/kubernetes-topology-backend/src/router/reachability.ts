import { InputError, NotFoundError } from '@backstage/errors';
import {
  AskedPort,
  ClusterReachability,
  EndName,
  governedPods,
  isNetworkPolicy,
  KubernetesObject,
  parseAskedPort,
  podMatrix,
  policyChange,
  PolicyChange,
  ReachQuestionError,
  reachReport,
  routePath,
  workloadConnections,
} from '@kubernetes-topology/engine';
import type { Request, Router } from 'express';
import { bodyOf, queryOf } from './input';
import { RouteServices } from './routeServices';

/** Pods of a matrix in one answer: a million cells a port. */
const MATRIX_PODS = 1_000;
const CONNECTIONS = 10_000;

interface Named {
  cluster: string;
  namespace: string;
  name: string;
}

/**
 * `/reach…`: what network policies let through, among the objects that the asker may see. Where policies may be hidden
 * from them the answer is `unknown`, never `allowed`; `partial` says what is left out.
 */
export function addReachability(
  router: Router,
  { access, topology }: RouteServices,
): void {
  const seen = async (
    request: Request,
    cluster: string,
  ): Promise<ClusterReachability> => {
    const { filter } = await access.reader(request);
    const found = await topology.reachability(cluster, { filter });
    if (!found) {
      throw new NotFoundError(`There is no cluster ${cluster}`);
    }
    return found;
  };

  router.post('/reach', async (request, response) => {
    const { cluster, from, to, port } = bodyOf<{
      cluster: string;
      from: EndName;
      to: EndName;
      port?: string;
    }>(request);
    assertNamed(from, 'from');
    assertNamed(to, 'to');
    const { model, routing, partial } = await seen(request, cluster);
    const asked = port === undefined ? {} : { port: portOf(port) };
    response.json({
      ...asking(() => reachReport(model, routing, { from, to, ...asked })),
      partial,
    });
  });

  router.post('/reach/matrix', async (request, response) => {
    const { cluster, namespace, ports } = bodyOf<{
      cluster: string;
      namespace?: string;
      ports: string[];
    }>(request);
    const { model, partial } = await seen(request, cluster);
    const pods = model.pods.flatMap((pod, index) =>
      namespace === undefined || pod.namespace === namespace ? [index] : [],
    );
    if (pods.length > MATRIX_PODS) {
      throw new InputError(
        `A matrix of ${pods.length} pods is too large (at most ${MATRIX_PODS}): ask for one namespace, or for /reach/connections`,
      );
    }
    response.json({ ...podMatrix(model, ports.map(portOf), pods), partial });
  });

  router.post('/reach/connections', async (request, response) => {
    const { cluster, namespace } = bodyOf<{
      cluster: string;
      namespace?: string;
    }>(request);
    const { model, partial } = await seen(request, cluster);
    response.json({
      ...workloadConnections(model, {
        limit: CONNECTIONS,
        ...(namespace !== undefined && {
          concerns: end => end.namespace === namespace,
        }),
      }),
      partial,
    });
  });

  router.post('/reach/change', async (request, response) => {
    const { cluster, ...change } = bodyOf<
      { cluster: string } & Omit<PolicyChange, 'apply'> & {
          apply?: KubernetesObject[];
        }
    >(request);
    if (!(change.apply ?? []).every(isNetworkPolicy)) {
      throw new InputError('apply: expected NetworkPolicy objects');
    }
    const { model, partial } = await seen(request, cluster);
    response.json({ ...policyChange(model, change), partial });
  });

  router.get('/reach/policy', async (request, response) => {
    const { cluster, ...policy } = queryOf<Named>(request);
    const { model, partial } = await seen(request, cluster);
    const governed = governedPods(model, policy);
    if (!governed) {
      throw notVisible('NetworkPolicy', policy);
    }
    response.json({ ...governed, partial });
  });

  router.get('/reach/route', async (request, response) => {
    const { cluster, ...route } = queryOf<Named & { kind?: string }>(request);
    const { model, routing, partial } = await seen(request, cluster);
    const path = routePath(model, routing, route);
    if (!path) {
      throw notVisible(route.kind ?? 'Ingress', route);
    }
    response.json({ ...path, partial });
  });
}

const NEEDED: Record<EndName['type'], readonly string[]> = {
  pod: ['namespace', 'name'],
  service: ['namespace', 'name'],
  workload: ['namespace', 'name'],
  namespace: ['name'],
  addresses: ['text'],
  outside: [],
};

function assertNamed(end: EndName, where: string): void {
  const missing = NEEDED[end.type].filter(field => !(field in end));
  if (missing.length > 0) {
    throw new InputError(
      `${where}: a ${end.type} needs ${missing.join(' and ')}`,
    );
  }
}

function portOf(text: string): AskedPort {
  try {
    return parseAskedPort(text);
  } catch (error) {
    throw new InputError((error as Error).message);
  }
}

/** A question that cannot be answered as it was asked is the asker's. */
function asking<T>(ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    throw error instanceof ReachQuestionError
      ? new InputError(error.message)
      : error;
  }
}

function notVisible(
  kind: string,
  { namespace, name }: { namespace: string; name: string },
): NotFoundError {
  return new NotFoundError(
    `There is no ${kind} ${namespace}/${name} that you may see`,
  );
}
