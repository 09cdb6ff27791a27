import { KindId } from './identity';
import { DAEMON_SET, DEPLOYMENT, kindType } from './kindIds';
import { SelectorReference } from './observation';

/** What the charts of well-known controllers write into `app.kubernetes.io/name`, where their name does not say it. */
const CHART_NAMES: Readonly<Record<string, readonly string[]>> = {
  'ingress.k8s.aws/alb': ['aws-load-balancer-controller'],
  'nginx.org/ingress-controller': ['nginx-ingress'],
  'gateway.nginx.org/nginx-gateway-controller': ['nginx-gateway-fabric'],
  'istio.io/gateway-controller': ['istiod'],
  'istio.io/ingress-controller': ['istiod'],
  'gateway.envoyproxy.io/gatewayclass-controller': [
    'gateway-helm',
    'envoy-gateway',
  ],
  'io.cilium/gateway-controller': ['cilium-operator'],
  'cilium.io/ingress-controller': ['cilium-operator'],
  'ingress-controllers.konghq.com/kong': ['kong', 'ingress'],
  'konghq.com/kic-gateway-controller': ['kong', 'ingress'],
};
/** Words that say nothing about who it is. */
const COMMON = new Set([
  'ingress-controller',
  'gateway-controller',
  'controller',
]);

/**
 * The workload that runs a controller, guessed from the controller's name and the label that charts give to it (R076,
 * R084): `k8s.io/ingress-nginx` is what has `app.kubernetes.io/name=ingress-nginx`. Inferred: without such a label there
 * is no edge.
 */
export function controllerSelectors(
  owner: string,
  controllerName: unknown,
): SelectorReference[] {
  if (typeof controllerName !== 'string' || controllerName === '') {
    return [];
  }
  const values = CHART_NAMES[controllerName] ?? guessedNames(controllerName);
  const selects = (kind: KindId): SelectorReference => ({
    relation: `${owner}-${kindType(kind)}`,
    end: 'source',
    kind,
    namespaces: 'all',
    selector: [
      { key: 'app.kubernetes.io/name', operator: 'In', values: [...values] },
    ],
    details: { controller: controllerName },
  });
  return values.length === 0 ? [] : [selects(DEPLOYMENT), selects(DAEMON_SET)];
}

/** The last word of the path, or of the domain where the path says only that it is a controller. */
function guessedNames(controllerName: string): string[] {
  const [domain, ...path] = controllerName.split('/');
  const last = path.at(-1);
  return last === undefined || COMMON.has(last)
    ? domain.split('.').slice(0, 1)
    : [last];
}
