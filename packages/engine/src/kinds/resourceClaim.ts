import {
  ContextNode,
  KindDefinition,
  KubernetesObject,
  Neighbours,
} from './kindDefinition';
import {
  DEVICE_CLASS,
  POD,
  RESOURCE_CLAIM,
  RESOURCE_CLAIM_TEMPLATE,
} from './kindIds';
import { deletionVerdict, existenceVerdict, observation } from './metadata';
import { Reference } from './observation';
import { earliest, neighbourEvidence } from './replicaHealth';
import { Verdict } from './status';
import { fieldEvidence, until, verdict } from './verdict';

/** A pod may wait so long for its devices. */
const ALLOCATION_BUDGET = 2 * 60_000;
/** In v1 a request's class stands under `exactly` or in one of the alternatives; in v1beta1 in the request itself. */
const VERSIONS = ['v1beta2', 'v1beta1'] as const;

/** Devices that a pod asks for (R120, R122, R123). */
export const resourceClaimKind: KindDefinition = {
  id: RESOURCE_CLAIM,
  type: 'resourceclaim',
  version: 'v1',
  readableVersions: VERSIONS,
  plural: 'resourceclaims',
  namespaced: true,
  observe(claim, context) {
    const { spec = {}, status = {} } = claim;
    const reservedFor: any[] = status.reservedFor ?? [];
    return observation(RESOURCE_CLAIM, true, claim, context, {
      properties: {
        Requests: requestNames(spec),
        DeviceClasses: classNames(spec),
        Allocated: status.allocation !== undefined,
        Devices: devices(status).map(
          device => `${device.driver}/${device.pool}/${device.device}`,
        ),
        ReservedFor: reservedFor.map(one => `${one.resource}/${one.name}`),
      },
      verdict: deletionVerdict(claim) ?? claimVerdict(claim),
      references: [
        ...deviceClassReferences('resourceclaim', spec),
        ...reservations(claim),
      ],
    });
  },
  contextRelations: ['pod-resourceclaim'],
  judgeInContext,
};

export const resourceClaimTemplateKind: KindDefinition = {
  id: RESOURCE_CLAIM_TEMPLATE,
  type: 'resourceclaimtemplate',
  version: 'v1',
  readableVersions: VERSIONS,
  plural: 'resourceclaimtemplates',
  namespaced: true,
  observe(template, context) {
    const claim = template.spec?.spec ?? {};
    return observation(RESOURCE_CLAIM_TEMPLATE, true, template, context, {
      properties: { Requests: requestNames(claim) },
      verdict: existenceVerdict(template),
      references: deviceClassReferences('resourceclaimtemplate', claim),
    });
  },
};

function requestsOf(spec: KubernetesObject): any[] {
  return spec.devices?.requests ?? [];
}

function requestNames(spec: KubernetesObject): string[] {
  return requestsOf(spec).map(request => String(request.name));
}

function classNames(spec: KubernetesObject): string[] {
  return [...new Set(requestsOf(spec).flatMap(classesOf))];
}

function classesOf(request: KubernetesObject): string[] {
  const alternatives: any[] = request.firstAvailable ?? [];
  const only = request.exactly ?? request;
  return [only, ...alternatives]
    .map(({ deviceClassName }) => deviceClassName)
    .filter(Boolean)
    .map(String);
}

function devices(status: KubernetesObject): any[] {
  return status.allocation?.devices?.results ?? [];
}

/** Where a request names alternatives, none of their classes alone is needed. */
function deviceClassReferences(
  type: string,
  spec: KubernetesObject,
): Reference[] {
  return requestsOf(spec).flatMap(request => {
    const alternatives: any[] = request.firstAvailable ?? [];
    return classesOf(request).map(
      (name): Reference => ({
        relation: `${type}-deviceclass`,
        end: 'source',
        other: { kind: DEVICE_CLASS, namespace: '', name },
        required: alternatives.length === 0,
      }),
    );
  });
}

/** The pods that use it, as the scheduler has it (R123); the pods say the same of themselves. */
function reservations({
  status = {},
  metadata,
}: KubernetesObject): Reference[] {
  const users: any[] = status.reservedFor ?? [];
  return users
    .filter(user => user.resource === 'pods' && user.name)
    .map(user => ({
      relation: 'pod-resourceclaim',
      end: 'target',
      other: {
        kind: POD,
        namespace: metadata.namespace,
        name: String(user.name),
      },
      required: true,
    }));
}

/** Whether somebody waits for it shows only with the pods in view. */
function claimVerdict({ status = {} }: KubernetesObject): Verdict {
  return status.allocation
    ? verdict('ok', 'Allocated')
    : verdict('idle', 'NotAllocated', {
        rule: 'H153',
        evidence: [fieldEvidence('status.allocation', undefined)],
      });
}

/** H153: no device yet, and a pod waits for it. */
function judgeInContext(
  claim: ContextNode,
  neighbours: Neighbours,
): Verdict | undefined {
  if (claim.own.reason !== 'NotAllocated') {
    return undefined;
  }
  const waiting = neighbours('pod-resourceclaim', 'in').filter(
    ({ level, facts }) =>
      level !== 'missing' && !facts.terminal && !facts.terminating,
  );
  const since = earliest(waiting) ?? createdFirst(waiting);
  if (waiting.length === 0 || since === undefined) {
    return undefined;
  }
  const details = {
    rule: 'H153',
    since,
    message: 'no device is allocated, and a pod waits for it',
    evidence: [
      ...claim.own.evidence,
      ...waiting.slice(0, 5).map(neighbourEvidence),
    ],
  };
  return until(
    since + ALLOCATION_BUDGET,
    verdict('progressing', 'NotAllocated', details),
    verdict('down', 'NotAllocated', details),
  );
}

function createdFirst(pods: readonly ContextNode[]): number | undefined {
  const times = pods.flatMap(({ createdAt }) => createdAt ?? []);
  return times.length > 0 ? Math.min(...times) : undefined;
}
