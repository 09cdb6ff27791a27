import { controllerSelectors } from './controllerSelectors';
import {
  ANSWER_WITHIN,
  gatewayConditions,
  isUnanswered,
  said,
  within,
} from './gatewayConditions';
import { KindDefinition, KubernetesObject } from './kindDefinition';
import { GATEWAY_CLASS } from './kindIds';
import { observation, ownVerdict, parseTime } from './metadata';
import { namedObject } from './objectReference';
import { Reference } from './observation';
import { Verdict } from './status';
import { fieldEvidence, verdict } from './verdict';

export const gatewayClassKind: KindDefinition = {
  id: GATEWAY_CLASS,
  type: 'gatewayclass',
  version: 'v1',
  readableVersions: ['v1beta1', 'v1alpha2'],
  plural: 'gatewayclasses',
  namespaced: false,
  observe(gatewayClass, context) {
    const { spec = {} } = gatewayClass;
    return observation(GATEWAY_CLASS, false, gatewayClass, context, {
      properties: {
        Controller: spec.controllerName,
        Parameters: spec.parametersRef,
      },
      verdict: ownVerdict(gatewayClass, classVerdict(gatewayClass)),
      references: parameters(gatewayClass),
      selectors: controllerSelectors('gatewayclass', spec.controllerName),
    });
  },
};

/** H089: a class is good for nothing until its controller has accepted it. */
function classVerdict({ metadata, status }: KubernetesObject): Verdict {
  const accepted = gatewayConditions(
    status?.conditions,
    metadata.generation,
  ).get('Accepted');
  if (accepted?.status === 'True') {
    return verdict('ok', 'Accepted');
  }
  if (accepted && !isUnanswered(accepted)) {
    return said('down', 'NotAccepted', 'H089', accepted);
  }
  const createdAt = parseTime(metadata.creationTimestamp);
  return within(
    createdAt,
    ANSWER_WITHIN,
    verdict('down', 'NotAccepted', {
      rule: 'H089',
      message: 'no controller has accepted it',
      since: createdAt,
      evidence: [
        fieldEvidence('status.conditions[Accepted]', accepted?.status),
      ],
    }),
  );
}

/** R084; without a namespace the parameters are in none. */
function parameters({ spec = {} }: KubernetesObject): Reference[] {
  const other = namedObject(spec.parametersRef, {
    group: '',
    kind: '',
    namespace: '',
  });
  return other && other.kind.kind !== ''
    ? [
        {
          relation: 'gatewayclass-object',
          end: 'source',
          other,
          required: true,
        },
      ]
    : [];
}
