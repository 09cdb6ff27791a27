import { condition, conditionEvidence } from './conditions';
import { KindDefinition, KubernetesObject } from './kindDefinition';
import { API_SERVICE, SERVICE } from './kindIds';
import { observation, ownVerdict, parseTime } from './metadata';
import { Reference } from './observation';
import { Verdict } from './status';
import { fieldEvidence, until, verdict } from './verdict';

/** After a start of the API server or of what stands behind it (`health.md` section 4). */
const AVAILABLE_WITHIN = 60_000;

export const apiServiceKind: KindDefinition = {
  id: API_SERVICE,
  type: 'apiservice',
  version: 'v1',
  plural: 'apiservices',
  namespaced: false,
  observe(apiService, context) {
    const { spec = {} } = apiService;
    return observation(API_SERVICE, false, apiService, context, {
      properties: {
        Group: spec.group ?? '',
        Version: spec.version,
        Local: !spec.service,
      },
      verdict: ownVerdict(apiService, availableVerdict(apiService)),
      references: serviceReference(apiService),
    });
  },
};

/** R167; without a service the API server answers itself. */
function serviceReference({ spec }: KubernetesObject): Reference[] {
  const { namespace, name, port = 443 } = spec?.service ?? {};
  return namespace && name
    ? [
        {
          relation: 'apiservice-service',
          end: 'source',
          other: { kind: SERVICE, namespace, name },
          required: true,
          details: { port },
        },
      ]
    : [];
}

/** H129: a group that nobody answers for; whoever asks for it fails, and namespaces cannot be deleted. */
function availableVerdict(apiService: KubernetesObject): Verdict {
  const available = condition(apiService, 'Available');
  if (available?.status === 'True') {
    return verdict('ok', available.reason ?? 'Available');
  }
  const since =
    available?.since ?? parseTime(apiService.metadata.creationTimestamp) ?? 0;
  const details = {
    rule: 'H129',
    message: available?.message ?? 'nobody has checked whether it answers',
    since,
    evidence: [
      available
        ? conditionEvidence(available)
        : fieldEvidence('status.conditions[Available]', undefined),
    ],
  };
  const reason = available?.reason ?? 'NotAvailable';
  return until(
    since + AVAILABLE_WITHIN,
    verdict('progressing', reason, details),
    verdict(available ? 'down' : 'unknown', reason, details),
  );
}
