import { KindId, nodeKey } from '../kinds/identity';
import {
  DAEMON_SET,
  DEPLOYMENT,
  HORIZONTAL_POD_AUTOSCALER,
  POD,
  REPLICA_SET,
  REPLICATION_CONTROLLER,
  STATEFUL_SET,
} from '../kinds/kindIds';
import { Evidence } from '../kinds/status';
import { CausalGraph, CausalGraphNode } from './causalGraph';
import { Explainer, Finding, called, namespaceFlag } from './finding';
import { edgeBetween } from './namedObject';
import { templateCarrier } from './templateCarrier';
import { templateChange, withChange } from './templateChange';

const SCALED: readonly KindId[] = [
  DEPLOYMENT,
  STATEFUL_SET,
  DAEMON_SET,
  REPLICA_SET,
  REPLICATION_CONTROLLER,
];

/** An autoscaler that says itself what keeps it from scaling (S121–S125); the metrics API behind it is followed by others. */
export const autoscaler: Explainer = (node, graph) => {
  const { message = '', reason } = node.verdict;
  const request =
    /missing request for (\S+)(?: in container (\S+))?(?: of Pod (\S+))?/.exec(
      message,
    );
  if (request) {
    return requestMissing(node, graph, {
      resource: request[1],
      container: request[2],
      pod: request[3],
    });
  }
  const several =
    /(?:pods by selector (.+?) are )?controlled by multiple HPAs: \[([^\]]+)\]/.exec(
      message,
    );
  if (several) {
    return overlapping(node, graph, several[1], several[2].split(/[\s,]+/));
  }
  if (reason === 'FailedGetScale') {
    return targetMissing(node, graph, message);
  }
  if (reason === 'CannotReachDesired' || reason === 'Rescaling') {
    return fought(node, graph);
  }
  return reason === 'MaxedOut' ? [atMaximum(node)] : undefined;
};

/** What it scales, also where that is well. */
function targetOf(
  node: CausalGraphNode,
  graph: CausalGraph,
): CausalGraphNode | undefined {
  const [kind, name] = String(node.properties.Target ?? '').split('/');
  const id = SCALED.find(one => one.kind === kind);
  return id && name
    ? graph.reach(
        nodeKey({
          cluster: node.cluster,
          kind: id,
          namespace: node.namespace,
          name,
        }),
      )
    : undefined;
}

/** S121: a percentage of a request that a container does not have. */
function requestMissing(
  node: CausalGraphNode,
  graph: CausalGraph,
  named: { resource: string; container?: string; pod?: string },
): Finding[] | undefined {
  const { resource, container, pod: podName } = named;
  const pod =
    podName === undefined
      ? undefined
      : graph.reach(
          nodeKey({
            cluster: node.cluster,
            kind: POD,
            namespace: node.namespace,
            name: podName,
          }),
        );
  const root =
    targetOf(node, graph) ??
    (pod && templateCarrier(pod, graph, 'may be well').node);
  if (!root) {
    return undefined;
  }
  const { evidence, since } = node.verdict;
  const of = container ? `container ${container}` : 'a container';
  const finding: Finding = {
    type: 'root',
    confidence: 'proven',
    says: `${called(
      node,
    )} cannot compute how many replicas are needed; it leaves them as they are.`,
    evidence,
    quote: { who: 'the autoscaler', text: node.verdict.message! },
    rootEdge: edgeBetween(graph, node, root.key),
    root: {
      node: root,
      fault: 'RequestMissing',
      predicate: `has no request for ${resource} in ${of}, and the autoscaler ${node.name} goes by it`,
      nextStep: `Set resources.requests.${resource} of ${of} in its pod template: kubectl set resources ${root.kind.kind.toLowerCase()}/${
        root.name
      }${namespaceFlag(root)}${
        container ? ` -c ${container}` : ''
      } --requests=${resource}=<amount>`,
      evidence: [
        {
          source: 'absence',
          field: `resources.requests.${resource}`,
          value: `${of}: absent`,
        },
      ],
      since,
    },
  };
  return [
    pod
      ? withChange(finding, {
          change: templateChange(pod, graph),
          fields: new RegExp(`\\.requests\\.${resource}$`),
        })
      : finding,
  ];
}

/** S125: the younger one came on top. */
function overlapping(
  node: CausalGraphNode,
  graph: CausalGraph,
  selector: string | undefined,
  names: readonly string[],
): Finding[] | undefined {
  const all = names.flatMap(text => {
    const [namespace, name] = text.split('/');
    return name === undefined
      ? []
      : graph.reach(
          nodeKey({
            cluster: node.cluster,
            kind: HORIZONTAL_POD_AUTOSCALER,
            namespace,
            name,
          }),
        ) ?? [];
  });
  if (all.length < 2) {
    return undefined;
  }
  const root = all.reduce((a, b) =>
    (b.createdAt ?? 0) > (a.createdAt ?? 0) ? b : a,
  );
  const others = all.filter(({ key }) => key !== root.key);
  return [
    {
      type: 'root',
      confidence: 'proven',
      says: `${called(
        node,
      )} does nothing while another one scales the same pods.`,
      evidence: node.verdict.evidence,
      quote: { who: 'the autoscaler', text: node.verdict.message! },
      root: {
        node: root,
        fault: 'AutoscalersOverlap',
        predicate: `scales the same pods${
          selector ? ` (${selector})` : ''
        } as ${others.map(called).join(' and ')}: none of them acts`,
        nextStep: `Keep one of them: kubectl delete hpa ${
          root.name
        }${namespaceFlag(root)}, which is the younger one`,
        evidence: [
          {
            source: 'structure',
            field: 'autoscalers of the same pods',
            value: names.join(', '),
          },
        ],
        since: root.createdAt,
      },
    },
  ];
}

/** S122: the target is not there; a complete list says so, too. */
function targetMissing(
  node: CausalGraphNode,
  graph: CausalGraph,
  message: string,
): Finding[] | undefined {
  const absent = graph
    .dependencies(node.key)
    .find(
      ({ node: other, edge }) =>
        edge.required &&
        other.verdict.level === 'missing' &&
        message.includes(`"${other.name}" not found`),
    );
  return (
    absent && [
      {
        type: 'dependency',
        on: absent.node.key,
        edge: absent.edge,
        confidence: 'proven',
        says: `${called(node)} is to scale ${called(absent.node)}.`,
        evidence: node.verdict.evidence,
        quote: { who: 'the autoscaler', text: message },
      },
    ]
  );
}

const NEW_SIZE = /^New size: (\d+)/;
/** So often in the time that events are kept: once is a scaling, the same size again and again is a fight. */
const OFTEN = 3;

/**
 * S124: it asks for the same number of replicas again and again, so that somebody sets them back each time. Who does it
 * is in no event.
 */
function fought(
  node: CausalGraphNode,
  graph: CausalGraph,
): Finding[] | undefined {
  const target = targetOf(node, graph);
  const { CurrentReplicas: current } = node.properties;
  const asked = graph.events(node.key).flatMap(({ reason, message, count }) => {
    const size = NEW_SIZE.exec(message)?.[1];
    return reason === 'SuccessfulRescale' && size && count >= OFTEN
      ? [{ size: Number(size), count }]
      : [];
  })[0];
  if (!target || !asked || asked.size === current) {
    return undefined;
  }
  return [
    {
      type: 'root',
      confidence: 'likely',
      says: `${called(node)} asks for ${
        asked.size
      } replicas, and there are ${current}.`,
      evidence: node.verdict.evidence,
      rootEdge: edgeBetween(graph, node, target.key),
      root: {
        node: target,
        fault: 'ReplicasFought',
        predicate: `was scaled to ${asked.size} replicas by its autoscaler ${asked.count} times and is back at ${current} each time: somebody else sets spec.replicas, too`,
        nextStep: `Take replicas out of what is applied (Git, Helm), or the autoscaler away. Who set it last: kubectl get ${target.kind.kind.toLowerCase()} ${
          target.name
        }${namespaceFlag(target)} -o yaml --show-managed-fields`,
        evidence: [
          {
            source: 'event',
            field: 'SuccessfulRescale',
            value: `New size: ${asked.size}, ${asked.count} times`,
          },
          ...graph
            .events(target.key)
            .filter(({ reason }) => reason === 'ScalingReplicaSet')
            .slice(0, 1)
            .map(
              ({ message, count }): Evidence => ({
                source: 'event',
                field: 'ScalingReplicaSet',
                value: `${message} (${count} times)`,
              }),
            ),
        ],
        since: node.verdict.since,
      },
    },
  ];
}

/** S123: it would scale further. Whether the bound or the load is wrong is not in the API. */
function atMaximum(node: CausalGraphNode): Finding {
  const { evidence, since, message } = node.verdict;
  const { MaxReplicas } = node.properties;
  return {
    type: 'root',
    confidence: 'likely',
    says: `${called(node)} asks for more replicas than it may.`,
    evidence,
    root: {
      node,
      fault: 'MaxedOut',
      predicate: `is at its maximum of ${MaxReplicas} replicas, and the load asks for more`,
      nextStep: `Raise maxReplicas if there is room, or find out where the load is from: kubectl describe hpa ${
        node.name
      }${namespaceFlag(node)}`,
      evidence,
      quote: message ? { who: 'the autoscaler', text: message } : undefined,
      since,
    },
  };
}
