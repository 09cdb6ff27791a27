import { NodeKey } from '../kinds/identity';
import { EventObservation } from '../kinds/observation';
import { EventBook } from './eventBook';

const POD = 'demo/Pod/shop/web' as NodeKey;

/** One of several Event objects that say the same of one pod. */
function event(name: string, lastAt: number): EventObservation {
  return {
    type: 'event',
    key: `demo/Event/shop/${name}` as NodeKey,
    about: POD,
    reason: 'BackOff',
    source: 'kubelet',
    eventType: 'Warning',
    message: name,
    count: 1,
    firstAt: lastAt,
    lastAt,
  };
}

describe('EventBook', () => {
  let book: EventBook;
  const kept = () => book.about(POD).map(({ message }) => message);

  beforeEach(() => {
    book = new EventBook({ perObject: 20, total: 100 });
  });

  it.each([
    ['older first', [event('old', 1), event('new', 2)]],
    ['newer first', [event('new', 2), event('old', 1)]],
  ])('keeps the newest of a list, %s', (_, events) => {
    events.forEach(each => book.record(each, 1));
    expect(kept()).toEqual(['new']);
  });

  it('takes an older one that a later list still has, when the newer one is not there', () => {
    book.record(event('new', 2), 1);
    book.record(event('old', 1), 2);
    expect(kept()).toEqual(['old']);
    expect(book.unseenSince(2)).toEqual([]);
  });

  it('keeps the newest of a later list, in whichever order it comes', () => {
    book.record(event('new', 2), 1);
    book.record(event('old', 1), 2);
    book.record(event('new', 2), 2);
    expect(kept()).toEqual(['new']);
  });
});
