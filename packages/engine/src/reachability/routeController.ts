import { ReachablePod } from './reachabilityInput';
import { ServiceRoute } from './routing';

/** What installers call the pods of a controller that classes name: `k8s.io/ingress-nginx` → `ingress-nginx`. */
const NAME_LABELS = ['app.kubernetes.io/name', 'app', 'k8s-app', 'name'];
const GATEWAY_LABEL = 'gateway.networking.k8s.io/gateway-name';
/** Names of controllers whose pods are called otherwise. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  'traefik.io/ingress-controller': 'traefik',
  'haproxy-ingress.github.io/controller': 'haproxy-ingress',
  'haproxy.org/ingress-controller': 'kubernetes-ingress',
  'nginx.org/ingress-controller': 'nginx-ingress',
  'ingress-controllers.konghq.com/kong': 'kong',
  'projectcontour.io/ingress-controller': 'envoy',
};

/** Whether a pod is of those that take in what comes for a route. */
export function labelsOfController({
  gateways,
  controller,
}: ServiceRoute): (pod: ReachablePod) => boolean {
  const name =
    controller === undefined
      ? undefined
      : OTHER_NAMES[controller] ?? controller.split('/').pop();
  return ({ namespace, labels }) => {
    const gateway = labels[GATEWAY_LABEL];
    return (
      (gateway !== undefined && gateways.includes(`${namespace}/${gateway}`)) ||
      (name !== undefined && NAME_LABELS.some(key => labels[key] === name))
    );
  };
}
