import {
  gatewayConditions,
  isUnanswered,
  PROGRAM_WITHIN,
  said,
  within,
} from './gatewayConditions';
import { KindDefinition, KubernetesObject } from './kindDefinition';
import {
  CONFIG_MAP,
  DEPLOYMENT,
  GATEWAY,
  GATEWAY_CLASS,
  kindType,
  SECRET,
  SERVICE,
} from './kindIds';
import { observation, ownVerdict, parseTime } from './metadata';
import { byObject, namedObject, relationTo } from './objectReference';
import { Reference, SelectorReference } from './observation';
import { Verdict } from './status';
import { StatusCondition } from './statusConditions';
import { fieldEvidence, verdict, worstVerdict } from './verdict';

/** Controllers write it on what they make for a Gateway. */
const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name';
const WAITING = new Set(['Pending', 'AddressNotAssigned']);

export const gatewayKind: KindDefinition = {
  id: GATEWAY,
  type: 'gateway',
  version: 'v1',
  readableVersions: ['v1beta1', 'v1alpha2'],
  plural: 'gateways',
  namespaced: true,
  observe(gateway, context) {
    const { spec = {}, status = {} } = gateway;
    const addresses: any[] = status.addresses ?? [];
    return observation(GATEWAY, true, gateway, context, {
      properties: {
        GatewayClassName: spec.gatewayClassName,
        Addresses: addresses.map(({ value }) => String(value)),
        Listeners: listeners(gateway).map(
          ({ name, hostname, port, protocol }) => ({
            Name: String(name),
            Hostname: hostname ?? '*',
            Port: port ?? null,
            Protocol: protocol ?? '',
          }),
        ),
        AttachedRoutes: listenerStatuses(gateway).reduce(
          (sum, { attachedRoutes }) => sum + Number(attachedRoutes ?? 0),
          0,
        ),
      },
      verdict: ownVerdict(gateway, gatewayVerdict(gateway)),
      references: [...classReference(gateway), ...certificates(gateway)],
      selectors: madeForIt(gateway),
    });
  },
};

function listeners({ spec }: KubernetesObject): any[] {
  return spec?.listeners ?? [];
}

function listenerStatuses({ status }: KubernetesObject): any[] {
  return status?.listeners ?? [];
}

/** R083. */
function classReference({ spec = {} }: KubernetesObject): Reference[] {
  return spec.gatewayClassName
    ? [
        {
          relation: 'gateway-gatewayclass',
          end: 'source',
          other: {
            kind: GATEWAY_CLASS,
            namespace: '',
            name: spec.gatewayClassName,
          },
          required: true,
        },
      ]
    : [];
}

/** R085: the certificates of its listeners; one from elsewhere needs a ReferenceGrant there. */
function certificates(gateway: KubernetesObject): Reference[] {
  const { namespace } = gateway.metadata;
  const uses = listeners(gateway).flatMap(({ name, tls }) =>
    (tls?.certificateRefs ?? []).flatMap((field: any) => {
      const other = namedObject(field, { ...SECRET, namespace });
      return other ? [{ other, listener: String(name) }] : [];
    }),
  );
  return byObject(uses).map(
    (group): Reference => ({
      relation: relationTo('gateway', group[0].other.kind, [
        SECRET,
        CONFIG_MAP,
      ]),
      end: 'source',
      other: group[0].other,
      required: true,
      details: { listeners: group.map(({ listener }) => listener) },
    }),
  );
}

/** R086: what a controller makes for a Gateway carries its name. */
function madeForIt({ metadata }: KubernetesObject): SelectorReference[] {
  return [SERVICE, DEPLOYMENT].map(kind => ({
    relation: `gateway-${kindType(kind)}`,
    end: 'source',
    kind,
    namespaces: 'own',
    selector: [{ key: GATEWAY_NAME, operator: 'In', values: [metadata.name] }],
  }));
}

/** H090–H092, the worst of them. */
function gatewayVerdict(gateway: KubernetesObject): Verdict {
  const { metadata, status } = gateway;
  const conditions = gatewayConditions(status?.conditions, metadata.generation);
  const accepted = conditions.get('Accepted');
  if (accepted?.status === 'False') {
    return said('down', 'NotAccepted', 'H090', accepted);
  }
  return worstVerdict([
    programmedVerdict(gateway, conditions.get('Programmed')),
    ...listenerStatuses(gateway).flatMap(one => listenerVerdicts(gateway, one)),
  ]);
}

/** H091: no address yet is normal for five minutes; what cannot be programmed is not. */
function programmedVerdict(
  { metadata }: KubernetesObject,
  programmed: StatusCondition | undefined,
): Verdict {
  if (programmed?.status === 'True') {
    return verdict('ok', 'Programmed');
  }
  if (!programmed || isUnanswered(programmed)) {
    const createdAt = parseTime(metadata.creationTimestamp);
    return within(
      createdAt,
      PROGRAM_WITHIN,
      verdict('degraded', 'NotProgrammed', {
        rule: 'H091',
        message: 'no controller has programmed it',
        since: createdAt,
        evidence: [
          fieldEvidence('status.conditions[Programmed]', programmed?.status),
        ],
      }),
    );
  }
  const bad = said('degraded', 'NotProgrammed', 'H091', programmed);
  return WAITING.has(programmed.reason ?? '')
    ? within(programmed.since, PROGRAM_WITHIN, bad)
    : bad;
}

/** H092: what is wrong with one listener leaves the others at work. */
function listenerVerdicts(
  { metadata }: KubernetesObject,
  { name, conditions }: { name?: unknown; conditions?: unknown },
): Verdict[] {
  const current = gatewayConditions(conditions, metadata.generation);
  const who = `listener ${name}`;
  const bad = (one: StatusCondition | undefined, status: string) =>
    one?.status === status
      ? [said('degraded', 'ListenerInvalid', 'H092', one, who)]
      : [];
  const programmed = current.get('Programmed');
  return [
    ...bad(current.get('Accepted'), 'False'),
    ...bad(current.get('ResolvedRefs'), 'False'),
    ...bad(current.get('Conflicted'), 'True'),
    ...bad(programmed, 'False').map(found =>
      WAITING.has(programmed?.reason ?? '')
        ? within(programmed?.since, PROGRAM_WITHIN, found)
        : found,
    ),
  ];
}
