import { KubernetesObject, microTime } from '../objects/kubernetesObject';
import { StatusError } from '../server/statusError';
import type { ControlPlane } from './controlPlane';

export interface EventSource {
  component: string;
  host?: string;
}

const EVENT_LIFE_MILLISECONDS = 60 * 60 * 1000;

/** Writes Events as controllers, kubelet and scheduler do; a repetition counts up. */
export class EventRecorder {
  readonly #plane: ControlPlane;
  /** Names of live events by what they say about which object. */
  readonly #known = new Map<string, string>();
  #written = 0;

  constructor(plane: ControlPlane) {
    this.#plane = plane;
  }

  /** @param fieldPath the part of the object, as `spec.containers{web}` */
  record(
    object: KubernetesObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    source: EventSource,
    fieldPath?: string,
  ): void {
    const now = this.#plane.now();
    const key = [object.metadata.uid, reason, message, fieldPath].join('|');
    const known = this.#find(object, key);
    if (known) {
      this.#plane.change(
        known,
        event => {
          event.count += 1;
          event.lastTimestamp = now;
        },
        { manager: source.component },
      );
      return;
    }
    this.#write(object, key, source.component, {
      involvedObject: { ...referenceTo(object), fieldPath },
      reason,
      message,
      source,
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
      type,
      eventTime: null,
      reportingComponent: source.component,
      reportingInstance: source.host ?? '',
    });
  }

  /** The scheduler's form: `eventTime` instead of timestamps and count. */
  recordScheduling(
    object: KubernetesObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    action: string,
  ): void {
    const key = [object.metadata.uid, reason, message].join('|');
    if (this.#find(object, key)) {
      return;
    }
    this.#write(object, key, 'kube-scheduler', {
      involvedObject: referenceTo(object),
      reason,
      message,
      source: {},
      firstTimestamp: null,
      lastTimestamp: null,
      type,
      eventTime: microTime(this.#plane.clock.now()),
      action,
      reportingComponent: 'default-scheduler',
      reportingInstance: 'default-scheduler-simulator',
    });
  }

  /** Removes events that are older than an hour, as the API server does. */
  expire(): void {
    const oldest = this.#plane.clock.now() - EVENT_LIFE_MILLISECONDS;
    for (const event of this.#plane.list('Event')) {
      const last = event.lastTimestamp ?? event.eventTime;
      if (last && Date.parse(last) < oldest) {
        this.#plane.delete(event);
      }
    }
    for (const [key, name] of this.#known) {
      const [namespace, event] = name.split('/');
      if (!this.#plane.get('Event', namespace, event)) {
        this.#known.delete(key);
      }
    }
  }

  /** Time in nanoseconds, as in real names of events; two at once differ in the last digits. */
  #nextSuffix(): string {
    this.#written += 1;
    const nanoseconds =
      BigInt(Math.floor(this.#plane.clock.now())) * 1_000_000n +
      BigInt(this.#written % 1_000_000);
    return nanoseconds.toString(16);
  }

  #find(object: KubernetesObject, key: string): KubernetesObject | undefined {
    const name = this.#known.get(key);
    return name === undefined
      ? undefined
      : this.#plane.get('Event', namespaceOf(object), name.split('/')[1]);
  }

  #write(
    object: KubernetesObject,
    key: string,
    manager: string,
    event: Record<string, unknown>,
  ): void {
    const namespace = namespaceOf(object);
    const name = `${object.metadata.name}.${this.#nextSuffix()}`;
    try {
      this.#plane.create(
        {
          apiVersion: 'v1',
          kind: 'Event',
          metadata: { name, namespace },
          ...event,
        },
        { manager },
      );
    } catch (error) {
      // As in a real cluster, an event that cannot be written (its namespace ends) is dropped.
      if (!(error instanceof StatusError)) {
        throw error;
      }
      return;
    }
    this.#known.set(key, `${namespace}/${name}`);
  }
}

/** Events of cluster-scoped objects live in `default`. */
function namespaceOf({ metadata }: KubernetesObject): string {
  return metadata.namespace ?? 'default';
}

function referenceTo({ apiVersion, kind, metadata }: KubernetesObject) {
  const { namespace, name, uid, resourceVersion } = metadata;
  return { kind, namespace, name, uid, apiVersion, resourceVersion };
}
