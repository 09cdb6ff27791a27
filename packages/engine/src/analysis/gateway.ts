import { PROBLEM_LEVELS } from '../kinds/status';
import {
  CausalGraph,
  CausalGraphNode,
  Dependency,
  isKind,
  isWell,
} from './causalGraph';
import {
  Explainer,
  Finding,
  RootFinding,
  called,
  namespaceFlag,
} from './finding';
import { unanswered } from './ingress';

/** A root in its controller's words. */
function itself(
  node: CausalGraphNode,
  parts: {
    fault: string;
    predicate: string;
    nextStep: string;
    confidence: RootFinding['confidence'];
  },
): RootFinding {
  const { message, reason, evidence, since } = node.verdict;
  const { confidence, ...root } = parts;
  return {
    type: 'root',
    confidence,
    says: `${called(node)}: ${message ?? reason}.`,
    evidence,
    root: {
      node,
      ...root,
      evidence,
      quote: message ? { who: 'its controller', text: message } : undefined,
      since,
    },
  };
}

function suffersFrom(
  node: CausalGraphNode,
  { node: other, edge }: Dependency,
  confidence: RootFinding['confidence'],
): Finding {
  return {
    type: 'dependency',
    on: other.key,
    edge,
    weighed: true,
    confidence,
    says: `${called(node)}: ${node.verdict.message ?? node.verdict.reason}.`,
    evidence: node.verdict.evidence,
  };
}

/** A route that its Gateway does not take, or whose backends cannot be reached (S084–S086). */
export const gatewayRoute: Explainer = (node, graph) => {
  const { level, reason } = node.verdict;
  if (!PROBLEM_LEVELS.has(level)) {
    return undefined;
  }
  switch (reason) {
    case 'RouteNotAccepted':
      return [notAccepted(node, graph)];
    case 'RefNotPermitted':
      return [notPermitted(node, graph)];
    case 'NoControllerAccepted':
      return unwellParents(node, graph) ?? [unheard(node)];
    default:
      return unanswered(node, graph) ?? [refusedReference(node)];
  }
};

function parents(node: CausalGraphNode, graph: CausalGraph): Dependency[] {
  return graph
    .dependencies(node.key)
    .filter(({ node: other }) => isKind(other, 'Gateway'));
}

function unwellParents(
  node: CausalGraphNode,
  graph: CausalGraph,
): Finding[] | undefined {
  const unwell = parents(node, graph).filter(({ node: one }) => !isWell(one));
  return unwell.length > 0
    ? unwell.map(each => suffersFrom(node, each, 'proven'))
    : undefined;
}

function notAccepted(node: CausalGraphNode, graph: CausalGraph): Finding {
  const text = node.verdict.evidence.map(({ value }) => value).join(' ');
  const [parent] = parents(node, graph);
  if (!text.includes('NotAllowedByListeners') || !parent) {
    return itself(node, {
      fault: 'RouteNotAccepted',
      confidence: 'proven',
      predicate: 'is not taken by its parent',
      nextStep: `Compare parentRefs (name, sectionName, port) and hostnames with the Gateway's listeners: kubectl get gateway${namespaceFlag(
        parent?.node ?? node,
      )} ${parent?.node.name ?? ''} -o yaml`,
    });
  }
  const { message, evidence, since } = node.verdict;
  return {
    type: 'root',
    confidence: 'proven',
    says: `${called(node)} in namespace ${
      node.namespace
    } is not taken by any listener of ${called(parent.node)}.`,
    evidence,
    rootEdge: parent.edge,
    root: {
      node: parent.node,
      fault: 'ListenerRefusesRoute',
      predicate: `has no listener that takes routes of namespace ${node.namespace} (allowedRoutes)`,
      nextStep: `Allow the namespace in spec.listeners[].allowedRoutes.namespaces: kubectl edit gateway ${
        parent.node.name
      }${namespaceFlag(parent.node)}, or move the route`,
      evidence,
      quote: message ? { who: 'the Gateway', text: message } : undefined,
      since,
    },
  };
}

function notPermitted(node: CausalGraphNode, graph: CausalGraph): Finding {
  const backend = graph
    .dependencies(node.key)
    .map(({ node: other }) => other)
    .find(
      other => isKind(other, 'Service') && other.namespace !== node.namespace,
    );
  const namespace = backend?.namespace ?? 'of the backend';
  return itself(node, {
    fault: 'ReferenceGrantMissing',
    confidence: 'proven',
    predicate: `refers to ${
      backend ? called(backend) : 'a backend'
    } of namespace ${namespace}, and no ReferenceGrant there allows it`,
    nextStep: `Create a ReferenceGrant in namespace ${namespace}: from ${
      node.kind.kind
    } of namespace ${node.namespace} to Service${
      backend ? ` ${backend.name}` : ''
    }`,
  });
}

function unheard(node: CausalGraphNode): Finding {
  return itself(node, {
    fault: 'NoControllerAccepted',
    confidence: 'likely',
    predicate: 'has been accepted by no controller',
    nextStep: `Check that its parent exists and that its controller runs: kubectl describe ${node.kind.kind.toLowerCase()} ${
      node.name
    }${namespaceFlag(node)}`,
  });
}

function refusedReference(node: CausalGraphNode): Finding {
  return itself(node, {
    fault: node.verdict.reason,
    confidence: 'proven',
    predicate: 'names a backend that its Gateway cannot use',
    nextStep: `Correct backendRefs as the message says: kubectl edit ${node.kind.kind.toLowerCase()} ${
      node.name
    }${namespaceFlag(node)}`,
  });
}

/** A Gateway suffers from its class, its certificates and what was made for it; else it says itself what is wrong (S100). */
export const gateway: Explainer = (node, graph) => {
  if (!PROBLEM_LEVELS.has(node.verdict.level)) {
    return undefined;
  }
  const needed = graph.dependencies(node.key);
  const troubled = needed.filter(
    ({ node: other }) =>
      isKind(other, 'GatewayClass', 'Deployment', 'Service') && !isWell(other),
  );
  const absent = needed.filter(
    ({ node: other, edge }) =>
      isKind(other, 'Secret', 'ConfigMap') &&
      edge.required &&
      other.verdict.level === 'missing',
  );
  const found = [
    ...troubled.map(each => suffersFrom(node, each, 'proven')),
    ...absent.map(each => suffersFrom(node, each, 'proven')),
  ];
  return found.length > 0
    ? found
    : [
        itself(node, {
          fault: node.verdict.reason,
          confidence: 'likely',
          predicate: `reports ${node.verdict.reason}`,
          nextStep: `Correct what its controller says of it: kubectl describe gateway ${
            node.name
          }${namespaceFlag(node)}`,
        }),
      ];
};

/** A class whose controller does not run, or that it has refused (S087). */
export const gatewayClass: Explainer = (node, graph) => {
  if (!PROBLEM_LEVELS.has(node.verdict.level)) {
    return undefined;
  }
  const controllers = graph
    .dependencies(node.key)
    .filter(({ node: other }) => isKind(other, 'Deployment', 'DaemonSet'));
  const stopped = controllers.filter(
    ({ node: other }) => !isWell(other) || other.verdict.level === 'idle',
  );
  if (stopped.length > 0) {
    return stopped.map(each => suffersFrom(node, each, 'likely'));
  }
  const controller = String(node.properties.Controller ?? '');
  const isRefused = node.verdict.evidence.some(({ value }) =>
    value.startsWith('False'),
  );
  return [
    itself(node, {
      fault: isRefused ? 'ClassRefused' : 'NoController',
      confidence: isRefused ? 'proven' : 'likely',
      predicate: isRefused
        ? `is refused by its controller ${controller}`
        : `names controller ${controller}, and none has accepted it`,
      nextStep: isRefused
        ? `Correct what the controller says of it: kubectl describe gatewayclass ${node.name}`
        : `Check that the controller ${controller} is installed and runs, or correct spec.controllerName`,
    }),
  ];
};
