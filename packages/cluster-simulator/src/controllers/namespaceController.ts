import { KubernetesObject } from '../objects/kubernetesObject';
import { groupResource } from '../resources/resourceType';
import { Change } from '../storage/table';
import { Controller, kindOf } from './controller';
import { ControlPlane } from './controlPlane';

/** Gives each namespace its service account and root certificate, and empties those that are deleted. */
export class NamespaceController implements Controller {
  readonly name = 'namespace';
  readonly #plane: ControlPlane;

  constructor(plane: ControlPlane) {
    this.#plane = plane;
  }

  keysFor(change: Change): Iterable<string> {
    if (kindOf(change) === 'namespaces') {
      return [change.after.name];
    }
    const emptying =
      change.deleted &&
      change.after.namespace !== '' &&
      this.#plane.get('Namespace', '', change.after.namespace)?.metadata
        .deletionTimestamp;
    return emptying ? [change.after.namespace] : [];
  }

  reconcile(name: string): void {
    const namespace = this.#plane.get('Namespace', '', name);
    if (!namespace) {
      return;
    }
    if (namespace.metadata.deletionTimestamp) {
      this.#empty(namespace);
      return;
    }
    this.#ensure('ServiceAccount', { name: 'default', namespace: name });
    this.#ensure(
      'ConfigMap',
      {
        name: 'kube-root-ca.crt',
        namespace: name,
        annotations: {
          'kubernetes.io/description':
            'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
        },
      },
      { data: { 'ca.crt': 'a simulated certificate\n' } },
    );
  }

  #ensure(
    kind: string,
    metadata: KubernetesObject['metadata'],
    rest: object = {},
  ): void {
    if (!this.#plane.get(kind, metadata.namespace!, metadata.name)) {
      this.#plane.create({ apiVersion: 'v1', kind, metadata, ...rest });
    }
  }

  #empty(namespace: KubernetesObject): void {
    const { name } = namespace.metadata;
    const inside = [...this.#plane.storage.objects()].filter(
      stored => stored.namespace === name,
    );
    for (const { object } of inside) {
      if (!object.metadata.deletionTimestamp) {
        this.#plane.delete(object);
      }
    }
    const left = [...this.#plane.storage.objects()].filter(
      stored => stored.namespace === name,
    );
    if (left.length === 0) {
      this.#plane.change(namespace, ({ spec }) => {
        spec.finalizers = [];
      });
      return;
    }
    const kinds = [...new Set(left.map(({ type }) => groupResource(type)))];
    const counts = kinds.map(
      kind =>
        `${kind} has ${
          left.filter(({ type }) => groupResource(type) === kind).length
        } resource instances`,
    );
    this.#plane.changeStatus(namespace, ({ status }) => {
      status.conditions = [
        {
          type: 'NamespaceContentRemaining',
          status: 'True',
          lastTransitionTime:
            status.conditions?.[0]?.lastTransitionTime ?? this.#plane.now(),
          reason: 'SomeResourcesRemain',
          message: `Some resources are remaining: ${counts.join(', ')}`,
        },
      ];
    });
  }
}
