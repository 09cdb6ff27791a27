import { LabelRequirement, LabelSelector } from '../kinds/labelSelector';

export type Labels = Readonly<Record<string, string>>;

/** All requirements hold; as in Kubernetes, `NotIn` also holds for an absent label. */
export function selectorMatches(
  selector: LabelSelector,
  labels: Labels,
): boolean {
  return selector.every(requirement => requirementHolds(requirement, labels));
}

function requirementHolds(
  requirement: LabelRequirement,
  labels: Labels,
): boolean {
  const present = Object.hasOwn(labels, requirement.key);
  switch (requirement.operator) {
    case 'In':
      return present && requirement.values.includes(labels[requirement.key]);
    case 'NotIn':
      return !present || !requirement.values.includes(labels[requirement.key]);
    case 'Exists':
      return present;
    case 'DoesNotExist':
      return !present;
    default:
      return false;
  }
}
