import { INGRESS_CLASS } from '../kinds/kindIds';
import { Evidence, PROBLEM_LEVELS } from '../kinds/status';
import {
  CausalGraph,
  CausalGraphNode,
  Dependency,
  isKind,
  isWell,
} from './causalGraph';
import { Explainer, Finding, called, namespaceFlag } from './finding';
import { nearName } from './nearName';
import { portsText } from './servicePorts';

/**
 * An Ingress suffers from the Services behind it, from a Service, certificate or class that does not exist, or from its
 * own wrong port (S080–S083).
 */
export const ingress: Explainer = (node, graph) => {
  if (!PROBLEM_LEVELS.has(node.verdict.level)) {
    return undefined;
  }
  const needed = graph.dependencies(node.key);
  const backends = needed.filter(({ node: other }) => isKind(other, 'Service'));
  const out = [
    ...backends
      .filter(({ node: other }) => isOut(other))
      .map(each => sufferingFrom(node, each)),
    ...(/has no port/.test(node.verdict.message ?? '')
      ? [wrongPort(node, backends)]
      : []),
  ];
  // A certificate or a class that is absent is not why nobody answers behind it.
  const found = out.length > 0 ? out : absent(node, needed, graph);
  if (found.length > 0) {
    return found;
  }
  if (node.verdict.reason === 'NoClass') {
    return [unclaimed(node, graph)];
  }
  const unwell = backends.filter(({ node: other }) => !isWell(other));
  return unwell.length > 0
    ? unwell.map(each => sufferingFrom(node, each))
    : undefined;
};

function absent(
  node: CausalGraphNode,
  needed: readonly Dependency[],
  graph: CausalGraph,
): Finding[] {
  const missing = needed.filter(
    ({ node: other, edge }) => isMissing(other) && edge.required,
  );
  return [
    ...missing
      .filter(({ node: other }) => isKind(other, 'Secret'))
      .map(each => sufferingFrom(node, each)),
    ...missing
      .filter(({ node: other }) => isKind(other, 'IngressClass'))
      .map(each => withoutClass(node, each, graph)),
  ];
}

function isOut({ verdict }: CausalGraphNode): boolean {
  return verdict.level === 'down' || verdict.level === 'missing';
}

function isMissing({ verdict }: CausalGraphNode): boolean {
  return verdict.level === 'missing';
}

function sufferingFrom(
  node: CausalGraphNode,
  { node: other, edge }: Dependency,
): Finding {
  const { message, reason } = node.verdict;
  const isSecret = isKind(other, 'Secret');
  return {
    type: 'dependency',
    on: other.key,
    edge,
    confidence: 'proven',
    says: isSecret
      ? `${called(node)} takes its certificate from ${called(
          other,
        )}: a default certificate is served.`
      : `${called(node)}: ${message ?? reason}.`,
    evidence: node.verdict.evidence,
  };
}

function withoutClass(
  node: CausalGraphNode,
  { node: wanted, edge }: Dependency,
  graph: CausalGraph,
): Finding {
  const classes = classNames(node, graph);
  return {
    type: 'dependency',
    on: wanted.key,
    edge,
    confidence: 'proven',
    says: `${called(node)} names class ${
      wanted.name
    }, which no controller claims${
      classes.length > 0 ? `; there are ${classes.join(', ')}` : ''
    }.`,
    evidence: [
      { source: 'field', field: 'spec.ingressClassName', value: wanted.name },
      ...existingClasses(classes),
    ],
  };
}

function classNames(node: CausalGraphNode, graph: CausalGraph): string[] {
  const known = graph.inventory({ cluster: node.cluster, kind: INGRESS_CLASS });
  return (known?.nodes ?? [])
    .filter(one => !isMissing(one))
    .map(({ name }) => name);
}

function existingClasses(names: readonly string[]): Evidence[] {
  return [
    {
      source: 'structure',
      field: 'IngressClasses',
      value: names.length > 0 ? names.join(', ') : 'none',
    },
  ];
}

/** It names no class, none is the default, and nobody gave it an address. */
function unclaimed(node: CausalGraphNode, graph: CausalGraph): Finding {
  const { evidence, since, message, reason } = node.verdict;
  const classes = classNames(node, graph);
  // Where there are no classes at all, a controller takes every Ingress, and on bare metal gives it no address (C13).
  if (classes.length === 0) {
    return { type: 'harmless' };
  }
  const all = [...evidence, ...existingClasses(classes)];
  return {
    type: 'root',
    confidence: 'likely',
    says: `${called(node)}: ${message ?? reason}.`,
    evidence: all,
    root: {
      node,
      fault: 'NoIngressClass',
      predicate: 'names no ingress class, and no controller has taken it',
      nextStep: `Name a class${
        classes.length > 0 ? ` (there are ${classes.join(', ')})` : ''
      }: kubectl patch ingress ${node.name}${namespaceFlag(
        node,
      )} --type=merge -p '{"spec":{"ingressClassName":"${
        classes[0] ?? '<class>'
      }"}}'`,
      evidence: all,
      since,
    },
  };
}

function wrongPort(
  node: CausalGraphNode,
  backends: readonly Dependency[],
): Finding {
  const { message, evidence, since } = node.verdict;
  const [, name, asked] =
    /Service (\S+) has no port ([^;\s]+)/.exec(message ?? '') ?? [];
  const backend = backends.find(one => one.node.name === name)?.node;
  const has = backend && portsText(backend);
  const near =
    backend && asked && nearName(asked, portNames(backend).filter(Boolean));
  const all: Evidence[] = [
    ...evidence,
    ...(has
      ? [
          {
            source: 'field' as const,
            field: `Service ${name} spec.ports`,
            value: has,
          },
        ]
      : []),
  ];
  return {
    type: 'root',
    confidence: 'proven',
    says: `${called(node)}: ${message}.`,
    evidence: all,
    root: {
      node,
      fault: 'BackendPortMissing',
      predicate: `sends to port ${asked ?? ''} of Service ${
        name ?? ''
      }, which has ${has ?? 'no such port'}`,
      nextStep: `Name ${
        near ? `port ${near}` : 'a port of the Service'
      } in the Ingress: kubectl edit ingress ${node.name}${namespaceFlag(
        node,
      )}`,
      evidence: all,
      since,
    },
  };
}

function portNames({ properties }: CausalGraphNode): string[] {
  const ports: unknown = properties.Ports;
  return Array.isArray(ports)
    ? ports.map(port => String((port as { Name?: unknown }).Name ?? ''))
    : [];
}

const UNANSWERED =
  /^(WebhookBackendDown|ServiceNotFound|MissingEndpoints|EndpointsNotFound|FailedDiscoveryCheck|BackendNotFound|MetricsUnavailable)$/;

/**
 * Whoever calls a Service, or an API that a Service answers, suffers when nobody answers there: webhook configurations,
 * API services, routes, autoscalers. Only of a verdict that says so: a route may be refused for other reasons.
 */
export const unanswered: Explainer = (node, graph) => {
  const { level, reason, message } = node.verdict;
  if (!PROBLEM_LEVELS.has(level) || !UNANSWERED.test(reason)) {
    return undefined;
  }
  const needed = graph
    .dependencies(node.key)
    .filter(
      ({ node: other, edge }) =>
        edge.required &&
        (isKind(other, 'Service') || isKind(other, 'APIService')) &&
        !isWell(other),
    );
  return needed.length === 0
    ? undefined
    : needed.map(({ node: callee, edge }) => ({
        type: 'dependency',
        on: callee.key,
        edge,
        confidence: 'proven',
        says: `${called(node)}: ${message ?? reason}.`,
        evidence: node.verdict.evidence,
      }));
};
