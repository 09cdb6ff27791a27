import { KindId } from './identity';
import { KindDefinition, KubernetesObject } from './kindDefinition';
import { kindType, MUTATING_POLICY, VALIDATING_POLICY } from './kindIds';
import { observation, ownVerdict } from './metadata';
import { interceptedNamespaces, ruleTexts } from './interception';
import { Verdict } from './status';
import { fieldEvidence, verdict } from './verdict';

function policyKind(
  id: KindId,
  version: string,
  plural: string,
  readableVersions: readonly string[],
): KindDefinition {
  const type = kindType(id);
  return {
    id,
    type,
    version,
    readableVersions,
    plural,
    namespaced: false,
    observe(policy, context) {
      const { spec = {} } = policy;
      const constraints = spec.matchConstraints ?? {};
      const rules = ruleTexts(constraints.resourceRules);
      return observation(id, false, policy, context, {
        properties: {
          FailurePolicy: spec.failurePolicy ?? 'Fail',
          Rules: rules,
          ParamKind: spec.paramKind
            ? `${spec.paramKind.apiVersion} ${spec.paramKind.kind}`
            : undefined,
          NamespaceSelector: constraints.namespaceSelector,
          ObjectSelector: constraints.objectSelector,
        },
        verdict: ownVerdict(policy, policyVerdict(policy)),
        selectors: interceptedNamespaces(
          `${type}-namespace`,
          constraints.namespaceSelector,
          { rules },
        ),
      });
    },
  };
}

export const validatingPolicyKind = policyKind(
  VALIDATING_POLICY,
  'v1',
  'validatingadmissionpolicies',
  ['v1beta1'],
);
export const mutatingPolicyKind = policyKind(
  MUTATING_POLICY,
  'v1',
  'mutatingadmissionpolicies',
  ['v1beta1', 'v1alpha1'],
);

/** H147: an expression that does not fit its types may fail when it is asked; worth a word. */
function policyVerdict({ status }: KubernetesObject): Verdict {
  const warnings: any[] = status?.typeChecking?.expressionWarnings ?? [];
  return warnings.length > 0
    ? verdict('ok', 'TypeWarnings', {
        rule: 'H147',
        message: `${warnings.length} expressions do not fit the types that they judge`,
        evidence: warnings
          .slice(0, 5)
          .map(({ fieldRef, warning }) =>
            fieldEvidence(String(fieldRef), warning),
          ),
      })
    : verdict('ok', 'Exists');
}
