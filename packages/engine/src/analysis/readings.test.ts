import * as fc from 'fast-check';
import { editDistance, nearName } from './nearName';
import { parseQuantity } from './quantity';
import {
  isNodeFailureTaint,
  parseSchedulerMessage,
  taintOf,
} from './schedulerMessage';

describe('parseQuantity', () => {
  it.each([
    ['0', 0],
    ['1Gi', 1024 ** 3],
    ['1G', 1e9],
    ['500m', 0.5],
    ['1e3', 1000],
    ['1.5Ki', 1536],
    ['.5', 0.5],
    ['1E', 1e18],
    [7, 7],
    ['', undefined],
    ['1 Gi', undefined],
    ['Gi', undefined],
    ['1Xi', undefined],
    [null, undefined],
  ])('%j is %j', (text, expected) => {
    expect(parseQuantity(text)).toBe(expected);
  });

  it('keeps the order of what is written with one suffix', () => {
    fc.assert(
      fc.property(
        fc.nat(10_000),
        fc.nat(10_000),
        fc.constantFrom('', 'm', 'k', 'Ki', 'Mi', 'Gi', 'T'),
        (a, b, suffix) => {
          const left = parseQuantity(`${a}${suffix}`)!;
          const right = parseQuantity(`${b}${suffix}`)!;
          expect(Math.sign(left - right)).toBe(Math.sign(a - b));
        },
      ),
    );
  });
});

describe('parseSchedulerMessage', () => {
  it.each([
    [
      '0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.',
      3,
      [{ nodes: 3, text: 'Insufficient cpu' }],
    ],
    [
      "0/3 nodes are available: 1 node(s) had untolerated taint {a: b}, 2 node(s) didn't match pod anti-affinity rules.",
      3,
      [
        { nodes: 1, text: 'node(s) had untolerated taint {a: b}' },
        { nodes: 2, text: "node(s) didn't match pod anti-affinity rules" },
      ],
    ],
    [
      '0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.',
      3,
      [{ text: 'pod has unbound immediate PersistentVolumeClaims' }],
    ],
    [
      'persistentvolumeclaim "data" not found',
      undefined,
      [{ text: 'persistentvolumeclaim "data" not found' }],
    ],
    [
      "0/1 nodes are available: 1 node(s) had taint {a: b}, that the pod didn't tolerate.",
      1,
      [
        {
          nodes: 1,
          text: "node(s) had taint {a: b}, that the pod didn't tolerate",
        },
      ],
    ],
    ['', undefined, []],
  ])('%s', (message, total, reasons) => {
    expect(parseSchedulerMessage(message)).toEqual({ total, reasons });
  });

  it('reads back every list of counted reasons', () => {
    const reason = fc.record({
      nodes: fc.integer({ min: 1, max: 5000 }),
      text: fc.constantFrom(
        'Insufficient cpu',
        'Too many pods',
        'node(s) were unschedulable',
        'node(s) had untolerated taint {node.kubernetes.io/unreachable: }',
        'node(s) had no available volume zone',
      ),
    });
    fc.assert(
      fc.property(fc.array(reason, { minLength: 1, maxLength: 6 }), reasons => {
        const total = reasons.reduce((sum, { nodes }) => sum + nodes, 0);
        const body = reasons.map(one => `${one.nodes} ${one.text}`).join(', ');
        const message = `0/${total} nodes are available: ${body}. preemption: 0/${total} nodes are available: ${total} Preemption is not helpful for scheduling.`;
        expect(parseSchedulerMessage(message)).toEqual({ total, reasons });
      }),
    );
  });

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        const { reasons } = parseSchedulerMessage(text);
        expect(() => reasons.forEach(taintOf)).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });

  it('knows the taints of the node controller from others', () => {
    const taint = (text: string) => taintOf({ text });
    expect(
      isNodeFailureTaint(
        taint(
          'node(s) had untolerated taint {node.kubernetes.io/unreachable: }',
        ),
      ),
    ).toBe(true);
    expect(
      isNodeFailureTaint(
        taint('node(s) had untolerated taint {dedicated: gpu}'),
      ),
    ).toBe(false);
    expect(taint('node(s) had untolerated taint(s)')).toBeUndefined();
  });
});

describe('nearName', () => {
  it.each([
    ['app-config', ['app-cfg', 'app-confg'], 'app-confg'],
    ['db-creds', ['db-creds-old', 'cache'], undefined],
    ['web-fronted', ['web-frontend', 'web-assets'], 'web-frontend'],
    ['a', ['b'], undefined],
    ['db', ['dc'], undefined],
    ['same', ['same'], undefined],
  ])('%s among %j is %s', (wanted, candidates, expected) => {
    expect(nearName(wanted, candidates)).toBe(expected);
  });

  it('measures a distance: zero to itself, the same both ways', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(editDistance(a, a)).toBe(0);
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b)).toBeLessThanOrEqual(
          Math.max(a.length, b.length),
        );
      }),
    );
  });
});
