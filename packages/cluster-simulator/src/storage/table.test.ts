import fc from 'fast-check';
import { TypeRegistry } from '../resources/typeRegistry';
import { configMap } from '../testing/objects';
import { Storage } from './storage';

const type = TypeRegistry.create().named('ConfigMap')!;
const names = fc.constantFrom('a', 'b', 'c', 'd');
const writes = fc.array(
  fc.record({ name: names, value: fc.nat(9), remove: fc.boolean() }),
  { maxLength: 60 },
);

describe('the history of a kind', () => {
  it('tells every state within it, at any later time, and changes that lead from each to the last', () => {
    fc.assert(
      fc.property(writes, fc.integer({ min: 0, max: 30 }), (steps, size) => {
        const storage = Storage.create({ historySize: size, firstRevision: 5 });
        const table = storage.table(type);
        const told = () =>
          table
            .at(storage.revision)
            .map(stored => `${stored.name}=${stored.object.data.key}`);
        const states: { revision: number; state: string[] }[] = [];
        states.push({ revision: storage.revision, state: told() });
        for (const { name, value, remove } of steps) {
          const there = storage.get(type, 'default', name);
          if (remove && there) {
            storage.remove(there);
          } else {
            storage.put(type, configMap(name, { value: String(value) }));
          }
          states.push({ revision: storage.revision, state: told() });
        }
        const last = states[states.length - 1].state;
        for (const { revision, state } of states) {
          if (revision < table.floor) {
            continue;
          }
          const then = table.at(revision);
          expect(then.map(s => `${s.name}=${s.object.data.key}`)).toEqual(
            state,
          );
          const replica = new Map(then.map(stored => [stored.name, stored]));
          for (const { after, deleted } of table.changesSince(revision)) {
            if (deleted) {
              replica.delete(after.name);
            } else {
              replica.set(after.name, after);
            }
          }
          expect(
            [...replica.values()]
              .map(s => `${s.name}=${s.object.data.key}`)
              .sort(),
          ).toEqual(last);
        }
      }),
    );
  });

  it('keeps no more changes than it should, give or take its slack', () => {
    const storage = Storage.create({ historySize: 20, firstRevision: 1 });
    for (let index = 0; index < 1000; index++) {
      storage.put(type, configMap('a', { value: String(index) }));
    }
    const table = storage.table(type);
    expect(table.changesSince(table.floor).length).toBeLessThanOrEqual(41);
  });
});
