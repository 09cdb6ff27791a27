import { ANSWER_WITHIN, gatewayConditions, said } from './gatewayConditions';
import { KindId } from './identity';
import { KindDefinition, KubernetesObject } from './kindDefinition';
import {
  GATEWAY,
  GRPC_ROUTE,
  HTTP_ROUTE,
  kindType,
  LISTENER_SET,
  SERVICE,
  TCP_ROUTE,
  TLS_ROUTE,
  UDP_ROUTE,
  X_LISTENER_SET,
  sameKind,
} from './kindIds';
import { observation, ownVerdict, parseTime } from './metadata';
import { byObject, namedObject, relationTo } from './objectReference';
import { Json, Reference } from './observation';
import { Verdict } from './status';
import { fieldEvidence, until, verdict } from './verdict';

function routeKind(
  id: KindId,
  plural: string,
  version: string,
  readableVersions: readonly string[],
): KindDefinition {
  const type = kindType(id);
  return {
    id,
    type,
    version,
    readableVersions,
    plural,
    namespaced: true,
    observe(route, context) {
      const { spec = {} } = route;
      return observation(id, true, route, context, {
        properties: {
          Hostnames: spec.hostnames,
          Rules: (spec.rules ?? []).length,
        },
        verdict: ownVerdict(route, routeVerdict(route)),
        references: [
          ...parentReferences(type, route),
          ...backendReferences(type, route),
        ],
      });
    },
  };
}

export const httpRouteKind = routeKind(HTTP_ROUTE, 'httproutes', 'v1', [
  'v1beta1',
  'v1alpha2',
]);
export const grpcRouteKind = routeKind(GRPC_ROUTE, 'grpcroutes', 'v1', [
  'v1alpha2',
]);
export const tlsRouteKind = routeKind(TLS_ROUTE, 'tlsroutes', 'v1', [
  'v1alpha3',
  'v1alpha2',
]);
export const tcpRouteKind = routeKind(TCP_ROUTE, 'tcproutes', 'v1alpha2', [
  'v1',
]);
export const udpRouteKind = routeKind(UDP_ROUTE, 'udproutes', 'v1alpha2', [
  'v1',
]);

/** R087: the Gateway (or set of listeners) that it attaches to; R088: a Service, for traffic inside a mesh. */
function parentReferences(type: string, route: KubernetesObject): Reference[] {
  const { namespace } = route.metadata;
  const parents: any[] = route.spec?.parentRefs ?? [];
  const uses = parents.flatMap(field => {
    const other = namedObject(field, { ...GATEWAY, namespace });
    return other
      ? [{ other, section: field.sectionName, port: field.port }]
      : [];
  });
  return byObject(uses).map((group): Reference => {
    const [{ other }] = group;
    const isService = sameKind(other.kind, SERVICE);
    return {
      relation: isService
        ? `${type}-parentservice`
        : relationTo(type, other.kind, [GATEWAY, LISTENER_SET, X_LISTENER_SET]),
      end: 'source',
      other,
      required: true,
      details: details({
        sections: group.map(({ section }) => section),
        ports: group.map(({ port }) => port),
      }),
    };
  });
}

interface BackendUse {
  other: Reference['other'];
  port: unknown;
  weight: number;
  mirror: boolean;
}

/** R089: where its rules send to. A backend of weight 0 gets nothing, a mirror gets only a copy. */
function backendReferences(type: string, route: KubernetesObject): Reference[] {
  const { namespace } = route.metadata;
  const use = (field: any, mirror: boolean): BackendUse[] => {
    const other = namedObject(field, { ...SERVICE, namespace });
    return other
      ? [{ other, port: field.port, weight: field.weight ?? 1, mirror }]
      : [];
  };
  const rules: any[] = route.spec?.rules ?? [];
  const uses = rules.flatMap(rule => {
    const backends: any[] = rule.backendRefs ?? [];
    const filters: any[] = [
      ...(rule.filters ?? []),
      ...backends.flatMap(({ filters: own }) => own ?? []),
    ];
    return [
      ...backends.flatMap(field => use(field, false)),
      ...filters.flatMap(filter => use(filter.requestMirror?.backendRef, true)),
    ];
  });
  return byObject(uses).map(
    (group): Reference => ({
      relation: relationTo(type, group[0].other.kind, [SERVICE]),
      end: 'source',
      other: group[0].other,
      required: group.some(({ weight, mirror }) => weight > 0 && !mirror),
      details: details({
        ports: group.map(({ port }) => port),
        weights: group.filter(one => !one.mirror).map(({ weight }) => weight),
        mirror: group.some(({ mirror }) => mirror) ? [true] : [],
      }),
    }),
  );
}

/** Lists without what is absent, each value once; no empty lists. */
function details(lists: {
  [name: string]: readonly unknown[];
}): { [name: string]: Json } | undefined {
  const filled = Object.entries(lists).flatMap(([name, values]) => {
    const distinct = [...new Set(values)].filter(one => one !== undefined);
    return distinct.length > 0 ? [[name, distinct as Json[]] as const] : [];
  });
  return filled.length > 0 ? Object.fromEntries(filled) : undefined;
}

/**
 * H093, H094: what its parents say of it. Not accepted by any of them is down. An unresolved backend is down where it
 * is the only one: with others beside it, only their share of the requests fails.
 */
function routeVerdict(route: KubernetesObject): Verdict {
  const { metadata, status } = route;
  const parents: any[] = status?.parents ?? [];
  if (parents.length === 0) {
    return unansweredVerdict(route);
  }
  const found = parents.map(parent =>
    parentVerdict(parent, metadata.generation),
  );
  const bad = found.flatMap(one => one ?? []);
  if (bad.length === 0) {
    return verdict('ok', 'Accepted');
  }
  const all = bad.length === found.length;
  const [first] = bad;
  const partly = first.reason !== 'RouteNotAccepted' && backendCount(route) > 1;
  return {
    ...first,
    level: all && !partly ? 'down' : 'degraded',
    evidence: bad.slice(0, 5).flatMap(({ evidence }) => evidence),
  };
}

function parentVerdict(
  parent: { parentRef?: any; conditions?: unknown },
  generation: unknown,
): Verdict | undefined {
  const conditions = gatewayConditions(parent.conditions, generation);
  const who = `parent ${parent.parentRef?.name}`;
  const accepted = conditions.get('Accepted');
  if (accepted?.status === 'False') {
    return said('degraded', 'RouteNotAccepted', 'H093', accepted, who);
  }
  const resolved = conditions.get('ResolvedRefs');
  if (resolved?.status === 'False') {
    const reason = resolved.reason ?? 'BackendNotFound';
    return said('degraded', reason, 'H093', resolved, who);
  }
  const partly = conditions.get('PartiallyInvalid');
  return partly?.status === 'True'
    ? said('degraded', 'PartiallyInvalid', 'H093', partly, who)
    : undefined;
}

function backendCount({ spec }: KubernetesObject): number {
  const rules: any[] = spec?.rules ?? [];
  return rules.reduce((sum, rule) => sum + (rule.backendRefs?.length ?? 0), 0);
}

function unansweredVerdict({ metadata, spec }: KubernetesObject): Verdict {
  const createdAt = parseTime(metadata.creationTimestamp);
  if ((spec?.parentRefs ?? []).length === 0) {
    return verdict('idle', 'NoParent', {
      rule: 'H094',
      message: 'it names no parent: nobody is asked to serve it',
      evidence: [fieldEvidence('spec.parentRefs', undefined)],
    });
  }
  const found = {
    rule: 'H094',
    message: 'no controller has accepted it',
    since: createdAt,
    evidence: [fieldEvidence('status.parents', undefined)],
  };
  return until(
    (createdAt ?? 0) + ANSWER_WITHIN,
    verdict('progressing', 'NoControllerAccepted', found),
    verdict('degraded', 'NoControllerAccepted', found),
  );
}
