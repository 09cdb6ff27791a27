import { flatProperties } from './PropertyList';

describe('flatProperties', () => {
  it.each([
    [{ Node: 'n1' }, [['Node', 'n1']]],
    [
      { Replicas: 0, Ready: false },
      [
        ['Replicas', '0'],
        ['Ready', 'false'],
      ],
    ],
    [{ a: undefined, b: null, c: '', d: [] }, []],
    [{ Status: { phase: 'Pending' } }, [['Status.phase', 'Pending']]],
    [{ Modes: ['RWO', 'ROX'] }, [['Modes', 'RWO, ROX']]],
    [
      { Spec: { ports: [{ port: 80 }, { port: 443 }] } },
      [
        ['Spec.ports[0].port', '80'],
        ['Spec.ports[1].port', '443'],
      ],
    ],
    [
      { At: 5, RetriesAt: 12 },
      [
        ['At', '5'],
        ['RetriesAt', '12'],
      ],
    ],
  ])('%j', (properties, lines) => {
    expect(flatProperties(properties)).toEqual(lines);
  });

  it('reads moments', () => {
    const [[, text]] = flatProperties({ DataChangedAt: 1795409955000 });
    expect(text).toMatch(/2026/);
  });
});
