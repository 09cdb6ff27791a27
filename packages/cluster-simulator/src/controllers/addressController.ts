import { KubernetesObject } from '../objects/kubernetesObject';
import { Change } from '../storage/table';
import { Controller, kindOf } from './controller';
import { ControlPlane } from './controlPlane';

/** Stands for the cloud and the ingress controller: gives addresses to load balancers and ingresses. */
export class AddressController implements Controller {
  readonly name = 'address';
  readonly #plane: ControlPlane;

  constructor(plane: ControlPlane) {
    this.#plane = plane;
  }

  keysFor(change: Change): Iterable<string> {
    const kind = kindOf(change);
    return kind === 'services' || kind === 'ingresses.networking.k8s.io'
      ? [`${change.after.type.kind}/${change.after.key}`]
      : [];
  }

  reconcile(key: string): void {
    const [kind, namespace, name] = key.split('/');
    const object = this.#plane.get(kind, namespace, name);
    if (
      !object ||
      object.status?.loadBalancer?.ingress ||
      !this.#wantsAddress(object)
    ) {
      return;
    }
    const ip = `203.0.113.${1 + this.#plane.names.below(250)}`;
    this.#plane.changeStatus(object, changed => {
      changed.status = {
        ...changed.status,
        loadBalancer: { ingress: [{ ip }] },
      };
    });
  }

  #wantsAddress({ kind, spec }: KubernetesObject): boolean {
    if (kind === 'Service') {
      return spec.type === 'LoadBalancer';
    }
    const classes = this.#plane.list('IngressClass');
    return classes.some(({ metadata }) =>
      spec.ingressClassName === undefined
        ? metadata.annotations?.[
            'ingressclass.kubernetes.io/is-default-class'
          ] === 'true'
        : metadata.name === spec.ingressClassName,
    );
  }
}
