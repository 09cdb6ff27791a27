import { readdirSync, readFileSync } from 'fs';
import path from 'path';
import { RELATIONS } from './relations';

/**
 * Sections D (routing), E (the Gateway API; Istio is `rules/istio.yaml`), F (network policy), I (autoscaling, without
 * KEDA), J (disruption) and K (admission, without quotas) of `relationships.md`, "Networking", "Scaling, disruption,
 * policy" and the API's own kinds of `health.md`: where each number is built, or why it is not.
 */
type Covered =
  | { relations: string[] }
  | { file: string; as: string }
  | { not: string };

const routes = (end: string) =>
  ['http', 'grpc', 'tls', 'tcp', 'udp'].map(one => `${one}route-${end}`);
const points = (policy: string, target: string) =>
  ['ingress', 'egress'].flatMap(type =>
    ['begin', 'end'].map(point => `${policy}-${target}-${type}-${point}`),
  );

const RELATION_NUMBERS: Record<string, Covered> = {
  R062: {
    relations: ['service-pod', 'service-deployment', 'service-statefulset'],
  },
  R063: { relations: ['service-endpointslice'] },
  R064: { relations: ['endpointslice-pod'] },
  R065: { relations: ['endpointslice-node'] },
  R066: { relations: ['service-endpoints'] },
  // Port and container port are matched by the verdict (H078); they are no objects.
  R067: { relations: ['service-pod'] },
  R068: { relations: ['service-service'] },
  R069: { file: 'service.ts', as: 'LoadBalancerClass' },
  R070: { relations: ['endpointslice-node'] },
  R071: { relations: ['service-ipaddress'] },
  R072: { relations: ['ingress-service'] },
  R073: { relations: ['ingress-object'] },
  R074: { relations: ['ingress-secret'] },
  // The API server writes the default class into the Ingress, so that it is named, too.
  R075: { relations: ['ingress-ingressclass'] },
  R076: { relations: ['ingressclass-deployment', 'ingressclass-daemonset'] },
  R077: { relations: ['ingressclass-object'] },
  R078: { relations: ['ingress-annotated', 'service-annotated'] },
  R079: {
    not: 'an edge from every pod to one Service says nothing while DNS is well: when it is not, the analysis knows who asks it',
  },
  R080: { relations: ['pod-service-called', 'deployment-service-called'] },
  R081: { relations: ['pod-service-awaited', 'deployment-service-awaited'] },
  R082: { relations: ['pod-networkattachmentdefinition'] },
  R083: { relations: ['gateway-gatewayclass'] },
  R084: {
    relations: [
      'gatewayclass-object',
      'gatewayclass-deployment',
      'gatewayclass-daemonset',
    ],
  },
  R085: { relations: ['gateway-secret', 'gateway-object'] },
  R086: { relations: ['gateway-service', 'gateway-deployment'] },
  R087: { relations: [...routes('gateway'), ...routes('listenerset')] },
  R088: { relations: routes('parentservice') },
  R089: { relations: [...routes('service'), ...routes('object')] },
  R090: { relations: ['referencegrant-namespace', 'referencegrant-object'] },
  R091: {
    relations: ['backendtlspolicy-service', 'backendtlspolicy-configmap'],
  },
  R092: { relations: ['listenerset-gateway', 'xlistenerset-gateway'] },
  R099: {
    relations: points('networkpolicy', 'pod').filter(one => /begin/.test(one)),
  },
  R100: {
    relations: points('networkpolicy', 'pod').filter(one => /end$/.test(one)),
  },
  R101: { file: 'networkPolicy.ts', as: 'IPBlocks' },
  R102: { relations: points('networkpolicy', 'pod') },
  R103: { relations: ['networkpolicy-dns'] },
  R104: {
    relations: [
      'adminnetworkpolicy',
      'baselineadminnetworkpolicy',
      'clusternetworkpolicy',
    ].flatMap(type => [...points(type, 'pod'), ...points(type, 'namespace')]),
  },
  R105: {
    relations: [
      ...points('ciliumnetworkpolicy', 'pod'),
      ...points('ciliumclusterwidenetworkpolicy', 'pod'),
    ],
  },
  R106: { relations: ['pod-ciliumendpoint', 'ciliumendpoint-ciliumidentity'] },
  R142: {
    relations: [
      'certificatesigningrequest-node',
      'certificatesigningrequest-serviceaccount',
    ],
  },
  R144: {
    relations: [
      'horizontalpodautoscaler-deployment',
      'horizontalpodautoscaler-statefulset',
      'horizontalpodautoscaler-object',
    ],
  },
  R145: { relations: ['horizontalpodautoscaler-apiservice'] },
  R146: { relations: ['horizontalpodautoscaler-described'] },
  // Which requests it needs stands on the edge to what it scales; that one lacks, in its own condition (H135).
  R147: { relations: ['horizontalpodautoscaler-deployment'] },
  R148: {
    relations: [
      'verticalpodautoscaler-deployment',
      'verticalpodautoscaler-object',
    ],
  },
  R149: {
    not: 'a pair that has no field of its own: the edges of both autoscalers end at the same workload, where a query sees it',
  },
  R153: { relations: ['poddisruptionbudget-pod'] },
  R154: {
    not: 'a pair that has no field of its own: the edges of both budgets end at the same pod, where a query sees it',
  },
  R155: { file: 'podDisruptionBudget.ts', as: 'SyncFailed' },
  R156: {
    not: 'node, pod and budget are two hops apart and all drawn (R107, R153): a question for the analysis',
  },
  R157: { file: 'podHealth.ts', as: 'DisruptionTarget' },
  R158: {
    relations: [
      'validatingwebhookconfiguration-service',
      'mutatingwebhookconfiguration-service',
    ],
  },
  R159: {
    relations: [
      'validatingwebhookconfiguration-namespace',
      'mutatingwebhookconfiguration-namespace',
    ],
  },
  R160: {
    relations: [
      'validatingwebhookconfiguration-certificate',
      'mutatingwebhookconfiguration-secret',
    ],
  },
  R161: {
    relations: [
      'validatingadmissionpolicybinding-validatingadmissionpolicy',
      'mutatingadmissionpolicybinding-mutatingadmissionpolicy',
    ],
  },
  // Of which kind the parameters are stands in the policy: the binding alone names no object.
  R162: { file: 'admissionPolicyBinding.ts', as: 'ParamRef' },
  R163: {
    relations: [
      'validatingadmissionpolicy-namespace',
      'validatingadmissionpolicybinding-namespace',
      'mutatingadmissionpolicy-namespace',
      'mutatingadmissionpolicybinding-namespace',
    ],
  },
  R167: { relations: ['apiservice-service'] },
  R168: { relations: ['apiservice-customresourcedefinition'] },
  R169: { relations: ['customresourcedefinition-service'] },
  R170: { relations: ['flowschema-prioritylevelconfiguration'] },
  // Events are rows beside the graph, not edges.
  R171: { file: 'event.ts', as: 'about' },
  R172: {
    not: 'a finalizer names no object; the verdict on what is stuck names the finalizers',
  },
};

const HEALTH_NUMBERS: Record<string, Covered> = {
  // No selector, no verdict: nothing to cite.
  H073: { file: 'serviceHealth.ts', as: 'facts.selects' },
  H074: { file: 'serviceHealth.ts', as: 'NoMatchingPods' },
  H075: { file: 'serviceHealth.ts', as: 'NoReadyEndpoints' },
  H076: { file: 'serviceHealth.ts', as: 'BackendScaledToZero' },
  H077: { file: 'serviceHealth.ts', as: 'PartlyReady' },
  H078: { file: 'serviceHealth.ts', as: 'PortNameMissing' },
  H079: { file: 'service.ts', as: 'LoadBalancerPending' },
  H080: { file: 'serviceHealth.ts', as: 'NoLocalEndpoint' },
  H081: { file: 'endpointSlice.ts', as: 'existenceVerdict' },
  H082: { file: 'ingress.ts', as: 'BackendMissing' },
  H083: { file: 'ingress.ts', as: 'BackendDown' },
  H084: { file: 'ingress.ts', as: 'NoClass' },
  // A missing one; when one expires stands in its value, which is never read.
  H085: { file: 'ingress.ts', as: 'TLSMissing' },
  H086: { file: 'ingress.ts', as: 'NoAddress' },
  H087: { file: 'networkPolicy.ts', as: 'NoMatch' },
  H088: {
    not: 'who may reach whom is the union of all policies of both ends: a question of reachability, not the status of one policy',
  },
  H089: { file: 'gatewayClass.ts', as: 'NotAccepted' },
  H090: { file: 'gateway.ts', as: 'NotAccepted' },
  H091: { file: 'gateway.ts', as: 'NotProgrammed' },
  H092: { file: 'gateway.ts', as: 'ListenerInvalid' },
  H093: { file: 'gatewayRoute.ts', as: 'RouteNotAccepted' },
  H094: { file: 'gatewayRoute.ts', as: 'NoControllerAccepted' },
  H129: { file: 'apiService.ts', as: 'NotAvailable' },
  H131: { file: 'customResourceDefinition.ts', as: 'NotEstablished' },
  H132: { file: 'customResourceDefinition.ts', as: 'NonStructuralSchema' },
  H133: { file: 'horizontalPodAutoscaler.ts', as: 'UnableToScale' },
  H134: { file: 'horizontalPodAutoscaler.ts', as: 'TargetAtZero' },
  H135: { file: 'horizontalPodAutoscaler.ts', as: 'MetricsUnavailable' },
  H136: { file: 'horizontalPodAutoscaler.ts', as: 'MaxedOut' },
  H137: { file: 'horizontalPodAutoscaler.ts', as: 'AtMinimum' },
  H138: { file: 'horizontalPodAutoscaler.ts', as: 'CannotReachDesired' },
  H139: { file: 'podDisruptionBudget.ts', as: 'NotEnoughHealthy' },
  H140: { file: 'podDisruptionBudget.ts', as: 'ZeroAllowed' },
  H141: { file: 'podDisruptionBudget.ts', as: 'SyncFailed' },
  H142: { file: 'podDisruptionBudget.ts', as: 'NoMatch' },
  H144: { file: 'webhookConfiguration.ts', as: 'WebhookBackendDown' },
  H145: { file: 'webhookConfiguration.ts', as: 'WebhookBackendDown' },
  H146: { file: 'webhookConfiguration.ts', as: 'WebhookCABad' },
  H147: { file: 'admissionPolicy.ts', as: 'TypeWarnings' },
};

function numbers(letter: string, first: number, last: number): string[] {
  return Array.from(
    { length: last - first + 1 },
    (_, index) => `${letter}${String(first + index).padStart(3, '0')}`,
  );
}

it('leaves no number out', () => {
  expect(Object.keys(RELATION_NUMBERS)).toEqual([
    ...numbers('R', 62, 92),
    ...numbers('R', 99, 106),
    'R142',
    ...numbers('R', 144, 149),
    ...numbers('R', 153, 163),
    ...numbers('R', 167, 172),
  ]);
  expect(Object.keys(HEALTH_NUMBERS)).toEqual([
    ...numbers('H', 73, 94),
    'H129',
    'H131',
    'H132',
    ...numbers('H', 133, 142),
    ...numbers('H', 144, 147),
  ]);
});

const source = (file: string) =>
  readFileSync(path.join(__dirname, file), 'utf8');
const tests = readdirSync(__dirname)
  .filter(
    file => file.endsWith('.test.ts') && !file.endsWith('Covered.test.ts'),
  )
  .map(source)
  .join('\n');

/** Whether the file that is named for a number is there and has the words. */
function isWhereItIsSaid(covered: Covered, ...more: string[]): boolean {
  return (
    !('file' in covered) ||
    [covered.as, ...more].every(word => source(covered.file).includes(word))
  );
}

it.each(Object.entries(RELATION_NUMBERS))('%s', (number, covered) => {
  const citing = RELATIONS.filter(({ rules }) => rules.includes(number)).map(
    ({ name }) => name,
  );
  const expected = 'relations' in covered ? covered.relations : [];
  expect(citing).toEqual(expect.arrayContaining(expected));
  expect(citing.length > 0).toBe(expected.length > 0);
  expect(isWhereItIsSaid(covered)).toBe(true);
});

it.each(Object.entries(HEALTH_NUMBERS))('%s', (number, covered) => {
  const isNamed = new RegExp(`\\b${number}\\b`).test(tests);
  expect(isWhereItIsSaid(covered, number)).toBe(true);
  // Citing alone would prove nothing: a table of some test names the number, too.
  expect(isNamed).toBe('file' in covered);
});
