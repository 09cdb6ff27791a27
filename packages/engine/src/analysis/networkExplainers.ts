import { calledServiceDown } from './calledService';
import { dnsDown } from './clusterDns';
import { disruptionBudget } from './disruptionBudget';
import { wrongDnsPolicy } from './dnsPolicy';
import { Explainer } from './finding';
import { gateway, gatewayClass, gatewayRoute } from './gateway';
import { outOfLocalReach } from './localTraffic';
import { meshPolicy, refusedByMesh } from './meshPolicy';
import { deniedByPolicy } from './deniedByPolicy';
import { networkPolicy } from './policy';

/** Of a pod that runs: what it calls does not answer. Before what is said of its containers alone. */
export const UNREACHED: readonly Explainer[] = [
  calledServiceDown,
  outOfLocalReach,
  dnsDown,
  deniedByPolicy,
  refusedByMesh,
  wrongDnsPolicy,
];

/** By `kindText`. */
export const NETWORK_EXPLAINERS: Readonly<
  Record<string, readonly Explainer[]>
> = {
  'NetworkPolicy.networking.k8s.io': [networkPolicy],
  'PodDisruptionBudget.policy': [disruptionBudget],
  'AuthorizationPolicy.security.istio.io': [meshPolicy],
  'PeerAuthentication.security.istio.io': [meshPolicy],
  'Gateway.gateway.networking.k8s.io': [gateway],
  'GatewayClass.gateway.networking.k8s.io': [gatewayClass],
  ...Object.fromEntries(
    ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'].map(kind => [
      `${kind}.gateway.networking.k8s.io`,
      [gatewayRoute],
    ]),
  ),
};
