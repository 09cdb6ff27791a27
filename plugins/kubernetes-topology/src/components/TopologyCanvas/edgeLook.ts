import { RelationClass } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { DrawnEdge } from '../../model/drawing';

/** Colours by meaning; mixed from the portal's own so that they follow its theme. */
export const CLASS_COLOR: Readonly<Record<RelationClass, string>> = {
  control: 'var(--bui-fg-secondary)',
  ownership: 'var(--bui-fg-secondary)',
  routing: 'var(--bui-fg-announcement)',
  config:
    'color-mix(in srgb, var(--bui-fg-announcement) 40%, var(--bui-positive-fg-subdued))',
  storage:
    'color-mix(in srgb, var(--bui-fg-warning) 65%, var(--bui-fg-secondary))',
  policy:
    'color-mix(in srgb, var(--bui-fg-announcement) 55%, var(--bui-fg-negative))',
  scheduling:
    'color-mix(in srgb, var(--bui-fg-secondary) 60%, var(--bui-fg-primary))',
  identity:
    'color-mix(in srgb, var(--bui-fg-secondary) 60%, var(--bui-fg-primary))',
};

export const FAULT_COLOR = 'var(--bui-fg-negative)';

/** Lines of the lengths that SVG's `stroke-dasharray` takes; `undefined` is solid. */
export const OPTIONAL_DASH = '2 5';
export const MISSING_DASH = '9 5';

export type EdgeWeight = 'faded' | 'plain' | 'lit' | 'cascade';

export interface EdgeLook {
  color: string;
  dash?: string;
  width: number;
  weight: EdgeWeight;
  /** The end with the arrow head: where the reference points, or, in a cascade, what suffers. */
  arrow: 'source' | 'target';
}

/**
 * How an edge is drawn. A cascade beats everything: it is red, thick, and its arrow goes from cause to effect.
 *
 * @param lit - one end is selected
 * @param told - a cascade is told somewhere in the picture
 */
export function edgeLook(
  edge: DrawnEdge,
  { lit, told }: { lit: boolean; told: boolean },
): EdgeLook {
  let dash: string | undefined;
  if (edge.missing) {
    dash = MISSING_DASH;
  } else if (!edge.required) {
    dash = OPTIONAL_DASH;
  }
  if (edge.suffers) {
    return {
      color: FAULT_COLOR,
      dash,
      width: 3,
      weight: 'cascade',
      arrow: edge.suffers,
    };
  }
  let weight: EdgeWeight = 'plain';
  if (lit) {
    weight = 'lit';
  } else if (told && !edge.missing) {
    weight = 'faded';
  }
  return {
    color: edge.missing ? FAULT_COLOR : CLASS_COLOR[edge.class],
    dash,
    width: lit ? 2.5 : 1.5,
    weight,
    arrow: 'target',
  };
}
