import { Json } from '../kinds/observation';
import { CausalGraph, CausalGraphNode } from './causalGraph';
import { Root, called } from './finding';

/** Kinds that bring objects in from a repository, and where they say of which revision. */
const REVISIONS: Readonly<Record<string, string>> = {
  Application: 'Revision',
  Kustomization: 'LastAppliedRevision',
  HelmRelease: 'LastAppliedRevision',
};

/**
 * The root with the commit that it came with, where it was synced from a repository (S148): whoever corrects the object
 * by hand has it undone by the next sync.
 */
export function withSource(root: Root, graph: CausalGraph): Root {
  const source = graph
    .dependents(root.node.key)
    .find(
      ({ node, edge }) => edge.relation.class === 'control' && revisionOf(node),
    );
  if (!source) {
    return root;
  }
  const { node } = source;
  const repository = text(node.properties.Repository);
  return {
    ...root,
    nextStep: `${root.nextStep}. It is synced by ${called(
      node,
    )}: correct it in the repository, or the next sync brings it back`,
    evidence: [
      ...root.evidence,
      {
        source: 'structure',
        field: `${called(node)}: synced revision`,
        value: `${revisionOf(node)}${repository ? ` of ${repository}` : ''}`,
      },
    ],
  };
}

function revisionOf({ kind, properties }: CausalGraphNode): string | undefined {
  const property = REVISIONS[kind.kind];
  return property === undefined ? undefined : text(properties[property]);
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
