import { Observation } from '../kinds/observation';
import { CONFIG, NAMESPACE, WIDGET, object } from './__testUtils__/madeUpKinds';
import { Told } from './__testUtils__/told';

const red = object(NAMESPACE, '', 'red');
const asking = (name: string, ...keys: string[]): Observation =>
  object(WIDGET, 'red', name, {
    references: [
      {
        relation: 'widget-config',
        end: 'source',
        other: { kind: CONFIG, namespace: 'red', name: 'c' },
        required: true,
        details: keys.length > 0 ? { keys } : { via: ['envFrom'] },
      },
    ],
  });
const config = (...keys: string[]): Observation =>
  object(CONFIG, 'red', 'c', { facts: { keys } });
/** Read without managedFields: nobody knows its keys. */
const closed = object(CONFIG, 'red', 'c');

/** What the edges to the config show as missing. */
function missing(told: Told): unknown {
  return [...told.table.edges.values()]
    .filter(({ relation }) => relation === 'widget-config')
    .map(({ details }) => details?.missingKeys ?? 'nothing');
}

describe('an edge that asks for keys', () => {
  it.each<[string, Observation[], unknown]>([
    [
      'shows those that are not there',
      [asking('a', 'user', 'password'), config('user')],
      [['password']],
    ],
    [
      'shows none where all are there',
      [asking('a', 'user'), config('user', 'more')],
      ['nothing'],
    ],
    [
      'shows all of an empty object',
      [asking('a', 'user'), config()],
      [['user']],
    ],
    [
      'claims nothing of an object whose keys are not known',
      [asking('a', 'user'), closed],
      ['nothing'],
    ],
    [
      'claims nothing of an object that is not there',
      [asking('a', 'user')],
      ['nothing'],
    ],
    ['asks for none', [asking('a'), config('user')], ['nothing']],
  ])('%s', (_, observed, expected) => {
    expect(missing(new Told().listAll(red, ...observed))).toEqual(expected);
  });

  it('heals when the key comes, and breaks when it goes', () => {
    const told = new Told().listAll(red, asking('a', 'user'), config());
    told.upsert(config('user'));
    expect(missing(told)).toEqual(['nothing']);
    told.upsert(config('other'));
    expect(missing(told)).toEqual([['user']]);
  });

  it('forgets the keys of an object that goes, and knows those of the next one', () => {
    const told = new Told().listAll(red, asking('a', 'user'), config());
    told.remove(CONFIG, config().key);
    expect(missing(told)).toEqual(['nothing']);
    told.upsert(config('other'));
    expect(missing(told)).toEqual([['user']]);
  });

  it('writes only the edges that show something else', () => {
    const told = new Told().listAll(
      red,
      asking('a', 'user'),
      asking('b', 'password'),
      asking('c'),
      config('user', 'password'),
    );
    expect(told.upsert(config('user')).edges).toHaveLength(1);
    expect(told.upsert(config('user')).edges).toEqual([]);
  });

  it('is the same after a restart, and is not written again', () => {
    const told = new Told().listAll(red, asking('a', 'user'), config());
    const again = new Told({
      restored: told.graph.stored(),
      table: told.table,
    });
    again.listAll(red, asking('a', 'user'), config());
    expect(missing(again)).toEqual([['user']]);
    const healed = new Told({
      restored: again.graph.stored(),
      table: again.table,
    });
    healed.listAll(red, asking('a', 'user'), config('user'));
    expect(missing(healed)).toEqual(['nothing']);
  });
});
