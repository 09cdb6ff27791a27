import { condition, conditionEvidence } from './conditions';
import { KindDefinition, KubernetesObject } from './kindDefinition';
import { kindType, VERTICAL_POD_AUTOSCALER } from './kindIds';
import { observation, ownVerdict } from './metadata';
import { namedObject, relationTo } from './objectReference';
import { Json, Reference } from './observation';
import { SCALED_KINDS } from './scaleTarget';
import { Verdict } from './status';
import { verdict } from './verdict';

const TYPE = kindType(VERTICAL_POD_AUTOSCALER);

export const verticalPodAutoscalerKind: KindDefinition = {
  id: VERTICAL_POD_AUTOSCALER,
  type: TYPE,
  version: 'v1',
  readableVersions: ['v1beta2'],
  plural: 'verticalpodautoscalers',
  namespaced: true,
  observe(autoscaler, context) {
    return observation(VERTICAL_POD_AUTOSCALER, true, autoscaler, context, {
      properties: {
        UpdateMode: autoscaler.spec?.updatePolicy?.updateMode ?? 'Auto',
        Recommended: recommended(autoscaler),
      },
      verdict: ownVerdict(autoscaler, recommenderVerdict(autoscaler)),
      references: target(autoscaler),
    });
  },
};

/** R148: whose pods it gives other requests, by evicting them. */
function target({ metadata, spec = {} }: KubernetesObject): Reference[] {
  const other = namedObject(spec.targetRef, {
    group: '',
    kind: '',
    namespace: metadata.namespace,
  });
  return other
    ? [
        {
          relation: relationTo(TYPE, other.kind, SCALED_KINDS),
          end: 'source',
          other,
          required: true,
        },
      ]
    : [];
}

/** In its own words (H163): a target that it cannot act on. Without a recommendation it is still collecting. */
function recommenderVerdict(autoscaler: KubernetesObject): Verdict {
  const bad = ['ConfigUnsupported', 'NoPodsMatched']
    .map(type => condition(autoscaler, type))
    .find(one => one?.status === 'True');
  if (bad) {
    return verdict('degraded', bad.reason ?? bad.type, {
      rule: 'H163',
      message: bad.message,
      since: bad.since,
      evidence: [conditionEvidence(bad)],
    });
  }
  return condition(autoscaler, 'RecommendationProvided')?.status === 'True'
    ? verdict('ok', 'RecommendationProvided')
    : verdict('ok', 'NoRecommendation');
}

/** What it would set, rounded by nobody: evidence for what was killed for want of memory (H022). */
function recommended({ status }: KubernetesObject): Json | undefined {
  const containers: any[] =
    status?.recommendation?.containerRecommendations ?? [];
  return containers.length === 0
    ? undefined
    : containers.map(({ containerName, target: values }) => ({
        Container: String(containerName),
        Requests: values ?? {},
      }));
}
