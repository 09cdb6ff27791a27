import { Incident, Incidents } from '../analysis/incident';
import { IncidentLedger } from './incidentLedger';
import { IncidentRecord } from './incidentRecord';

const TUNING = { opensAfter: 5, resolvedAfter: 30 };

/** `secret!pod,web`: an incident and whom it affects; in capitals, a critical one. */
function incident(text: string): Incident {
  const [id, affected = ''] = text.split('!');
  const isCritical = id !== id.toLowerCase();
  return {
    id: id.toLowerCase(),
    severity: isCritical ? 'critical' : 'warning',
    confidence: 'proven',
    affected: affected
      .split(',')
      .filter(Boolean)
      .map(key => ({ key })),
    more: 0,
  } as unknown as Incident;
}

function found(texts: string, cut?: string): Incidents {
  return {
    incidents: texts.split(' ').filter(Boolean).map(incident),
    unexplained: [],
    ...(cut && { cut }),
  };
}

/** Looks at these times, and what each of them tells. */
function told(
  looks: readonly [at: number, seen: string, cut?: string][],
  open: readonly IncidentRecord[] = [],
): string[] {
  const ledger = new IncidentLedger('demo', open, TUNING);
  return looks.flatMap(([at, seen, cut]) =>
    ledger.look(at, found(seen, cut)).map(({ type, record }) => {
      const { openedAt, resolvedAt } = record;
      return `${at}: ${record.incident.id} ${type}, since ${openedAt}${
        resolvedAt === undefined ? '' : ` until ${resolvedAt}`
      }`;
    }),
  );
}

describe('the ledger of incidents', () => {
  it.each<[string, Parameters<typeof told>[0], string[]]>([
    ['says nothing of a quiet cluster', [[0, '']], []],
    [
      'opens what lasts, since it was first seen',
      [
        [0, 'a'],
        [4, 'a'],
        [5, 'a'],
        [9, 'a'],
      ],
      ['5: a opened, since 0'],
    ],
    [
      'does not open what goes at once, and begins anew when it comes again',
      [
        [0, 'a'],
        [4, ''],
        [6, 'a'],
        [10, 'a'],
        [11, 'a'],
      ],
      ['11: a opened, since 6'],
    ],
    [
      'tells when it affects others, or more gravely, and not otherwise',
      [
        [0, 'a!x'],
        [5, 'a!x'],
        [6, 'a!y,x'],
        [7, 'a!x,y'],
        [8, 'A!x,y'],
      ],
      [
        '5: a opened, since 0',
        '6: a changed, since 0',
        '8: a changed, since 0',
      ],
    ],
    [
      'resolves what stays away, since it went',
      [
        [0, 'a'],
        [5, 'a'],
        [10, ''],
        [39, ''],
        [40, ''],
        [50, ''],
      ],
      ['5: a opened, since 0', '40: a resolved, since 0 until 10'],
    ],
    [
      'keeps what comes back soon',
      [
        [0, 'a'],
        [5, 'a'],
        [10, ''],
        [39, 'a'],
        [60, ''],
        [89, ''],
      ],
      ['5: a opened, since 0'],
    ],
    [
      'opens another one when it comes back late',
      [
        [0, 'a'],
        [5, 'a'],
        [10, ''],
        [40, ''],
        [50, 'a'],
        [55, 'a'],
      ],
      [
        '5: a opened, since 0',
        '40: a resolved, since 0 until 10',
        '55: a opened, since 50',
      ],
    ],
    [
      'resolves nothing that a bound may have left out',
      [
        [0, 'a'],
        [5, 'a'],
        [10, '', 'Left out: 1 more incidents.'],
        [90, '', 'Left out: 1 more incidents.'],
      ],
      ['5: a opened, since 0'],
    ],
  ])('%s', (_, looks, expected) => {
    expect(told(looks)).toEqual(expected);
  });

  it('goes on with what was open before a restart', () => {
    const open: IncidentRecord = {
      cluster: 'demo',
      openedAt: -100,
      changedAt: -50,
      incident: incident('a!x'),
    };
    expect(told([[0, 'a!x']], [open])).toEqual([]);
    expect(
      told(
        [
          [0, ''],
          [30, ''],
        ],
        [open],
      ),
    ).toEqual(['30: a resolved, since -100 until 0']);
  });

  it('says when it has to be looked at again', () => {
    const ledger = new IncidentLedger('demo', [], TUNING);
    expect(ledger.nextLook()).toBeUndefined();
    ledger.look(10, found('a'));
    expect(ledger.nextLook()).toBe(15);
    ledger.look(15, found('a'));
    expect(ledger.nextLook()).toBeUndefined();
    ledger.look(20, found(''));
    expect(ledger.nextLook()).toBe(50);
  });
});
