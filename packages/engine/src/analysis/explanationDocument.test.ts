import { NodeKey } from '../kinds/identity';
import { explanationDocument } from './explanationDocument';
import { Incident } from './incident';
import { CausalNode } from './rootCause';

const node = (kind: string, namespace: string, name: string): CausalNode => ({
  key: `lab/${kind}/${namespace}/${name}` as NodeKey,
  kind,
  namespace,
  name,
  verdict: { level: 'down', reason: 'x', evidence: [] },
});

const secret = node('Secret', 'shop', 'db');
const pod = node('Pod', 'shop', 'api-1');
const evidence = {
  source: 'field' as const,
  field: 'status.message',
  value: 'secret "db" not found',
  since: Date.UTC(2026, 2, 2, 10),
};
const incident: Incident = {
  id: '0123456789abcdef',
  root: secret,
  fault: 'MissingSecret',
  severity: 'critical',
  confidence: 'proven',
  since: Date.UTC(2026, 2, 2, 10),
  summary: 'Pod api-1 is down because Secret db does not exist.',
  nextStep: 'Create it',
  path: [
    { node: secret, says: 'Secret db does not exist.', evidence: [] },
    { node: pod, says: 'Pod api-1 waits.', evidence: [evidence] },
  ],
  evidence: [evidence],
  affected: [pod],
  more: 0,
  rivals: [],
};

it('is the form that others build on', () => {
  expect(
    explanationDocument({ incidents: [incident], unexplained: [] }),
  ).toEqual({
    incidents: [
      {
        root: {
          kind: 'Secret',
          namespace: 'shop',
          name: 'db',
          reason: 'MissingSecret',
        },
        confidence: 'proven',
        summary: 'Pod api-1 is down because Secret db does not exist.',
        affected: [{ kind: 'Pod', namespace: 'shop', name: 'api-1' }],
        path: [
          {
            kind: 'Secret',
            namespace: 'shop',
            name: 'db',
            says: 'Secret db does not exist.',
          },
          {
            kind: 'Pod',
            namespace: 'shop',
            name: 'api-1',
            says: 'Pod api-1 waits.',
          },
        ],
        evidence: [
          {
            source: 'field',
            field: 'status.message',
            value: 'secret "db" not found',
            since: '2026-03-02T10:00:00.000Z',
          },
        ],
        nextStep: 'Create it',
        severity: 'critical',
        id: '0123456789abcdef',
        since: '2026-03-02T10:00:00.000Z',
      },
    ],
    unexplained: [],
  });
});

it('says what nothing explains, what is not named and what was cut', () => {
  const document = explanationDocument({
    incidents: [{ ...incident, more: 7, since: undefined }],
    unexplained: [{ node: pod, because: 'It crashes.' }],
    cut: 'Left out: 3 more incidents.',
  });
  expect(document.incidents[0].more).toBe(7);
  expect(document.incidents[0]).not.toHaveProperty('since');
  expect(document.unexplained).toEqual([
    { kind: 'Pod', namespace: 'shop', name: 'api-1', because: 'It crashes.' },
  ]);
  expect(document.cut).toBe('Left out: 3 more incidents.');
});
