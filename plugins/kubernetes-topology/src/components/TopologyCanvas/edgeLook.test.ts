import { DrawnEdge } from '../../model/drawing';
import {
  CLASS_COLOR,
  edgeLook,
  FAULT_COLOR,
  MISSING_DASH,
  OPTIONAL_DASH,
} from './edgeLook';

const EDGE: DrawnEdge = {
  id: 'a → b',
  source: 'a',
  target: 'b',
  class: 'config',
  relations: ['pod-secret'],
  required: true,
  missing: false,
  crossCutting: false,
};
const QUIET = { lit: false, told: false };

describe('edgeLook', () => {
  it.each([
    [
      'required: solid',
      {},
      QUIET,
      {
        dash: undefined,
        color: CLASS_COLOR.config,
        weight: 'plain',
        arrow: 'target',
      },
    ],
    [
      'optional: dotted',
      { required: false },
      QUIET,
      { dash: OPTIONAL_DASH, color: CLASS_COLOR.config },
    ],
    [
      'missing: red and dashed',
      { missing: true },
      QUIET,
      { dash: MISSING_DASH, color: FAULT_COLOR },
    ],
    [
      'beside a selected node: lit',
      {},
      { lit: true, told: true },
      { weight: 'lit', width: 2.5 },
    ],
    [
      'outside of a told cascade: faded',
      {},
      { lit: false, told: true },
      { weight: 'faded' },
    ],
    [
      'missing is never faded',
      { missing: true },
      { lit: false, told: true },
      { weight: 'plain' },
    ],
    [
      'a cascade: thick, its arrow at what suffers',
      { suffers: 'source' },
      { lit: false, told: true },
      {
        weight: 'cascade',
        color: FAULT_COLOR,
        width: 3,
        arrow: 'source',
        dash: undefined,
      },
    ],
    [
      'a cascade over a missing reference keeps its dashes',
      { suffers: 'source', missing: true },
      QUIET,
      { weight: 'cascade', dash: MISSING_DASH },
    ],
  ] as const)('%s', (_what, edge, situation, look) => {
    expect(edgeLook({ ...EDGE, ...edge }, situation)).toMatchObject(look);
  });

  it('has a colour of its own for every class that is drawn by default', () => {
    const drawn = [
      'control',
      'routing',
      'config',
      'storage',
      'policy',
    ] as const;
    expect(new Set(drawn.map(name => CLASS_COLOR[name])).size).toBe(
      drawn.length,
    );
  });
});
