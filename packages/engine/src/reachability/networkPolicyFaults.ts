import { KubernetesObject } from '../kinds/kindDefinition';
import { isMap } from '../kinds/wellFormed';
import { Fault, isSet, shownValue, typeFault } from './fault';
import { parseCidr, rangeIncludes } from './ipRange';
import { labelSelectorFaults } from './labelSelectorFaults';
import { subdomainFault } from './labelSyntax';
import { LAST_PORT, PROTOCOLS } from './portSet';

const TYPES = ['Ingress', 'Egress'];
const PORT_NAME = /^[-a-z0-9]+$/;

/** Why an API server would refuse the policy: upstream's `ValidateNetworkPolicy`, and what decoding refuses before it. */
export function networkPolicyFaults(policy: KubernetesObject): Fault[] {
  const { spec } = policy;
  const name = String(policy.metadata?.name ?? '');
  const nameFault = subdomainFault(name);
  const inName = nameFault
    ? [{ field: 'metadata.name', message: `${shownValue(name)}: ${nameFault}` }]
    : [];
  if (!isSet(spec)) {
    return inName;
  }
  if (!isMap(spec)) {
    return [...inName, typeFault('spec', spec, 'an object')];
  }
  return [
    ...inName,
    ...labelSelectorFaults(spec.podSelector, 'spec.podSelector'),
    ...listFaults(spec.ingress, 'spec.ingress', (rule, field) =>
      ruleFaults(rule, field, 'from'),
    ),
    ...listFaults(spec.egress, 'spec.egress', (rule, field) =>
      ruleFaults(rule, field, 'to'),
    ),
    ...policyTypesFaults(spec.policyTypes),
  ];
}

function listFaults(
  list: unknown,
  field: string,
  each: (item: { [name: string]: any }, field: string) => Fault[],
): Fault[] {
  if (!isSet(list)) {
    return [];
  }
  if (!Array.isArray(list)) {
    return [typeFault(field, list, 'a list')];
  }
  return list.flatMap((item, index) => {
    const itemField = `${field}[${index}]`;
    // Null in a list is an empty object to the decoder.
    const value = item ?? {};
    return isMap(value)
      ? each(value, itemField)
      : [typeFault(itemField, value, 'an object')];
  });
}

function ruleFaults(
  rule: { [name: string]: any },
  field: string,
  peers: 'from' | 'to',
): Fault[] {
  return [
    ...listFaults(rule.ports, `${field}.ports`, portFaults),
    ...listFaults(rule[peers], `${field}.${peers}`, peerFaults),
  ];
}

function portFaults(
  { protocol, port, endPort }: { [name: string]: any },
  field: string,
): Fault[] {
  const faults: Fault[] = [];
  if (isSet(protocol) && !PROTOCOLS.includes(protocol)) {
    faults.push({
      field: `${field}.protocol`,
      message: `${shownValue(
        protocol,
      )} is not supported: supported values are TCP, UDP, SCTP`,
    });
  }
  if (isSet(endPort) && !Number.isInteger(endPort)) {
    return [
      ...faults,
      typeFault(`${field}.endPort`, endPort, 'a whole number'),
    ];
  }
  return [...faults, ...portNumberFaults(port, endPort ?? undefined, field)];
}

function portNumberFaults(
  port: unknown,
  endPort: number | undefined,
  field: string,
): Fault[] {
  const withEnd = (message: string): Fault[] =>
    endPort === undefined
      ? []
      : [{ field: `${field}.endPort`, message: `${endPort}: ${message}` }];
  if (!isSet(port)) {
    return withEnd('may not be specified when `port` is not specified');
  }
  if (typeof port === 'string') {
    return [
      ...withEnd('may not be specified when `port` is non-numeric'),
      ...portNameFaults(port, `${field}.port`),
    ];
  }
  if (typeof port !== 'number' || !Number.isInteger(port)) {
    return [typeFault(`${field}.port`, port, 'a whole number or a name')];
  }
  return [
    ...portRangeFaults(port, `${field}.port`),
    ...(endPort !== undefined && endPort < port
      ? withEnd('must be greater than or equal to `port`')
      : []),
    ...(endPort === undefined
      ? []
      : portRangeFaults(endPort, `${field}.endPort`)),
  ];
}

function portRangeFaults(port: number, field: string): Fault[] {
  return port >= 1 && port <= LAST_PORT
    ? []
    : [{ field, message: `${port}: must be between 1 and 65535, inclusive` }];
}

/** `IsValidPortName`. */
function portNameFaults(name: string, field: string): Fault[] {
  const messages = [
    name.length > 15 && 'must be no more than 15 characters',
    !PORT_NAME.test(name) &&
      'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
    !/[a-z]/.test(name) && 'must contain at least one letter (a-z)',
    name.includes('--') && 'must not contain consecutive hyphens',
    /^-|-$/.test(name) && 'must not begin or end with a hyphen',
  ];
  return messages.flatMap(message =>
    message ? [{ field, message: `${shownValue(name)}: ${message}` }] : [],
  );
}

function peerFaults(peer: { [name: string]: any }, field: string): Fault[] {
  const { podSelector, namespaceSelector, ipBlock } = peer;
  const faults = [
    ...labelSelectorFaults(podSelector, `${field}.podSelector`),
    ...labelSelectorFaults(namespaceSelector, `${field}.namespaceSelector`),
    ...(isSet(ipBlock) ? ipBlockFaults(ipBlock, `${field}.ipBlock`) : []),
  ];
  const selects = isSet(podSelector) || isSet(namespaceSelector);
  if (!selects && !isSet(ipBlock)) {
    faults.push({ field, message: 'must specify a peer' });
  } else if (selects && isSet(ipBlock)) {
    faults.push({
      field,
      message: 'may not specify both ipBlock and another peer',
    });
  }
  return faults;
}

function ipBlockFaults(block: unknown, field: string): Fault[] {
  if (!isMap(block)) {
    return [typeFault(field, block, 'an object')];
  }
  const { cidr, except } = block;
  if (!isSet(cidr) || cidr === '') {
    return [{ field: `${field}.cidr`, message: 'is required' }];
  }
  const range = typeof cidr === 'string' ? parseCidr(cidr) : undefined;
  if (!range) {
    return [cidrFault(`${field}.cidr`, cidr)];
  }
  if (isSet(except) && !Array.isArray(except)) {
    return [typeFault(`${field}.except`, except, 'a list of CIDRs')];
  }
  return (except ?? []).flatMap((one: unknown, index: number) => {
    const inner = typeof one === 'string' ? parseCidr(one) : undefined;
    const at = `${field}.except[${index}]`;
    if (!inner) {
      return [cidrFault(at, one)];
    }
    return rangeIncludes(range, inner) && inner.prefix > range.prefix
      ? []
      : [
          {
            field: at,
            message: `${shownValue(one)}: must be a strict subset of \`cidr\``,
          },
        ];
  });
}

function cidrFault(field: string, value: unknown): Fault {
  return {
    field,
    message: `${shownValue(
      value,
    )}: must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)`,
  };
}

function policyTypesFaults(types: unknown): Fault[] {
  const field = 'spec.policyTypes';
  if (!isSet(types)) {
    return [];
  }
  if (!Array.isArray(types)) {
    return [typeFault(field, types, 'a list')];
  }
  if (types.length > TYPES.length) {
    return [{ field, message: 'may not specify more than two policyTypes' }];
  }
  return types.flatMap((type, index) =>
    TYPES.includes(type)
      ? []
      : [
          {
            field: `${field}[${index}]`,
            message: `${shownValue(
              type,
            )} is not supported: supported values are Egress, Ingress`,
          },
        ],
  );
}
