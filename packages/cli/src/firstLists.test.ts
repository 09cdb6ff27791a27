import { ClusterState } from '@kubernetes-topology/engine';
import { failingText, firstLists } from './firstLists';

const START = 1_000_000;

type Told = Pick<ClusterState, 'state' | 'at'> | undefined;

/** What the store tells at each look; the last one stays. A look takes a second of the test's clock. */
async function wait(told: readonly Told[], timeout = 60_000) {
  let time = START;
  let looks = 0;
  const shown: (string | undefined)[] = [];
  const ended = firstLists({
    read: async () => {
      const state = told[Math.min(looks++, told.length - 1)];
      return state && { name: 'demo', message: '', kinds: [], ...state };
    },
    since: START,
    timeout,
    longestOutage: 5_000,
    onState: state => shown.push(state?.state),
    now: () => time,
    sleep: async () => {
      time += 1_000;
    },
  });
  const state = await ended.then(
    ({ state: last }) => last,
    error => `${error}`,
  );
  return { state, looks, shown };
}

const at = START + 1;

describe('firstLists', () => {
  it.each<[string, Told[], string, number]>([
    ['ready at once', [{ state: 'ready', at }], 'ready', 1],
    [
      'ready after a while',
      [undefined, { state: 'syncing', at }, { state: 'ready', at }],
      'ready',
      3,
    ],
    [
      'ready in an earlier process',
      [
        { state: 'ready', at: START - 1 },
        { state: 'syncing', at },
        { state: 'ready', at },
      ],
      'ready',
      3,
    ],
    ['failing for good', [{ state: 'failing', at }], 'failing', 6],
    [
      'failing for a moment, twice',
      [
        { state: 'failing', at },
        { state: 'failing', at },
        { state: 'failing', at },
        { state: 'syncing', at },
        { state: 'failing', at },
        { state: 'failing', at },
        { state: 'failing', at },
        { state: 'ready', at },
      ],
      'ready',
      8,
    ],
  ])('%s', async (_, told, state, looks) => {
    await expect(wait(told)).resolves.toMatchObject({ state, looks });
  });

  it('shows nothing of an earlier process', async () => {
    const { shown } = await wait([
      { state: 'failing', at: START - 1 },
      { state: 'ready', at },
    ]);
    expect(shown).toEqual([undefined, 'ready']);
  });

  it.each<Told>([undefined, { state: 'syncing', at }])(
    'does not wait forever for %j',
    async told => {
      const { state, looks } = await wait([told], 3_000);
      expect(state).toMatch(/were not through after 3 s; give --timeout more/);
      expect(looks).toBe(4);
    },
  );
});

describe('failingText', () => {
  const secret = { group: '', kind: 'Secret' };
  const state: ClusterState = {
    name: 'demo',
    state: 'failing',
    message: 'No kind can be read (Secret: forbidden)',
    at: 0,
    kinds: [
      { kind: { group: '', kind: 'Node' }, state: 'absent', message: 'no' },
      { kind: secret, state: 'forbidden', message: 'HTTP 403. Grant it.' },
    ],
  };

  it.each<[string, ClusterState, string]>([
    [
      'what the server said of a kind',
      state,
      'no kind can be read; Secret: HTTP 403. Grant it.',
    ],
    ['the message alone', { ...state, kinds: [] }, state.message],
    ['why it is away', { ...state, message: 'away' }, 'away'],
  ])('tells %s', (_, told, text) => expect(failingText(told)).toBe(text));
});
