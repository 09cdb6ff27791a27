import { KubernetesObject } from '../kinds/kindDefinition';
import { LabelSelector, selectorFromObject } from '../kinds/labelSelector';
import { Fault } from './fault';
import { IpRange, parseCidr } from './ipRange';
import { networkPolicyFaults } from './networkPolicyFaults';
import { Protocol } from './portSet';

export type Direction = 'ingress' | 'egress';

/** A policy as Kubernetes understands it, defaults filled in. */
export interface NetworkPolicy {
  namespace: string;
  name: string;
  /** Empty: all pods of the namespace. */
  podSelector: LabelSelector;
  /** Of a direction in which it isolates; empty: nothing passes. `undefined`: it has no say. */
  ingress?: PolicyRule[];
  egress?: PolicyRule[];
}

export interface PolicyRule {
  /** `undefined`: everybody, also outside of the cluster. */
  peers?: PolicyPeer[];
  /** `undefined`: all ports of all protocols. */
  ports?: PolicyPort[];
}

export type PolicyPeer =
  | { type: 'pods'; namespaces: 'own' | LabelSelector; pods: LabelSelector }
  | { type: 'addresses'; block: IpBlock };

export interface IpBlock {
  cidr: IpRange;
  except: IpRange[];
  /** As it was written. */
  text: string;
}

export type PolicyPort =
  /** `from` to `to`, both count. */
  | { protocol: Protocol; from: number; to: number }
  /** The ports of that name and protocol that the destination's containers have. */
  | { protocol: Protocol; name: string };

/** A policy that an API server would refuse, and why. */
export interface InvalidPolicy {
  namespace: string;
  name: string;
  faults: Fault[];
}

/** Reads a policy, or says what is wrong with it: an invalid one is not applied. */
export function readNetworkPolicy(
  object: KubernetesObject,
): { policy: NetworkPolicy } | { invalid: InvalidPolicy } {
  const namespace = String(object.metadata?.namespace || 'default');
  const name = String(object.metadata?.name ?? '');
  const faults = networkPolicyFaults(object);
  if (faults.length > 0) {
    return { invalid: { namespace, name, faults } };
  }
  const spec = object.spec ?? {};
  const egress: unknown[] = spec.egress ?? [];
  const types = policyTypes(spec.policyTypes ?? [], egress.length > 0);
  return {
    policy: {
      namespace,
      name,
      podSelector: selectorFromObject(spec.podSelector) ?? [],
      ...(types.includes('Ingress') && {
        ingress: rules(spec.ingress, 'from'),
      }),
      ...(types.includes('Egress') && { egress: rules(spec.egress, 'to') }),
    },
  };
}

/** `SetDefaults_NetworkPolicy`: Ingress always, and Egress where there are egress rules. */
function policyTypes(
  types: readonly string[],
  hasEgress: boolean,
): readonly string[] {
  if (types.length > 0) {
    return types;
  }
  return hasEgress ? ['Ingress', 'Egress'] : ['Ingress'];
}

function rules(list: any[] | undefined, field: 'from' | 'to'): PolicyRule[] {
  return (list ?? []).map(rule => {
    const peers: any[] = rule?.[field] ?? [];
    const ports: any[] = rule?.ports ?? [];
    return {
      ...(peers.length > 0 && { peers: peers.map(policyPeer) }),
      ...(ports.length > 0 && { ports: ports.map(policyPort) }),
    };
  });
}

function policyPeer(peer: KubernetesObject): PolicyPeer {
  if (peer.ipBlock) {
    return { type: 'addresses', block: ipBlock(peer.ipBlock) };
  }
  return {
    type: 'pods',
    namespaces: selectorFromObject(peer.namespaceSelector) ?? 'own',
    pods: selectorFromObject(peer.podSelector) ?? [],
  };
}

function ipBlock({ cidr, except }: KubernetesObject): IpBlock {
  const cut: string[] = except ?? [];
  return {
    cidr: parseCidr(cidr)!,
    except: cut.map(one => parseCidr(one)!),
    text: cut.length > 0 ? `${cidr} except ${cut.join(', ')}` : cidr,
  };
}

function policyPort(entry: KubernetesObject | null): PolicyPort {
  const { protocol: given, port, endPort } = entry ?? {};
  const protocol: Protocol = given ?? 'TCP';
  if (typeof port === 'string') {
    return { protocol, name: port };
  }
  return typeof port === 'number'
    ? { protocol, from: port, to: endPort ?? port }
    : { protocol, from: 1, to: 65_535 };
}
