import { ClusterSimulator } from '../clusterSimulator';
import { KubernetesObject } from '../objects/kubernetesObject';
import { seededRandom } from '../writes/randomNames';
import { FakeClock } from './fakeClock';

/** A simulator with controllers, whose time passes only when told. */
export class LivingCluster {
  readonly simulator: ClusterSimulator;
  readonly clock: FakeClock;

  static async start(
    objects: KubernetesObject[] = [node('node-a'), node('node-b')],
  ): Promise<LivingCluster> {
    const clock = new FakeClock();
    const simulator = await ClusterSimulator.start({
      clock,
      objects,
      controllers: true,
      random: seededRandom(7),
    });
    const cluster = new LivingCluster(simulator, clock);
    cluster.pass(0.1);
    return cluster;
  }

  private constructor(simulator: ClusterSimulator, clock: FakeClock) {
    this.simulator = simulator;
    this.clock = clock;
  }

  pass(seconds: number): void {
    this.clock.advance(seconds * 1000);
  }

  apply(...objects: KubernetesObject[]): void {
    objects.forEach(object => this.simulator.apply(object));
  }

  get(kind: string, name: string, namespace = 'default'): KubernetesObject {
    const object = this.simulator.get(kind, namespace, name);
    if (!object) {
      throw new Error(`${kind} ${name} is not there`);
    }
    return object;
  }

  pods(namespace = 'default'): KubernetesObject[] {
    return this.simulator.list('Pod', namespace);
  }

  /** Reason and message of the first container that waits. */
  waiting(name: string): { reason: string; message?: string } | undefined {
    const { status } = this.get('Pod', name);
    return [
      ...(status.initContainerStatuses ?? []),
      ...(status.containerStatuses ?? []),
    ].find(({ state }) => state.waiting)?.state.waiting;
  }

  /** `True`, `False Reason message`, or undefined. */
  condition(object: KubernetesObject, type: string): string | undefined {
    const found = object.status?.conditions?.find(
      (condition: { type: string }) => condition.type === type,
    );
    return (
      found &&
      [found.status, found.reason, found.message].filter(part => part).join(' ')
    );
  }

  /** `Warning Failed message` of an object's events, in the order of their making. */
  events(name: string): string[] {
    return this.simulator
      .list('Event')
      .filter(({ involvedObject }) => involvedObject.name === name)
      .sort(
        (a, b) =>
          Number(a.involvedObject.resourceVersion) -
          Number(b.involvedObject.resourceVersion),
      )
      .map(({ type, reason, message }) => `${type} ${reason} ${message}`);
  }
}

export function node(
  name: string,
  options: {
    cpu?: string;
    labels?: Record<string, string>;
    taints?: object[];
    unschedulable?: boolean;
    ready?: 'True' | 'Unknown';
  } = {},
): KubernetesObject {
  const amounts = { cpu: options.cpu ?? '4', memory: '16Gi', pods: '110' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: options.labels },
    spec: {
      podCIDR: `10.244.${name.charCodeAt(name.length - 1)}.0/24`,
      taints: options.taints,
      unschedulable: options.unschedulable,
    },
    status: {
      capacity: amounts,
      allocatable: amounts,
      conditions: [{ type: 'Ready', status: options.ready ?? 'True' }],
      addresses: [{ type: 'InternalIP', address: '192.168.1.1' }],
    },
  };
}

export function secret(name: string, key = 'password'): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'default' },
    stringData: { [key]: 'not-a-real-password' },
  };
}

export function claim(
  name: string,
  spec: Record<string, unknown> = {},
): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: 'default' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '3Gi' } },
      ...spec,
    },
  };
}

export function volume(
  name: string,
  storage: string,
  spec: Record<string, unknown> = {},
): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      capacity: { storage },
      accessModes: ['ReadWriteOnce'],
      hostPath: { path: '/mnt/data' },
      ...spec,
    },
  };
}

/** A pod spec that mounts a claim. */
export function mounting(claimName: string): Record<string, unknown> {
  return {
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }],
  };
}
