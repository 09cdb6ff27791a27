import { mockServices } from '@backstage/backend-test-utils';
import { RevisionHints } from './revisionHints';

describe('RevisionHints', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  function start(publish = jest.fn(async (_: any) => {})) {
    const hints = new RevisionHints(
      { publish } as any,
      mockServices.logger.mock(),
    );
    return {
      hints,
      sent: () => publish.mock.calls.map(([{ message }]) => message.revision),
      publish,
    };
  }

  it('sends the first at once and the last of a burst, at most two a second', () => {
    const { hints, sent, publish } = start();
    for (let revision = 1; revision <= 100; revision++) {
      hints.publish(revision);
      jest.advanceTimersByTime(20);
    }
    // 2 s of changes every 20 ms.
    expect(sent().length).toBeLessThanOrEqual(5);
    jest.advanceTimersByTime(1000);
    expect(sent()[0]).toBe(1);
    expect(sent().at(-1)).toBe(100);
    expect(publish.mock.calls[0][0]).toEqual({
      recipients: { type: 'broadcast' },
      channel: 'kubernetes-topology',
      message: { revision: 1 },
    });
  });

  it('is at once again after a calm', () => {
    const { hints, sent } = start();
    hints.publish(1);
    jest.advanceTimersByTime(10_000);
    hints.publish(2);
    expect(sent()).toEqual([1, 2]);
  });

  it('goes on when a hint cannot be sent, and ends when stopped', async () => {
    const { hints, sent } = start(
      jest.fn(async (_: any) => {
        throw new Error('no bus');
      }),
    );
    hints.publish(1);
    await jest.advanceTimersByTimeAsync(600);
    hints.publish(2);
    hints.stop();
    hints.publish(3);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(sent()).toEqual([1, 2]);
    expect(jest.getTimerCount()).toBe(0);
  });
});
