import { KindId } from './identity';
import { KindDefinition, KubernetesObject } from './kindDefinition';
import {
  kindType,
  MUTATING_POLICY,
  MUTATING_POLICY_BINDING,
  VALIDATING_POLICY,
  VALIDATING_POLICY_BINDING,
} from './kindIds';
import { interceptedNamespaces, ruleTexts } from './interception';
import { existenceVerdict, observation } from './metadata';
import { Json, Reference } from './observation';

function bindingKind(
  id: KindId,
  policy: KindId,
  plural: string,
  readableVersions: readonly string[],
): KindDefinition {
  const type = kindType(id);
  return {
    id,
    type,
    version: 'v1',
    readableVersions,
    plural,
    namespaced: false,
    observe(binding, context) {
      const { spec = {} } = binding;
      const actions: string[] = spec.validationActions ?? [];
      const { matchResources = {} } = spec;
      return observation(id, false, binding, context, {
        properties: {
          ValidationActions: actions.length > 0 ? actions : undefined,
          ParamRef: paramText(spec.paramRef),
          NamespaceSelector: matchResources.namespaceSelector,
        },
        verdict: existenceVerdict(binding),
        references: policyReference(type, policy, binding),
        selectors: interceptedNamespaces(
          `${type}-namespace`,
          matchResources.namespaceSelector,
          { rules: ruleTexts(matchResources.resourceRules), actions },
        ),
      });
    },
  };
}

export const validatingPolicyBindingKind = bindingKind(
  VALIDATING_POLICY_BINDING,
  VALIDATING_POLICY,
  'validatingadmissionpolicybindings',
  ['v1beta1'],
);
export const mutatingPolicyBindingKind = bindingKind(
  MUTATING_POLICY_BINDING,
  MUTATING_POLICY,
  'mutatingadmissionpolicybindings',
  ['v1beta1', 'v1alpha1'],
);

/** R161: a binding to a policy that does not exist does nothing. */
function policyReference(
  type: string,
  policy: KindId,
  { spec }: KubernetesObject,
): Reference[] {
  return spec?.policyName
    ? [
        {
          relation: `${type}-${kindType(policy)}`,
          end: 'source',
          other: { kind: policy, namespace: '', name: spec.policyName },
          required: true,
        },
      ]
    : [];
}

/** R162, as text: of which kind the parameters are stands in the policy, so the binding alone does not name an object. */
function paramText(paramRef: any): Json | undefined {
  return paramRef
    ? {
        Name: paramRef.name ?? '',
        Namespace: paramRef.namespace ?? '',
        NotFound: paramRef.parameterNotFoundAction ?? '',
      }
    : undefined;
}
