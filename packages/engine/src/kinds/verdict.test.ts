import fc from 'fast-check';
import { NOW } from './__testUtils__/objects';
import { judgeByEvents } from './eventRules';
import { EventRule } from './kindDefinition';
import { StatusLevel, Verdict, verdictAt } from './status';
import { moreSevere, until, verdict, worstVerdict } from './verdict';

const level = fc.constantFrom<StatusLevel>(
  'ok',
  'progressing',
  'degraded',
  'down',
  'unknown',
  'idle',
);
/** A verdict with up to three sequels, each later than the one before. */
const chain: fc.Arbitrary<Verdict> = fc
  .array(fc.tuple(level, fc.integer({ min: 1, max: 20 })), {
    minLength: 1,
    maxLength: 4,
  })
  .map(steps => {
    let at = steps.reduce((sum, [, wait]) => sum + wait, 0);
    return steps
      .slice(1)
      .reverse()
      .reduce((later, [one, wait]) => {
        at -= wait;
        return until(at, verdict(one, one), later);
      }, verdict(steps[0][0], steps[0][0]));
  });

it('is at every time the worst of all that hold then', () => {
  fc.assert(
    fc.property(
      fc.array(chain, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 0, max: 100 }),
      (chains, now) => {
        const found = verdictAt(worstVerdict(chains), now).level;
        const all = chains.map(one => verdictAt(one, now).level);
        expect(all).toContain(found);
        expect(all.filter(one => moreSevere(one, found))).toEqual([]);
      },
    ),
  );
});

it('does not change when nothing does', () => {
  const same = verdict('down', 'A');
  const found = worstVerdict([
    same,
    until(5, verdict('ok', 'B'), verdict('degraded', 'C')),
  ]);
  expect(found).toEqual(same);
});

describe('an event rule', () => {
  const own = verdict('progressing', 'Waiting');
  const rule = (parts: Partial<EventRule> = {}): EventRule => ({
    rule: 'H000',
    eventReasons: ['Said'],
    when: { levels: ['progressing'] },
    level: 'down',
    reason: 'Found',
    ...parts,
  });
  const event = (parts: {} = {}) => ({
    reason: 'Said',
    message: 'no room left',
    count: 1,
    firstAt: NOW - 10_000,
    lastAt: NOW - 1000,
    ...parts,
  });
  const levelNow = (
    rules: EventRule[],
    events: ReturnType<typeof event>[],
    now = NOW,
  ) => verdictAt(judgeByEvents(rules, own, events, now), now).level;

  it.each<[string, Partial<EventRule>, {}, StatusLevel]>([
    ['applies at once', {}, {}, 'down'],
    ['listens to its reasons only', {}, { reason: 'Other' }, 'progressing'],
    ['has its levels', { when: { levels: ['ok'] } }, {}, 'progressing'],
    [
      'has its own reasons',
      { when: { levels: ['progressing'], reasons: ['Other'] } },
      {},
      'progressing',
    ],
    ['waits for a count', { after: { count: 2 } }, {}, 'progressing'],
    ['has its count', { after: { count: 2 } }, { count: 2 }, 'down'],
    ['waits for a time', { after: { lasting: 11_000 } }, {}, 'progressing'],
    ['has its time', { after: { lasting: 10_000 } }, {}, 'down'],
    [
      'is content with one of both',
      { after: { count: 2, lasting: 1 } },
      {},
      'down',
    ],
    ['forgets after a while', { within: 1000 }, {}, 'progressing'],
    ['remembers for a while', { within: 1001 }, {}, 'down'],
    ['looks at the words', { messageIncludes: 'room' }, {}, 'down'],
    ['needs the words', { messageIncludes: 'roof' }, {}, 'progressing'],
  ])('%s', (_, parts, said, expected) => {
    expect(levelNow([rule(parts)], [event(said)])).toBe(expected);
  });

  it('that waits is the sequel', () => {
    const found = judgeByEvents(
      [rule({ after: { lasting: 15_000 } })],
      own,
      [event()],
      NOW,
    );
    expect(found.level).toBe('progressing');
    expect(found.sequel).toMatchObject({
      at: NOW + 5000,
      verdict: { level: 'down' },
    });
  });

  it('that forgets gives way to the own verdict', () => {
    const found = judgeByEvents([rule({ within: 5000 })], own, [event()], NOW);
    expect(verdictAt(found, NOW + 4000)).toEqual(own);
  });

  it('quotes the newest event', () => {
    const found = judgeByEvents(
      [rule()],
      own,
      [event(), event({ message: 'newer', lastAt: NOW })],
      NOW,
    );
    expect(found.message).toBe('newer');
    expect(found.evidence[0]).toMatchObject({
      source: 'event',
      field: 'Said',
      value: 'newer',
    });
  });

  it('that stands first decides', () => {
    const found = judgeByEvents(
      [rule({ reason: 'First' }), rule({ reason: 'Second' })],
      own,
      [event()],
      NOW,
    );
    expect(found.reason).toBe('First');
  });
});
