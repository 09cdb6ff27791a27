import { driverReference } from './csiDriver';
import { ContextNode, KindDefinition, Neighbours } from './kindDefinition';
import { CSI_NODE, NODE } from './kindIds';
import { existenceVerdict, observation } from './metadata';
import { Json } from './observation';
import { Verdict } from './status';
import { until, verdict } from './verdict';

/** Drivers register one after the other when a node starts. */
const REGISTRATION = 5 * 60_000;

export const csiNodeKind: KindDefinition = {
  id: CSI_NODE,
  type: 'csinode',
  version: 'v1',
  plural: 'csinodes',
  namespaced: false,
  observe(node, context) {
    const drivers: any[] = node.spec?.drivers ?? [];
    return observation(CSI_NODE, false, node, context, {
      properties: {
        Drivers: drivers.map(({ name }) => String(name)),
        Limits: limitsOf(drivers),
      },
      verdict: existenceVerdict(node),
      facts: { drivers: drivers.map(({ name }) => String(name)) },
      references: [
        {
          relation: 'csinode-node',
          end: 'source',
          other: { kind: NODE, namespace: '', name: node.metadata.name },
          required: true,
        },
        ...drivers.flatMap(driver =>
          driverReference('csinode-csidriver', driver.name, detailsOf(driver)),
        ),
      ],
      // Its owner is the node that it is named like.
      owners: [],
    });
  },
  contextRelations: ['volumeattachment-csinode', 'csinode-node'],
  judgeInContext,
};

/** How many volumes of each driver the node may have, where the driver says so. */
function limitsOf(
  drivers: readonly any[],
): { [driver: string]: Json } | undefined {
  const limits = drivers.flatMap(({ name, allocatable }) =>
    allocatable?.count === undefined
      ? []
      : [[String(name), Number(allocatable.count)] as const],
  );
  return limits.length > 0 ? Object.fromEntries(limits) : undefined;
}

function detailsOf(driver: any): { [name: string]: Json } {
  const { nodeID, allocatable } = driver;
  return {
    ...(nodeID === undefined ? {} : { nodeId: String(nodeID) }),
    ...(allocatable?.count === undefined
      ? {}
      : { most: Number(allocatable.count) }),
  };
}

/**
 * H113. That other nodes have a driver which this one lacks is no fault: drivers may run on some nodes only. It is one
 * when a volume of that driver is to be attached here.
 */
function judgeInContext(
  node: ContextNode,
  neighbours: Neighbours,
  now: number,
): Verdict | undefined {
  const registered: string[] = node.facts.drivers ?? [];
  const [machine] = neighbours('csinode-node', 'out');
  if (node.own.level !== 'ok' || machine?.facts.ready !== 'True') {
    return undefined;
  }
  const missed = neighbours('volumeattachment-csinode', 'in').filter(
    ({ facts }) => facts.attacher && !registered.includes(facts.attacher),
  );
  if (missed.length === 0) {
    return undefined;
  }
  const waiting = missed.reduce((first, one) =>
    (one.createdAt ?? 0) < (first.createdAt ?? 0) ? one : first,
  );
  const since = waiting.createdAt ?? now;
  const found = verdict('degraded', 'DriverNotRegistered', {
    rule: 'H113',
    message: `the driver ${waiting.facts.attacher} is not registered on this node, and a volume of it is to be attached here`,
    since,
    evidence: [
      {
        source: 'structure',
        field: 'spec.drivers[].name',
        value: registered.join(', ') || 'none',
      },
      {
        source: 'structure',
        field: waiting.key,
        value: waiting.facts.attacher,
      },
    ],
  });
  return until(since + REGISTRATION, node.own, found);
}
