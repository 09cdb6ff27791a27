import fc from 'fast-check';
import { FieldsTree, KubernetesObject } from '../objects/kubernetesObject';
import { changedFields } from './fieldsTree';
import { managedFieldsAfter } from './managedFields';

const value = fc.letrec(tie => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.nat(2),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('any'), { maxKeys: 3 }),
  ),
})).any;
const containers = fc.uniqueArray(
  fc.record({ name: fc.constantFrom('x', 'y', 'z'), image: fc.nat(2) }),
  { selector: ({ name }) => name, maxLength: 3 },
);
const body = fc.record({
  data: fc.dictionary(fc.constantFrom('one', 'two', 'three'), fc.nat(2)),
  spec: fc.record({ containers, more: value }),
});
const writes = fc.array(
  fc.record({ manager: fc.constantFrom('alice', 'bob', 'carol'), body }),
  { minLength: 1, maxLength: 8 },
);

/** Paths to what has nothing below it. */
function leaves(tree: FieldsTree, path = ''): string[] {
  return Object.entries(tree).flatMap(([step, below]) => {
    const here = `${path}/${step}`;
    return Object.keys(below).length === 0 ? [here] : leaves(below, here);
  });
}

describe('managedFields', () => {
  it('give each field to exactly one manager, the one that changed it last', () => {
    fc.assert(
      fc.property(writes, steps => {
        let old: KubernetesObject | undefined;
        for (const { manager, body: given } of steps) {
          const now: KubernetesObject = {
            apiVersion: 'v1',
            kind: 'Thing',
            metadata: { name: 'thing' },
            ...given,
          };
          const entries = managedFieldsAfter(old, now, { manager }, 0) ?? [];
          const owned = entries.flatMap(entry => leaves(entry.fieldsV1!));
          const all = leaves(changedFields(undefined, given, '') ?? {});
          expect(owned.sort()).toEqual(all.sort());
          const mine = entries.find(entry => entry.manager === manager);
          const changed = leaves(
            changedFields(
              old && { data: old.data, spec: old.spec },
              given,
              '',
            ) ?? {},
          );
          const undotted = (paths: string[]) =>
            paths.map(path => path.replace(/\/\.$/, ''));
          expect(undotted(leaves(mine?.fieldsV1 ?? {}))).toEqual(
            expect.arrayContaining(undotted(changed)),
          );
          now.metadata.managedFields = entries;
          old = now;
        }
      }),
    );
  });

  const at = (seconds: number) =>
    `1970-01-01T00:00:${String(seconds).padStart(2, '0')}Z`;
  const secret = (
    data: Record<string, string>,
    old?: KubernetesObject,
  ): KubernetesObject => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 's',
      managedFields:
        old && managedFieldsAfter(undefined, old, { manager: 'a' }, 1000),
    },
    data,
  });

  it.each([
    ['a value that changes', { k: '1' }, { k: '2' }, at(5)],
    ['a key that comes', { k: '1' }, { k: '1', l: '1' }, at(5)],
    ['a key that goes', { k: '1', l: '1' }, { k: '1' }, at(5)],
    ['nothing', { k: '1' }, { k: '1' }, at(1)],
  ])('tell by their time of %s', (_, before, after, time) => {
    const old = secret(
      before as Record<string, string>,
      secret(before as Record<string, string>),
    );
    const entries = managedFieldsAfter(
      old,
      secret(after as Record<string, string>),
      { manager: 'a' },
      5000,
    );
    expect(entries![0].time).toBe(time);
  });
});
