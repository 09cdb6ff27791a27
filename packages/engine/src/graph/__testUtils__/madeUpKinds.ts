import { KindId, kindText, nodeKey } from '../../kinds/identity';
import {
  ContextNode,
  KindDefinition,
  Neighbours,
} from '../../kinds/kindDefinition';
import { Observation } from '../../kinds/observation';
import { Relation } from '../../kinds/relation';
import { Verdict } from '../../kinds/status';

/**
 * Kinds that Kubernetes does not have: the graph must not know what a pod is. Widgets have pieces, read configs, are
 * made by makers and plugged into plugs; gates select widgets and are as well as these are; doors hang on gates.
 */
export const NAMESPACE: KindId = { group: '', kind: 'Namespace' };
export const EVENT: KindId = { group: '', kind: 'Event' };
export const WIDGET: KindId = { group: 'made.up', kind: 'Widget' };
export const PIECE: KindId = { group: '', kind: 'Piece' };
export const GATE: KindId = { group: 'made.up', kind: 'Gate' };
export const DOOR: KindId = { group: 'made.up', kind: 'Door' };
export const CONFIG: KindId = { group: '', kind: 'Config' };
export const MAKER: KindId = { group: 'made.up', kind: 'Maker' };
export const PLUG: KindId = { group: '', kind: 'Plug' };
/** Referred to, but not watched. */
export const STRANGER: KindId = { group: 'elsewhere', kind: 'Stranger' };

function relation(
  name: string,
  relationClass: Relation['class'],
  relationType = name.split('-')[0],
): Relation {
  return {
    name,
    relationType,
    class: relationClass,
    rules: [],
    suffers: 'source',
    strength: 'hard',
    bitesAt: [],
  };
}

export const RELATIONS: readonly Relation[] = [
  relation('cluster-namespace', 'ownership', 'ownership'),
  relation('cluster-plug', 'ownership', 'ownership'),
  relation('namespace-object', 'ownership', 'ownership'),
  relation('widget-piece', 'ownership', 'ownership'),
  relation('maker-widget', 'control'),
  relation('owner', 'control'),
  relation('widget-config', 'config'),
  relation('plug-widget', 'scheduling'),
  relation('widget-stranger', 'identity'),
  relation('gate-widget', 'routing'),
  relation('widget-gate', 'policy'),
  relation('door-gate', 'routing'),
];

export function relationNamed(name: string): Relation {
  return RELATIONS.find(each => each.name === name)!;
}

export function ownerRelation(owner: KindId, owned: KindId): Relation {
  return relationNamed(
    kindText(owner) === kindText(MAKER) && kindText(owned) === kindText(WIDGET)
      ? 'maker-widget'
      : 'owner',
  );
}

export function verdict(
  level: Verdict['level'],
  reason: string,
  sequel?: Verdict['sequel'],
): Verdict {
  return sequel
    ? { level, reason, evidence: [], sequel }
    : { level, reason, evidence: [] };
}

function kind(
  id: KindId,
  namespaced: boolean,
  rest: Partial<KindDefinition> = {},
): KindDefinition {
  return {
    id,
    type: id.kind.toLowerCase(),
    version: 'v1',
    plural: `${id.kind.toLowerCase()}s`,
    namespaced,
    observe: () => {
      throw new Error('The tests observe themselves');
    },
    ...rest,
  };
}

/** A gate is down when all its widgets are, degraded when some are, or when a door of it is locked. */
function judgeGate(
  node: ContextNode,
  neighbours: Neighbours,
  now: number,
): Verdict | undefined {
  if (node.own.level === 'down') {
    return undefined;
  }
  const widgets = neighbours('gate-widget', 'out');
  const down = widgets.filter(
    widget => widget.level === 'down' || widget.facts.broken === true,
  );
  if (widgets.length > 0 && down.length === widgets.length) {
    const since = Math.max(...down.map(widget => widget.createdAt ?? 0));
    const late = verdict('down', `AllDownSince${since}`);
    return now >= since + 40
      ? late
      : verdict('progressing', 'Waiting', { at: since + 40, verdict: late });
  }
  const locked = neighbours('door-gate', 'in').find(
    door => door.level === 'down',
  );
  if (down.length > 0 || locked) {
    return verdict('degraded', `${down[0]?.key} ${locked?.key}`);
  }
  return undefined;
}

/** A door suffers from its gates; as gates look at doors too, this is a cycle. */
function judgeDoor(
  _node: ContextNode,
  neighbours: Neighbours,
): Verdict | undefined {
  const gates = neighbours('door-gate', 'out');
  const bad = gates.find(
    gate => !['ok', 'unknown', 'progressing'].includes(gate.level),
  );
  return bad && verdict('down', `${bad.key} is ${bad.level}`);
}

export const KINDS: readonly KindDefinition[] = [
  kind(NAMESPACE, false),
  kind(EVENT, true),
  kind(WIDGET, true, {
    eventRules: [
      {
        rule: 'X1',
        eventReasons: ['Jammed'],
        when: { levels: ['progressing'], reasons: ['Waiting'] },
        level: 'down',
        reason: 'Jammed',
        after: { count: 3, lasting: 30 },
      },
      {
        rule: 'X2',
        eventReasons: ['HelpComes'],
        when: { levels: ['down'] },
        level: 'progressing',
        reason: 'HelpComes',
        within: 25,
      },
    ],
  }),
  kind(PIECE, true, { plural: '' }),
  kind(GATE, true, {
    contextRelations: ['gate-widget', 'door-gate'],
    judgeInContext: judgeGate,
  }),
  kind(DOOR, true, {
    contextRelations: ['door-gate'],
    judgeInContext: judgeDoor,
  }),
  kind(CONFIG, true),
  kind(MAKER, true),
  kind(PLUG, false),
];

export const CLUSTER_NAME = 'demo';

/** An object of a made-up kind; namespaced ones are in their namespace, the others in the cluster. */
export function object(
  id: KindId,
  namespace: string,
  name: string,
  rest: Partial<Observation> = {},
): Observation {
  const isCluster = namespace === '';
  return {
    type: 'object',
    key: nodeKey({ cluster: CLUSTER_NAME, kind: id, namespace, name }),
    cluster: CLUSTER_NAME,
    kind: id,
    namespace,
    name,
    uid: `uid-${id.kind}-${namespace}-${name}`,
    labels: {},
    properties: {},
    verdict: verdict('ok', 'Exists'),
    owners: [],
    selectors: [],
    parts: [],
    ...rest,
    references: [
      ...(rest.references ?? []),
      {
        relation: isCluster
          ? `cluster-${id.kind.toLowerCase()}`
          : 'namespace-object',
        end: 'target',
        other: isCluster
          ? {
              kind: { group: '', kind: 'Cluster' },
              namespace: '',
              name: CLUSTER_NAME,
            }
          : { kind: NAMESPACE, namespace: '', name: namespace },
        required: true,
      },
    ],
  };
}

/** A part of a widget: it has no uid and is contained in nothing but its whole. */
export function piece(
  namespace: string,
  widget: string,
  name: string,
  rest: Partial<Observation> = {},
): Observation {
  return {
    type: 'object',
    key: nodeKey({
      cluster: CLUSTER_NAME,
      kind: PIECE,
      namespace,
      name: `${widget}/${name}`,
    }),
    cluster: CLUSTER_NAME,
    kind: PIECE,
    namespace,
    name,
    labels: {},
    properties: {},
    verdict: verdict('ok', 'Fits'),
    owners: [],
    selectors: [],
    parts: [],
    ...rest,
    references: [
      ...(rest.references ?? []),
      {
        relation: 'widget-piece',
        end: 'target',
        other: { kind: WIDGET, namespace, name: widget },
        required: true,
      },
    ],
  };
}
