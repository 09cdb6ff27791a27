import { systemClock } from '../cluster/clock';
import { eventually } from '../cluster/__testUtils__/eventually';
import { silentLogger } from '../cluster/__testUtils__/quickTuning';
import { RevisionFeed } from './revisionFeed';

describe('RevisionFeed', () => {
  let newest: number | Error;
  let feed: RevisionFeed;
  let told: number[];
  let announced: number[];
  let looks: number;

  function create(last: number, pollEvery = 10) {
    newest = last;
    told = [];
    announced = [];
    looks = 0;
    feed = new RevisionFeed(last, {
      newest: async () => {
        looks++;
        if (newest instanceof Error) {
          throw newest;
        }
        return newest;
      },
      announce: async revision => {
        announced.push(revision);
      },
      logger: silentLogger,
      clock: systemClock,
      pollEvery,
    });
    feed.listen(revision => told.push(revision));
  }

  afterEach(() => feed.stop());

  it.each<[string, (feed: RevisionFeed) => void, number[]]>([
    ['its own in order', each => [8, 9].forEach(n => each.wrote(n)), [8, 9]],
    [
      'those in between, which others wrote',
      each => each.wrote(10),
      [8, 9, 10],
    ],
    [
      'each once, whoever says so',
      each => {
        each.heard(9);
        each.wrote(8);
        each.heard(9);
        each.wrote(10);
      },
      [8, 9, 10],
    ],
    ['none that is known', each => [7, 6, 1].forEach(n => each.heard(n)), []],
  ])('tells %s', (_, happens, expected) => {
    create(7);
    happens(feed);
    expect(told).toEqual(expected);
  });

  it('hears of others by looking, and goes on when it cannot look', async () => {
    create(7);
    feed.start();
    newest = 9;
    await eventually(() => expect(told).toEqual([8, 9]));
    newest = new Error('no database');
    await eventually(() => expect(looks).toBeGreaterThan(5));
    newest = 10;
    await eventually(() => expect(told).toEqual([8, 9, 10]));
  });

  it('looks no more often than it was told to', async () => {
    create(7, 50);
    feed.start();
    await new Promise(done => setTimeout(done, 320));
    expect(looks).toBeGreaterThan(2);
    expect(looks).toBeLessThan(8);
  });

  it('goes on where an older backup left off', async () => {
    create(7);
    feed.start();
    newest = 3;
    await eventually(() => expect(looks).toBeGreaterThan(1));
    newest = 4;
    await eventually(() => expect(told).toEqual([4]));
  });

  it('announces only what was written here: the first at once, then the newest', async () => {
    create(0);
    feed.heard(1);
    for (let revision = 2; revision <= 100; revision++) {
      feed.wrote(revision);
    }
    expect(announced).toEqual([2]);
    await eventually(() => expect(announced).toEqual([2, 100]));
    expect(told).toHaveLength(100);
  });

  it('tells the others when a listener fails, and nobody who left', () => {
    create(0);
    feed.listen(() => {
      throw new Error('broken');
    });
    const late: number[] = [];
    const leave = feed.listen(revision => late.push(revision));
    feed.wrote(1);
    leave();
    feed.wrote(2);
    expect(told).toEqual([1, 2]);
    expect(late).toEqual([1]);
  });
});
