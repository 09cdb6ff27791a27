import {
  ClusterSimulator,
  KubernetesObject,
} from '@kubernetes-topology/cluster-simulator';
import {
  APPLICATIONS,
  barePod,
  claim,
  configMap,
  DEFINITION,
  ingress,
  namespaced,
  NAMESPACES,
  networkPolicy,
  node,
  NODES,
  secret,
  service,
  STATEFUL,
  widget,
  widgetDefinition,
  application,
} from './landscape';
import { Random } from './random';

/** A change of the landscape, as data, so that a storm can be printed and played again. Pods are meant by their place. */
export type Change =
  | { change: 'scale'; namespace: string; app: string; replicas: number }
  | { change: 'rollOut'; namespace: string; app: string; version: number }
  | { change: 'deletePod'; namespace: string; nth: number; atOnce: boolean }
  | { change: 'relabelPod'; namespace: string; nth: number; tier: string }
  | { change: 'releasePod'; namespace: string; nth: number }
  | { change: 'recreateBarePod'; namespace: string; app: string }
  | {
      change: 'toggleSecret' | 'toggleConfigMap';
      namespace: string;
      app: string;
    }
  | { change: 'toggleClaim'; namespace: string }
  | { change: 'changeKeys'; namespace: string; app: string; keys: string[] }
  | { change: 'toggleService'; namespace: string; app: string }
  | { change: 'selectElsewhere'; namespace: string; app: string; other: string }
  | { change: 'recreateApplication'; namespace: string; app: string }
  | { change: 'orphanPods'; namespace: string; app: string }
  | { change: 'toggleNamespace' }
  | { change: 'relabelNamespace'; namespace: string; team: string }
  | { change: 'routeTo'; namespace: string; app: string }
  | { change: 'guard'; namespace: string; app: string }
  | { change: 'toggleNode' | 'cordonNode'; node: string }
  | { change: 'scaleQueue'; replicas: number }
  | { change: 'toggleDefinition' }
  | { change: 'toggleWidget'; namespace: string; ready: boolean }
  | { change: 'tell'; namespace: string; nth: number; reason: string }
  | { change: 'forgetEvent'; nth: number };

/** More than a rolling update ever changes at a time is rare, and so are whole namespaces. */
const WEIGHTS: Readonly<Record<Change['change'], number>> = {
  scale: 5,
  rollOut: 2,
  deletePod: 5,
  relabelPod: 4,
  releasePod: 2,
  recreateBarePod: 4,
  toggleSecret: 4,
  toggleConfigMap: 3,
  toggleClaim: 2,
  changeKeys: 3,
  toggleService: 3,
  selectElsewhere: 2,
  recreateApplication: 2,
  orphanPods: 1,
  toggleNamespace: 1,
  relabelNamespace: 3,
  routeTo: 2,
  guard: 2,
  toggleNode: 1,
  cordonNode: 2,
  scaleQueue: 2,
  toggleDefinition: 1,
  toggleWidget: 3,
  tell: 3,
  forgetEvent: 1,
};

export function chooseChange(random: Random): Change {
  const change = random.weighted(WEIGHTS);
  const namespace = random.pick(NAMESPACES);
  const app = random.pick(APPLICATIONS);
  const nth = random.between(0, 9);
  switch (change) {
    case 'scale':
      return { change, namespace, app, replicas: random.between(0, 4) };
    case 'rollOut':
      return { change, namespace, app, version: random.between(1, 9) };
    case 'deletePod':
      return { change, namespace, nth, atOnce: random.chance(0.5) };
    case 'relabelPod':
      return { change, namespace, nth, tier: random.pick(['one', 'two']) };
    case 'releasePod':
      return { change, namespace, nth };
    case 'toggleClaim':
      return { change, namespace };
    case 'changeKeys':
      return {
        change,
        namespace,
        app,
        keys: ['mode', 'password', 'more'].slice(0, random.between(1, 3)),
      };
    case 'selectElsewhere':
      return { change, namespace, app, other: random.pick(APPLICATIONS) };
    case 'toggleNamespace':
    case 'toggleDefinition':
      return { change };
    case 'toggleWidget':
      return { change, namespace, ready: random.chance(0.5) };
    case 'relabelNamespace':
      return { change, namespace, team: random.pick(['shop', 'none']) };
    case 'toggleNode':
    case 'cordonNode':
      return { change, node: random.pick(NODES) };
    case 'scaleQueue':
      return { change, replicas: random.between(0, 3) };
    case 'tell':
      return {
        change,
        namespace,
        nth,
        reason: random.pick(['BackOff', 'Unhealthy', 'FailedMount']),
      };
    case 'forgetEvent':
      return { change, nth };
    default:
      return { change, namespace, app };
  }
}

/** Applies a change. What the API server refuses (a namespace that is on its way out) is left. */
export function makeChange(simulator: ClusterSimulator, what: Change): void {
  try {
    make(simulator, what);
  } catch (error) {
    if (!('code' in (error as object))) {
      throw error;
    }
  }
}

function make(simulator: ClusterSimulator, what: Change): void {
  switch (what.change) {
    case 'scale':
      edit(simulator, 'Deployment', what.namespace, what.app, object => {
        object.spec.replicas = what.replicas;
      });
      break;
    case 'rollOut':
      edit(simulator, 'Deployment', what.namespace, what.app, object => {
        object.spec.template.spec.containers[0].image = `registry.example/app:${what.version}`;
      });
      break;
    case 'deletePod': {
      const name = podName(simulator, what);
      if (name) {
        simulator.delete(
          'Pod',
          what.namespace,
          name,
          what.atOnce ? { gracePeriodSeconds: 0 } : {},
        );
      }
      break;
    }
    case 'relabelPod':
      edit(
        simulator,
        'Pod',
        what.namespace,
        podName(simulator, what),
        ({ metadata }) => {
          metadata.labels = { ...metadata.labels, tier: what.tier };
        },
      );
      break;
    case 'releasePod':
      edit(
        simulator,
        'Pod',
        what.namespace,
        podName(simulator, what),
        ({ metadata }) => {
          metadata.labels = { released: 'yes' };
        },
      );
      break;
    case 'recreateBarePod':
      remove(simulator, 'Pod', what.namespace, 'bare', {
        gracePeriodSeconds: 0,
      });
      create(simulator, barePod(what, 'bare'));
      break;
    case 'toggleSecret':
      toggle(simulator, secret(what, ['password']));
      break;
    case 'toggleConfigMap':
      toggle(simulator, configMap(what, ['mode']));
      break;
    case 'toggleClaim':
      toggle(simulator, claim({ namespace: what.namespace, app: 'api' }));
      break;
    case 'changeKeys':
      create(simulator, secret(what, what.keys));
      create(simulator, configMap(what, what.keys));
      break;
    case 'toggleService':
      toggle(simulator, service(what));
      break;
    case 'selectElsewhere':
      edit(simulator, 'Service', what.namespace, what.app, object => {
        object.spec.selector = { app: what.other };
      });
      break;
    case 'recreateApplication':
      for (const object of application(what).reverse()) {
        remove(simulator, object.kind, what.namespace, object.metadata.name);
      }
      application(what).forEach(object => create(simulator, object));
      break;
    case 'orphanPods':
      remove(simulator, 'Deployment', what.namespace, what.app, {
        propagationPolicy: 'Orphan',
      });
      break;
    case 'toggleNamespace':
      if (simulator.get('Namespace', '', 'lab')) {
        remove(simulator, 'Namespace', '', 'lab');
      } else {
        namespaced('lab').forEach(object => create(simulator, object));
      }
      break;
    case 'relabelNamespace':
      edit(simulator, 'Namespace', '', what.namespace, ({ metadata }) => {
        metadata.labels = { ...metadata.labels, team: what.team };
      });
      break;
    case 'routeTo':
      create(simulator, ingress(what.namespace, what.app));
      break;
    case 'guard':
      create(simulator, networkPolicy(what.namespace, what.app));
      break;
    case 'toggleNode':
      toggle(simulator, node(what.node));
      break;
    case 'cordonNode':
      edit(simulator, 'Node', '', what.node, object => {
        object.spec.unschedulable = !object.spec.unschedulable;
      });
      break;
    case 'scaleQueue':
      edit(simulator, 'StatefulSet', 'bank', STATEFUL, object => {
        object.spec.replicas = what.replicas;
      });
      break;
    case 'toggleDefinition':
      toggle(simulator, widgetDefinition());
      break;
    case 'toggleWidget':
      if (simulator.get('CustomResourceDefinition', '', DEFINITION)) {
        toggle(simulator, widget(what.namespace, what.ready));
      }
      break;
    case 'tell':
      tell(simulator, what);
      break;
    case 'forgetEvent': {
      const event = oldestLikeIt(simulator.list('Event'), what.nth);
      if (event) {
        const { namespace = '', name } = event.metadata;
        remove(simulator, 'Event', namespace, name);
      }
      break;
    }
    default:
      what satisfies never;
  }
}

function podName(
  simulator: ClusterSimulator,
  { namespace, nth }: { namespace: string; nth: number },
): string | undefined {
  const pods = simulator.list('Pod', namespace);
  return pods[nth % Math.max(pods.length, 1)]?.metadata.name;
}

function edit(
  simulator: ClusterSimulator,
  kind: string,
  namespace: string,
  name: string | undefined,
  change: (object: KubernetesObject) => void,
): void {
  const found = name && simulator.get(kind, namespace, name);
  if (found) {
    const object = structuredClone(found);
    change(object);
    simulator.load([object]);
  }
}

function create(simulator: ClusterSimulator, object: KubernetesObject): void {
  const { namespace } = object.metadata;
  // `apply` makes a namespace that is not there; one that was deleted stays away.
  if (!namespace || simulator.get('Namespace', '', namespace)) {
    simulator.apply(object);
  }
}

function remove(
  simulator: ClusterSimulator,
  kind: string,
  namespace: string,
  name: string,
  options?: Parameters<ClusterSimulator['delete']>[3],
): void {
  if (simulator.get(kind, namespace, name)) {
    simulator.delete(kind, namespace, name, options);
  }
}

function toggle(simulator: ClusterSimulator, object: KubernetesObject): void {
  const { kind, metadata } = object;
  if (simulator.get(kind, metadata.namespace ?? '', metadata.name)) {
    simulator.delete(kind, metadata.namespace ?? '', metadata.name);
  } else {
    create(simulator, object);
  }
}

/** Events expire: of those that say the same about an object, the oldest goes first. */
function oldestLikeIt(
  events: readonly KubernetesObject[],
  nth: number,
): KubernetesObject | undefined {
  const said = (event: KubernetesObject) =>
    JSON.stringify([
      event.involvedObject.kind,
      event.involvedObject.namespace,
      event.involvedObject.name,
      event.reason,
    ]);
  const age = (event: KubernetesObject) =>
    `${event.lastTimestamp ?? event.eventTime} ${event.metadata.name}`;
  const chosen = events[nth % Math.max(events.length, 1)];
  return events
    .filter(event => said(event) === said(chosen))
    .sort((one, other) => (age(one) < age(other) ? -1 : 1))[0];
}

/** An Event about a pod, as its kubelet would write it; the same one again counts up. */
function tell(
  simulator: ClusterSimulator,
  what: Extract<Change, { change: 'tell' }>,
): void {
  const { namespace, reason } = what;
  const name = podName(simulator, what);
  const about = name && simulator.get('Pod', namespace, name);
  if (!about) {
    return;
  }
  const eventName = `${name}.${reason.toLowerCase()}`;
  const former = simulator.get('Event', namespace, eventName);
  const now = new Date().toISOString().replace(/\.\d+/, '');
  create(simulator, {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: eventName, namespace },
    involvedObject: {
      apiVersion: 'v1',
      kind: 'Pod',
      namespace,
      name,
      uid: about.metadata.uid,
    },
    type: 'Warning',
    reason,
    message: `${reason}: a storm says so`,
    source: { component: 'kubelet' },
    firstTimestamp: former?.firstTimestamp ?? now,
    lastTimestamp: now,
    count: (former?.count ?? 0) + 1,
  });
}
