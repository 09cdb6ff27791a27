import { controllerSelectors } from './controllerSelectors';
import { KindDefinition, KubernetesObject } from './kindDefinition';
import { INGRESS_CLASS } from './kindIds';
import { existenceVerdict, observation } from './metadata';
import { namedObject } from './objectReference';
import { Reference } from './observation';

const DEFAULT_CLASS = 'ingressclass.kubernetes.io/is-default-class';

export const ingressClassKind: KindDefinition = {
  id: INGRESS_CLASS,
  type: 'ingressclass',
  version: 'v1',
  plural: 'ingressclasses',
  namespaced: false,
  observe(ingressClass, context) {
    const { spec = {}, metadata } = ingressClass;
    return observation(INGRESS_CLASS, false, ingressClass, context, {
      properties: {
        Controller: spec.controller,
        IsDefault: metadata?.annotations?.[DEFAULT_CLASS] === 'true',
        Parameters: spec.parameters,
      },
      verdict: existenceVerdict(ingressClass),
      references: parameters(ingressClass),
      selectors: controllerSelectors('ingressclass', spec.controller),
    });
  },
};

/** R077; without a scope the parameters are no part of any namespace. */
function parameters({ spec = {} }: KubernetesObject): Reference[] {
  const other = namedObject(spec.parameters, {
    group: '',
    kind: '',
    namespace: '',
  });
  return other && other.kind.kind !== ''
    ? [
        {
          relation: 'ingressclass-object',
          end: 'source',
          other,
          required: true,
        },
      ]
    : [];
}
