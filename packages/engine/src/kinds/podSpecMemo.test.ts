import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { podSpecReferences } from './podTemplate';
import { sameReferences, SpecMemo } from './podSpecMemo';

const name = fc.constantFrom('a', 'b');
const variable = fc.record(
  {
    name,
    value: name,
    valueFrom: fc.oneof(
      fc.record({
        secretKeyRef: fc.record(
          { name, key: name, optional: fc.boolean() },
          { requiredKeys: ['name', 'key'] },
        ),
      }),
      fc.record({ configMapKeyRef: fc.record({ name, key: name }) }),
      fc.record({ fieldRef: fc.record({ fieldPath: name }) }),
    ),
  },
  { requiredKeys: ['name'] },
);
const mount = fc.record(
  {
    name: fc.constantFrom('a', 'b', 'kube-api-access-1', 'kube-api-access-2'),
    mountPath: name,
    subPath: name,
  },
  { requiredKeys: ['name', 'mountPath'] },
);
const container = fc.record(
  {
    name,
    image: name,
    env: fc.array(variable, { maxLength: 2 }),
    envFrom: fc.array(
      fc.oneof(
        fc.record({ secretRef: fc.record({ name }) }),
        fc.record({ configMapRef: fc.record({ name }) }),
      ),
      { maxLength: 1 },
    ),
    volumeMounts: fc.array(mount, { maxLength: 2 }),
  },
  { requiredKeys: ['name'] },
);
const volume = fc.oneof(
  fc.record({ name, secret: fc.record({ secretName: name }) }),
  fc.record({ name, configMap: fc.record({ name }) }),
  fc.record({ name, ephemeral: fc.constant({ volumeClaimTemplate: {} }) }),
  fc.record({
    name: fc.constantFrom('kube-api-access-1', 'kube-api-access-2'),
    projected: fc.constant({ sources: [{ configMap: { name: 'root' } }] }),
  }),
);
const spec = fc.record(
  {
    nodeName: name,
    containers: fc.array(container, { minLength: 1, maxLength: 2 }),
    initContainers: fc.array(container, { maxLength: 1 }),
    ephemeralContainers: fc.array(container, { maxLength: 1 }),
    volumes: fc.array(volume, { maxLength: 2 }),
    imagePullSecrets: fc.array(fc.record({ name }), { maxLength: 1 }),
  },
  { requiredKeys: ['containers'] },
);

/** As if nothing were remembered. */
function read(podSpec: object, pod: string) {
  podSpecReferences('pod', 'elsewhere', {});
  podSpecReferences('pod', 'elsewhere', { volumes: [] });
  return podSpecReferences('pod', 'shop', podSpec, pod);
}

describe('SpecMemo', () => {
  it('gives what reading gives, in any order of pods', () => {
    fc.assert(
      fc.property(fc.array(spec, { minLength: 2, maxLength: 6 }), specs => {
        const remembered = specs.map((one, nth) =>
          podSpecReferences('pod', 'shop', one, `pod-${nth}`),
        );
        specs.forEach((one, nth) => {
          expect(remembered[nth]).toEqual(read(one, `pod-${nth}`));
        });
      }),
      { numRuns: 500 },
    );
  });

  it('takes specs for equal only if they refer to the same', () => {
    fc.assert(
      fc.property(spec, spec, (one, other) => {
        const differs = !isDeepStrictEqual(
          read(one, 'pod'),
          read(other, 'pod'),
        );
        expect(differs && sameReferences(one, other)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  it('reads the pods of an owner once, though their token volumes and nodes differ', () => {
    const memo = new SpecMemo<number>();
    let reads = 0;
    const pod = (token: string, nodeName: string) => ({
      nodeName,
      containers: [{ name: 'a', volumeMounts: [{ name: token }] }],
      volumes: [{ name: token, projected: { sources: [] } }],
    });
    const ask = (namespace: string, token: string) =>
      memo.of('pod', namespace, pod(token, token), () => ++reads);
    expect(ask('shop', 'kube-api-access-1')).toBe(1);
    expect(ask('shop', 'kube-api-access-2')).toBe(1);
    expect(ask('other', 'kube-api-access-2')).toBe(2);
    expect(ask('shop', 'kube-api-access-3')).toBe(1);
  });
});
